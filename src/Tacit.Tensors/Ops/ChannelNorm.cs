using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>
/// The passes over memory that batch and group norm share. The tensor is [samples, rows, channels]; statistics are per
/// sample and channel, and batch norm is the case of one sample. A pass works on blocks of rows that fit the second cache.
/// </summary>
internal static unsafe class ChannelNorm
{
    public static int RowsOf(int channels) => Math.Clamp(Blocks.Length / Math.Max(1, channels), 32, 1024);

    /// <summary>
    /// Mean and biased variance of every (sample, channel). Each block finds its own mean and the squares about it while
    /// it is in cache, so memory is read once and nothing cancels; blocks are joined in double (Chan et al. 1979).
    /// </summary>
    public static void Moments(float* x, int samples, int rows, int channels, Span<double> mean, Span<double> variance)
    {
        int size = RowsOf(channels);
        int blocks = Blocks.Count(rows, size);
        using Scratch scratch = Scratch.Rent(samples * blocks * 3 * channels);
        float* partial = scratch.Data;
        Blocks.Run(samples * blocks, new MomentsKernel(x, rows, channels, size, blocks, partial));
        for (int s = 0; s < samples; s++)
        {
            Span<double> m = mean.Slice(s * channels, channels), v = variance.Slice(s * channels, channels);
            m.Clear();
            v.Clear();
            for (int pass = 0; pass < 2; pass++)
            {
                for (int b = 0; b < blocks; b++)
                {
                    float* p = partial + ((long)(s * blocks + b) * 3 * channels);
                    double n = Math.Min(size, rows - (b * size));
                    for (int c = 0; c < channels; c++)
                    {
                        // p[0] is the block's mean as rounded, p[1] what rounding left over, p[2] the squares about p[0].
                        double rest = p[channels + c] / n;
                        double blockMean = p[c] + rest;
                        if (pass == 0)
                        {
                            m[c] += n * blockMean / rows;
                        }
                        else
                        {
                            double far = blockMean - m[c];
                            v[c] += (p[(2 * channels) + c] + (n * ((far * far) - (rest * rest)))) / rows;
                        }
                    }
                }
            }
        }
    }

    /// <summary>y = (x - mean) * scale + shift (+ residual), then max(·, 0) where asked.</summary>
    /// <param name="mean">[samples, channels]</param>
    /// <param name="scale">[samples, channels]</param>
    /// <param name="shift">[channels], null for 0</param>
    /// <param name="residual">the shape of x, null for none</param>
    public static void Apply(float* x, int samples, int rows, int channels, float* mean, float* scale, float* shift, float* residual, bool relu, float* y)
    {
        int size = RowsOf(channels);
        int blocks = Blocks.Count(rows, size);
        Blocks.Run(samples * blocks, new ApplyKernel(x, rows, channels, size, blocks, mean, scale, shift, residual, relu, y));
    }

    /// <summary>
    /// Σ g and Σ g (x - mean) over the rows of every (sample, channel), where g is dy, or dy where the fused ReLU let it pass.
    /// </summary>
    /// <param name="mask">How to find out where the ReLU was open.</param>
    /// <param name="passed">Where to write g too (a residual's gradient), or null.</param>
    public static void GradientSums(
        float* x, float* dy, in Mask mask, int samples, int rows, int channels, float* mean, Gradient? passed, Span<double> sum, Span<double> product)
    {
        int size = RowsOf(channels);
        int blocks = Blocks.Count(rows, size);
        using Scratch scratch = Scratch.Rent(samples * blocks * 2 * channels);
        float* partial = scratch.Data;
        Gradient into = passed ?? default;
        Blocks.Run(samples * blocks, new SumsKernel(x, dy, mask, rows, channels, size, blocks, mean, into, partial));
        sum.Clear();
        product.Clear();
        for (int s = 0; s < samples; s++)
        {
            Span<double> total = sum.Slice(s * channels, channels), weighted = product.Slice(s * channels, channels);
            for (int b = 0; b < blocks; b++)
            {
                float* p = partial + ((long)(s * blocks + b) * 2 * channels);
                for (int c = 0; c < channels; c++)
                {
                    total[c] += p[c];
                    weighted[c] += p[channels + c];
                }
            }
        }
    }

    /// <summary>dx (+)= g * scale + (x - mean) * slope + offset, with the last four per (sample, channel).</summary>
    public static void GradientApply(
        float* x, float* dy, in Mask mask, int samples, int rows, int channels, float* mean, float* scale, float* slope, float* offset, Gradient dx)
    {
        int size = RowsOf(channels);
        int blocks = Blocks.Count(rows, size);
        Blocks.Run(samples * blocks, new GradientKernel(x, dy, mask, rows, channels, size, blocks, mean, scale, slope, offset, dx));
    }

    /// <summary>Where a fused ReLU was open: everywhere (no ReLU), where the output y is positive, or where y worked out again is.</summary>
    public readonly struct Mask(bool relu, float* output, float* scale, float* shift)
    {
        public bool Relu { get; } = relu;

        /// <summary>The output, null to work it out again: where nothing was added to it that saves reading it.</summary>
        public float* Output { get; } = output;

        public float* Scale { get; } = scale;

        public float* Shift { get; } = shift;
    }

    private readonly struct MomentsKernel(float* x, int rows, int channels, int size, int blocks, float* partial) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int first = block % blocks * size;
            int count = Math.Min(size, rows - first);
            float* from = x + (((long)(block / blocks) * rows + first) * channels);
            float* p = partial + ((long)block * 3 * channels);
            int whole = channels - (channels % V.Count);
            Loop<V>(from, count, channels, p, 0, whole);
            Loop<V1>(from, count, channels, p, whole, channels);
        }

        private static void Loop<V>(float* x, int rows, int channels, float* p, int from, int to)
            where V : struct, IVec<V>
        {
            if (from == to)
            {
                return;
            }

            Reduction.Columns<V>(x, rows, channels, p, from, to);
            float* rest = p + channels;
            float* squares = p + (2 * channels);
            V over = V.Broadcast(1f / rows);
            for (int c = from; c < to; c += V.Count)
            {
                (V.Load(p + c) * over).Store(p + c);
                V.Zero.Store(rest + c);
                V.Zero.Store(squares + c);
            }

            int r = 0;
            for (; r <= rows - 2; r += 2)
            {
                float* p0 = x + ((long)r * channels), p1 = p0 + channels;
                for (int c = from; c < to; c += V.Count)
                {
                    V m = V.Load(p + c);
                    V d0 = V.Load(p0 + c) - m, d1 = V.Load(p1 + c) - m;
                    (V.Load(rest + c) + (d0 + d1)).Store(rest + c);
                    V.Fma(d1, d1, V.Fma(d0, d0, V.Load(squares + c))).Store(squares + c);
                }
            }

            for (; r < rows; r++)
            {
                float* p0 = x + ((long)r * channels);
                for (int c = from; c < to; c += V.Count)
                {
                    V d = V.Load(p0 + c) - V.Load(p + c);
                    (V.Load(rest + c) + d).Store(rest + c);
                    V.Fma(d, d, V.Load(squares + c)).Store(squares + c);
                }
            }
        }
    }

    private readonly struct ApplyKernel(
        float* x, int rows, int channels, int size, int blocks, float* mean, float* scale, float* shift, float* residual, bool relu, float* y)
        : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int s = block / blocks;
            int first = block % blocks * size;
            int count = Math.Min(size, rows - first);
            long at = ((long)s * rows + first) * channels;
            float* added = residual == null ? null : residual + at;
            float* m = mean + (s * channels), k = scale + (s * channels);
            int whole = channels - (channels % V.Count);
            Loop<V>(x + at, count, channels, m, k, shift, added, relu, y + at, 0, whole);
            Loop<V1>(x + at, count, channels, m, k, shift, added, relu, y + at, whole, channels);
        }

        private static void Loop<V>(
            float* x, int rows, int channels, float* mean, float* scale, float* shift, float* residual, bool relu, float* y, int from, int to)
            where V : struct, IVec<V>
        {
            for (int r = 0; r < (from == to ? 0 : rows); r++)
            {
                for (int c = from; c < to; c += V.Count)
                {
                    V value = Value(V.Load(x + c), mean, scale, shift, c);
                    value = residual != null ? value + V.Load(residual + c) : value;
                    (relu ? V.Max(value, V.Zero) : value).Store(y + c);
                }

                x += channels;
                y += channels;
                residual = residual != null ? residual + channels : null;
            }
        }
    }

    private readonly struct SumsKernel(
        float* x, float* dy, Mask mask, int rows, int channels, int size, int blocks, float* mean, Gradient passed, float* partial) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int s = block / blocks;
            int first = block % blocks * size;
            int count = Math.Min(size, rows - first);
            long at = ((long)s * rows + first) * channels;
            float* p = partial + ((long)block * 2 * channels);
            float* m = mean + (s * channels);
            float* output = mask.Output == null ? null : mask.Output + at;
            float* through = passed.Data == null ? null : passed.Data + at;
            var here = new Mask(mask.Relu, output, mask.Scale + (s * channels), mask.Shift);
            int whole = channels - (channels % V.Count);
            Loop<V>(x + at, dy + at, here, count, channels, m, through, passed.Add, p, 0, whole);
            Loop<V1>(x + at, dy + at, here, count, channels, m, through, passed.Add, p, whole, channels);
        }

        private static void Loop<V>(
            float* x, float* dy, Mask mask, int rows, int channels, float* mean, float* passed, bool add, float* p, int from, int to)
            where V : struct, IVec<V>
        {
            float* products = p + channels;
            for (int c = from; c < to; c += V.Count)
            {
                V.Zero.Store(p + c);
                V.Zero.Store(products + c);
            }

            for (int r = 0; r < (from == to ? 0 : rows); r++)
            {
                long at = (long)r * channels;
                for (int c = from; c < to; c += V.Count)
                {
                    V value = V.Load(x + at + c);
                    V g = Open(V.Load(dy + at + c), value, mask, mean, at, c);
                    if (passed != null)
                    {
                        (add ? V.Load(passed + at + c) + g : g).Store(passed + at + c);
                    }

                    (V.Load(p + c) + g).Store(p + c);
                    V.Fma(g, value - V.Load(mean + c), V.Load(products + c)).Store(products + c);
                }
            }
        }
    }

    private readonly struct GradientKernel(
        float* x, float* dy, Mask mask, int rows, int channels, int size, int blocks, float* mean, float* scale, float* slope, float* offset, Gradient dx)
        : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int s = block / blocks;
            int first = block % blocks * size;
            int count = Math.Min(size, rows - first);
            int column = s * channels;
            long at = ((long)s * rows + first) * channels;
            float* output = mask.Output == null ? null : mask.Output + at;
            var here = new Mask(mask.Relu, output, mask.Scale + column, mask.Shift);
            int whole = channels - (channels % V.Count);
            Loop<V>(x + at, dy + at, here, count, channels, mean + column, scale + column, slope + column, offset + column, dx.Data + at, dx.Add, 0, whole);
            Loop<V1>(x + at, dy + at, here, count, channels, mean + column, scale + column, slope + column, offset + column, dx.Data + at, dx.Add, whole, channels);
        }

        private static void Loop<V>(
            float* x, float* dy, Mask mask, int rows, int channels, float* mean, float* scale, float* slope, float* offset, float* dx, bool add, int from, int to)
            where V : struct, IVec<V>
        {
            for (int r = 0; r < (from == to ? 0 : rows); r++)
            {
                long at = (long)r * channels;
                for (int c = from; c < to; c += V.Count)
                {
                    V value = V.Load(x + at + c);
                    V g = Open(V.Load(dy + at + c), value, mask, mean, at, c);
                    V d = V.Fma(value - V.Load(mean + c), V.Load(slope + c), V.Fma(g, V.Load(scale + c), V.Load(offset + c)));
                    (add ? d + V.Load(dx + at + c) : d).Store(dx + at + c);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Value<V>(V x, float* mean, float* scale, float* shift, int c)
        where V : struct, IVec<V> =>
        V.Fma(x - V.Load(mean + c), V.Load(scale + c), shift != null ? V.Load(shift + c) : V.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Open<V>(V dy, V x, Mask mask, float* mean, long at, int c)
        where V : struct, IVec<V>
    {
        if (!mask.Relu)
        {
            return dy;
        }

        V y = mask.Output != null ? V.Load(mask.Output + at + c) : Value(x, mean, mask.Scale, mask.Shift, c);
        return V.Select(V.Greater(y, V.Zero), dy, V.Zero);
    }
}
