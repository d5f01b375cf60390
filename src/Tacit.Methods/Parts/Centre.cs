using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>The running mean of a teacher's outputs, which DINO takes from them so that no prototype wins everywhere.</summary>
/// <remarks>Caron et al. 2021, arXiv:2104.14294, equation 4: c ← m·c + (1 − m)·mean of the step's outputs.</remarks>
public sealed class Centre : Module
{
    private readonly double[] sums;
    private long rows;

    /// <param name="width">K</param>
    public Centre(int width)
    {
        Value = AddBuffer("value", new Shape(width));
        sums = new double[width];
    }

    /// <summary>c, [K].</summary>
    public Tensor Value { get; }

    /// <summary>‖c‖₂</summary>
    public double Norm
    {
        get
        {
            double sum = 0;
            foreach (float value in Value.Span)
            {
                sum += (double)value * value;
            }

            return Math.Sqrt(sum);
        }
    }

    /// <summary>Forgets what was collected and not committed.</summary>
    public void Clear()
    {
        Array.Clear(sums);
        rows = 0;
    }

    /// <summary>Collects outputs [N, K] of the current step; its micro-batches add up.</summary>
    public void Collect(Tensor outputs)
    {
        if (outputs.Rank != 2 || outputs.Shape[1] != sums.Length)
        {
            throw ShapeException.Mismatch("Centre", outputs.Shape, Value.Shape, "axis 1 holds the outputs that are centred");
        }

        Span<float> values = outputs.Span;
        for (int start = 0; start < values.Length; start += sums.Length)
        {
            ReadOnlySpan<float> row = values.Slice(start, sums.Length);
            for (int k = 0; k < row.Length; k++)
            {
                sums[k] += row[k];
            }
        }

        rows += outputs.Shape[0];
    }

    /// <summary>Moves the centre towards the mean of what was collected; stays where nothing was.</summary>
    /// <param name="momentum">m, from 0 (the step's mean alone) to 1 (never moves).</param>
    public void Commit(double momentum)
    {
        for (int k = 0; k < sums.Length && rows > 0; k++)
        {
            Value.Span[k] = (float)((momentum * Value.Span[k]) + ((1 - momentum) * (sums[k] / rows)));
        }

        Clear();
    }
}
