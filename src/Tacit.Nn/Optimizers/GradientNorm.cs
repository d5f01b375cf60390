using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>The size of a step's gradient.</summary>
/// <param name="Value">Euclidean norm over all parameters; not finite where one of them is not.</param>
/// <param name="NotFinite">The first parameter whose gradient holds NaN or an infinity, or null.</param>
public readonly record struct GradientNorm(double Value, string? NotFinite)
{
    /// <summary>What to scale the gradient by so that its norm is at most <paramref name="limit"/>; 1 where no limit (0) is set.</summary>
    /// <remarks>PyTorch's clip_grad_norm_: limit / (norm + 1e-6).</remarks>
    public double ClipScale(double limit) => limit > 0 ? Math.Min(1, limit / (Value + 1e-6)) : 1;
}

/// <summary>Measures the gradients of a fixed list of parameters; those without one count as zero.</summary>
internal sealed unsafe class GradientMeter(IReadOnlyList<Tensor> parameters, Partition partition)
{
    private readonly double[] partial = new double[partition.Blocks.Length];

    public GradientNorm Measure(double scale)
    {
        var body = new Body(parameters, partition, partial);
        WorkerPool.Shared.For(partial.Length, ref body);
        double sum = 0;
        for (int block = 0; block < partial.Length; block++)
        {
            if (!double.IsFinite(partial[block]))
            {
                return new GradientNorm(partial[block], parameters[partition.Blocks[block].Tensor].Name ?? "(unnamed)");
            }

            sum += partial[block];
        }

        return new GradientNorm(Math.Sqrt(sum) * scale, null);
    }

    private readonly struct Body(IReadOnlyList<Tensor> parameters, Partition partition, double[] partial) : IBlockBody
    {
        public void Invoke(int block)
        {
            Partition.Block b = partition.Blocks[block];
            Tensor parameter = parameters[b.Tensor];
            partial[block] = parameter.HasGradient ? SquareSum.Of(parameter.GradientData + b.Start, b.Count) : 0;
        }
    }
}
