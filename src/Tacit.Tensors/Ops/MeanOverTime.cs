using System.Numerics.Tensors;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>The mean of each item's first steps: [N, T, D] to [N, D].</summary>
    /// <param name="x">[N, T, D]</param>
    /// <param name="lengths">Steps of each item, 1 to T; what lies behind them has no part in the result and no gradient.</param>
    public static Tensor MeanOverTime(Tensor x, int[] lengths)
    {
        if (x.Rank != 3 || lengths.Length != x.Shape[0] || lengths.Any(l => l < 1 || l > x.Shape[1]))
        {
            throw ShapeException.Unfit("MeanOverTime", x.Shape, $"x is [N, T, D], with a length of 1 to T for each of the N items; the lengths are {string.Join(", ", lengths)}");
        }

        Tensor y = Tensor.Empty(new Shape(x.Shape[0], x.Shape[2]));
        for (int n = 0; n < lengths.Length; n++)
        {
            Span<float> mean = y.Rows(n, 1).Span;
            mean.Clear();
            for (int t = 0; t < lengths[n]; t++)
            {
                TensorPrimitives.Add(mean, x.Span.Slice(((n * x.Shape[1]) + t) * mean.Length, mean.Length), mean);
            }

            TensorPrimitives.Multiply(mean, 1f / lengths[n], mean);
        }

        if (Tape.Wants(x))
        {
            Tape.Add(new MeanOverTimeNode(x, y, lengths));
        }

        return y;
    }

    private sealed class MeanOverTimeNode(Tensor x, Tensor y, int[] lengths) : Node("MeanOverTime", y)
    {
        public override void Backward()
        {
            int steps = x.Shape[1], width = x.Shape[2];
            Gradient dx = x.GradientTarget();
            for (int n = 0; n < lengths.Length; n++)
            {
                float* dy = Output.GradientData + ((nint)n * width);
                float share = 1f / lengths[n];
                for (int t = 0; t < steps; t++)
                {
                    float* row = dx.Data + ((((nint)n * steps) + t) * width);
                    float weight = t < lengths[n] ? share : 0;
                    for (int d = 0; d < width; d++)
                    {
                        row[d] = (weight * dy[d]) + (dx.Add ? row[d] : 0);
                    }
                }
            }
        }
    }
}
