using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>(x - mean) / √(variance + eps) * weight + bias with the statistics of each row of the last axis.</summary>
    /// <param name="x">[…, D]</param>
    /// <param name="weight">[D], null for 1.</param>
    /// <param name="bias">[D], null for 0.</param>
    /// <param name="eps">Added to the (biased) variance.</param>
    /// <remarks>Ba et al. 2016, arXiv:1607.06450.</remarks>
    public static Tensor LayerNorm(Tensor x, Tensor? weight, Tensor? bias, float eps = 1e-5f)
    {
        int rows = x.Shape.Rows, n = x.Shape.Last, size = ChannelNorm.RowsOf(n);
        RequireChannels("LayerNorm", x, n, weight, bias);
        Tensor y = Tensor.Empty(x.Shape);
        Tensor saved = Tensor.Empty(new Shape(rows, 2));        // a row's mean and 1 / √(variance + eps)
        float* w = weight is null ? null : weight.Data, b = bias is null ? null : bias.Data;
        Blocks.Run(Blocks.Count(rows, size), new LayerNormKernel(x.Data, w, b, eps, y.Data, saved.Data, rows, n, size));
        if (Tape.Wants(x, weight, bias))
        {
            Tape.Add(new LayerNormNode(x, weight, bias, y, saved));
        }

        return y;
    }

    private readonly struct LayerNormKernel(float* x, float* weight, float* bias, float eps, float* y, float* saved, int rows, int n, int size) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                float* from = x + ((long)row * n);
                float mean = (float)(Reduction.Row<V>(from, n) / n);
                float inverse = (float)(1 / Math.Sqrt((RowMath.Squares<V>(from, mean, n) / n) + eps));
                saved[2 * row] = mean;
                saved[(2 * row) + 1] = inverse;
                Row<V>(from, mean, inverse, weight, bias, y + ((long)row * n), n);
            }
        }

        private static void Row<V>(float* x, float mean, float inverse, float* weight, float* bias, float* y, int n)
            where V : struct, IVec<V>
        {
            V m = V.Broadcast(mean), s = V.Broadcast(inverse);
            for (int i = 0; i < n; i += V.Count)
            {
                V v = (V.Load(x + i) - m) * s;
                v = weight != null ? v * V.Load(weight + i) : v;
                RowMath.Put(bias != null ? v + V.Load(bias + i) : v, y + i, false, n - i);
            }
        }
    }

    private sealed class LayerNormNode(Tensor x, Tensor? weight, Tensor? bias, Tensor y, Tensor saved) : Node("LayerNorm", y)
    {
        public override void Backward()
        {
            int rows = x.Shape.Rows, n = x.Shape.Last, size = ChannelNorm.RowsOf(n);
            int blocks = Blocks.Count(rows, size);
            bool parameters = weight is { RequiresGrad: true } || bias is { RequiresGrad: true };
            using Scratch partial = Scratch.Rent(parameters ? blocks * 2 * n : 0);
            Gradient dx = x.RequiresGrad ? x.GradientTarget() : default;
            float* w = weight is null ? null : weight.Data;
            float* sums = parameters ? partial.Data : null;
            Blocks.Run(blocks, new LayerNormGradient(x.Data, Output.GradientData, w, saved.Data, dx, sums, rows, n, size));
            if (parameters)
            {
                using Scratch scratch = Scratch.Rent(4 * n);
                double* sum = (double*)scratch.Data, product = sum + n;
                new Span<double>(sum, 2 * n).Clear();
                for (int block = 0; block < blocks; block++)
                {
                    for (int c = 0; c < n; c++)
                    {
                        sum[c] += sums[((long)block * 2 * n) + c];
                        product[c] += sums[(((long)block * 2) + 1) * n + c];
                    }
                }

                AddParameter(bias, sum, null);
                AddParameter(weight, product, null);
            }
        }
    }

    // dx = (g - mean(g) - x̂ mean(g x̂)) / σ with g = dy * weight and x̂ = (x - mean) / σ
    private readonly struct LayerNormGradient(
        float* x, float* dy, float* weight, float* saved, Gradient dx, float* partial, int rows, int n, int size) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            float* sums = partial == null ? null : partial + ((long)block * 2 * n);
            if (sums != null)
            {
                new Span<float>(sums, 2 * n).Clear();
            }

            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                float* from = x + ((long)row * n), gradient = dy + ((long)row * n);
                float mean = saved[2 * row], inverse = saved[(2 * row) + 1];
                if (sums != null)
                {
                    Parameters<V>(from, gradient, mean, inverse, sums, n);
                }

                if (dx.Data != null)
                {
                    Totals<V>(from, gradient, weight, mean, n, out double sum, out double product);
                    double slope = -product * inverse * inverse * inverse / n;
                    Row<V>(from, gradient, weight, mean, inverse, (float)slope, (float)(-sum * inverse / n), dx.Data + ((long)row * n), dx.Add, n);
                }
            }
        }

        private static void Parameters<V>(float* x, float* dy, float mean, float inverse, float* sums, int n)
            where V : struct, IVec<V>
        {
            V m = V.Broadcast(mean), s = V.Broadcast(inverse);
            for (int i = 0; i < n; i += V.Count)
            {
                V g = V.Load(dy + i);
                RowMath.Put(g, sums + i, true, n - i);
                RowMath.Put(g * ((V.Load(x + i) - m) * s), sums + n + i, true, n - i);
            }
        }

        /// <summary>Σ g and Σ g (x - mean).</summary>
        private static void Totals<V>(float* x, float* dy, float* weight, float mean, int n, out double sum, out double product)
            where V : struct, IVec<V>
        {
            V m = V.Broadcast(mean), s = V.Zero, p = V.Zero;
            int i = 0;
            for (; i <= n - V.Count; i += V.Count)
            {
                V g = weight != null ? V.Load(dy + i) * V.Load(weight + i) : V.Load(dy + i);
                s += g;
                p = V.Fma(g, V.Load(x + i) - m, p);
            }

            sum = s.Sum();
            product = p.Sum();
            for (; i < n; i++)
            {
                double g = weight != null ? (double)dy[i] * weight[i] : dy[i];
                sum += g;
                product += g * (x[i] - mean);
            }
        }

        private static void Row<V>(float* x, float* dy, float* weight, float mean, float scale, float slope, float offset, float* dx, bool add, int n)
            where V : struct, IVec<V>
        {
            V m = V.Broadcast(mean), k = V.Broadcast(scale), p = V.Broadcast(slope), q = V.Broadcast(offset);
            for (int i = 0; i < n; i += V.Count)
            {
                V g = weight != null ? V.Load(dy + i) * V.Load(weight + i) : V.Load(dy + i);
                RowMath.Put(V.Fma(V.Load(x + i) - m, p, V.Fma(g, k, q)), dx + i, add, n - i);
            }
        }
    }
}
