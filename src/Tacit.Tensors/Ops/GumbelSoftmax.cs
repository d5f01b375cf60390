using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>
    /// A drawn choice along the last axis that gradients pass through: softmax((logits + g) / τ), where g = -log(-log u) with u
    /// uniform. Its largest place is k with probability softmax(logits)_k at any temperature.
    /// </summary>
    /// <param name="logits">[.., K]</param>
    /// <param name="temperature">τ, above 0.</param>
    /// <param name="hard">Return the largest place as 1 and all others as 0; the gradient stays that of the soft choice (straight-through).</param>
    /// <param name="path">The module's dotted path, part of the random stream's key.</param>
    /// <returns>[.., K]; rows add up to 1.</returns>
    /// <remarks>
    /// Jang et al. 2017, arXiv:1611.01144, eq. 1 and 2; Maddison et al. 2017, arXiv:1611.00712. The noise is a function of the
    /// scope's seed and step, the path and the call's number ("gumbel" in <see cref="Scope.NextStream"/>).
    /// </remarks>
    public static Tensor GumbelSoftmax(Tensor logits, float temperature, bool hard, string path)
    {
        if (!(temperature > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature is above 0.");
        }

        int rows = logits.Shape.Rows, n = logits.Shape.Last, size = Blocks.RowsOf(n);
        Tensor soft = Tensor.Empty(logits.Shape), y = hard ? Tensor.Empty(logits.Shape) : soft;
        ulong stream = Scope.NextStream("gumbel", path);
        var noise = new GumbelNoise(Scope.Current!.Seed, stream, Scope.Current.Step);
        Blocks.Run(Blocks.Count(rows, size), new GumbelKernel(noise, logits.Data, 1 / temperature, soft.Data, hard ? y.Data : null, rows, n, size));
        if (Tape.Wants(logits))
        {
            Tape.Add(new GumbelNode(logits, soft, y, 1 / temperature));
        }

        return y;
    }

    private readonly record struct GumbelNoise(ulong Seed, ulong Stream, long Step)
    {
        private const float Least = 1f / (1 << 25);     // the middle of what 24 bits call 0, whose logarithm is not finite

        public void Fill<V>(float* values, long start, int count)
            where V : struct, IVec<V>
        {
            Philox.FillUniform(new Span<float>(values, count), Seed, Stream, Step, start);
            for (int i = 0; i < count; i += V.Count)
            {
                V u = V.Max(V.Load(values + i), V.Broadcast(Least));
                RowMath.Put(V.Zero - VecMath.Log(V.Zero - VecMath.Log(u)), values + i, false, count - i);
            }
        }
    }

    private readonly struct GumbelKernel(GumbelNoise noise, float* logits, float sharpness, float* soft, float* hard, int rows, int n, int size) : IBlockKernel
    {
        [SkipLocalsInit]
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                float* x = logits + ((long)row * n), y = soft + ((long)row * n);
                noise.Fill<V>(y, (long)row * n, n);
                for (int i = 0; i < n; i += V.Count)
                {
                    RowMath.Put((V.Load(x + i) + V.Load(y + i)) * V.Broadcast(sharpness), y + i, false, n - i);
                }

                float max = RowMath.Max<V>(y, n);
                if (hard != null)
                {
                    float* choice = hard + ((long)row * n);
                    new Span<float>(choice, n).Clear();
                    choice[Math.Max(0, new Span<float>(y, n).IndexOf(max))] = 1;
                }

                double sum = RowMath.SumExp<V>(y, max, y, n);
                RowMath.Affine<V>(y, (float)(1 / sum), 0, y, n);
            }
        }
    }

    private sealed class GumbelNode(Tensor logits, Tensor soft, Tensor y, float sharpness) : Node("GumbelSoftmax", y)
    {
        public override void Backward()
        {
            int rows = logits.Shape.Rows, n = logits.Shape.Last, size = Blocks.RowsOf(n);
            Blocks.Run(Blocks.Count(rows, size), new GumbelGradient(soft.Data, Output.GradientData, sharpness, logits.GradientTarget(), rows, n, size));
        }
    }

    // dx = p (dy - Σ p dy) / τ
    private readonly struct GumbelGradient(float* soft, float* dy, float sharpness, Gradient dx, int rows, int n, int size) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                long at = (long)row * n;
                V sum = V.Broadcast((float)RowMath.Dot<V>(soft + at, dy + at, n)), k = V.Broadcast(sharpness);
                for (int i = 0; i < n; i += V.Count)
                {
                    RowMath.Put(V.Load(soft + at + i) * (V.Load(dy + at + i) - sum) * k, dx.Data + at + i, dx.Add, n - i);
                }
            }
        }
    }
}
