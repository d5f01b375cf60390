using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>
/// The passes over memory that batch and group norm share. The tensor is [samples, rows, channels]; statistics are per
/// sample and channel, and batch norm is the case of one sample. A pass works on blocks of rows that fit the second cache.
/// Where channels are few, several rows are taken as one wide row (a fold), so that vectors are full and loops long.
/// </summary>
internal static unsafe class ChannelNorm
{
    private const int Lanes = 16;           // a folded row is whole vectors of any width
    private const int Wide = 64;
    private const int JoinedColumns = 64;   // of one block where the blocks of rows are joined

    public static int RowsOf(int channels) => Math.Clamp(2 * Blocks.Length / Math.Max(1, channels), 64, 1024) & ~(Lanes - 1);

    /// <summary>
    /// Mean and biased variance of every (sample, channel). Each block finds its own mean and the squares about it while
    /// it is in cache, so memory is read once and nothing cancels; blocks are joined in double (Chan et al. 1979).
    /// </summary>
    public static void Moments(float* x, int samples, int rows, int channels, double* mean, double* variance)
    {
        var grid = new Grid(samples, rows, channels);
        using Scratch scratch = Scratch.Rent(grid.Count * 3 * channels);
        Blocks.Run(grid.Count, new MomentsKernel(grid, x, scratch.Data));
        Blocks.Run(samples * Blocks.Count(channels, JoinedColumns), new JoinMoments(grid, scratch.Data, mean, variance));
    }

    /// <summary>y = (x - mean) * scale + shift (+ residual), then max(·, 0) where asked.</summary>
    /// <param name="mean">[samples, channels]</param>
    /// <param name="scale">[samples, channels]</param>
    /// <param name="shift">[channels], null for 0</param>
    /// <param name="residual">the shape of x, null for none</param>
    public static void Apply(float* x, int samples, int rows, int channels, float* mean, float* scale, float* shift, float* residual, bool relu, float* y)
    {
        var grid = new Grid(samples, rows, channels);
        using Scratch scratch = Scratch.Rent(((2 * samples) + 1) * grid.Width);
        float* room = scratch.Data;
        float* m = grid.Repeat(mean, samples, ref room), k = grid.Repeat(scale, samples, ref room), b = grid.Repeat(shift, 1, ref room);
        Blocks.Run(grid.Count, new ApplyKernel(grid, x, m, k, b, residual, relu, y));
    }

    /// <summary>
    /// Σ g and Σ g (x - mean) over the rows of every (sample, channel), where g is dy, or dy where the fused ReLU let it pass.
    /// </summary>
    /// <param name="mask">How to find out where the ReLU was open.</param>
    /// <param name="passed">Where to write g too (a residual's gradient), or null.</param>
    public static void GradientSums(
        float* x, float* dy, in Mask mask, int samples, int rows, int channels, float* mean, Gradient? passed, double* sum, double* product)
    {
        var grid = new Grid(samples, rows, channels);
        using Scratch repeated = Scratch.Rent(((2 * samples) + 1) * grid.Width);
        using Scratch scratch = Scratch.Rent(grid.Count * 2 * channels);
        float* room = repeated.Data, partial = scratch.Data;
        float* m = grid.Repeat(mean, samples, ref room);
        Blocks.Run(grid.Count, new SumsKernel(grid, x, dy, mask.Repeat(grid, samples, ref room), m, passed ?? default, partial));
        Blocks.Run(samples * Blocks.Count(channels, JoinedColumns), new JoinSums(grid, partial, sum, product));
    }

    /// <summary>dx (+)= g * scale + (x - mean) * slope + offset, with the last four per (sample, channel).</summary>
    public static void GradientApply(
        float* x, float* dy, in Mask mask, int samples, int rows, int channels, float* mean, float* scale, float* slope, float* offset, Gradient dx)
    {
        var grid = new Grid(samples, rows, channels);
        using Scratch scratch = Scratch.Rent(((5 * samples) + 1) * grid.Width);
        float* room = scratch.Data;
        float* m = grid.Repeat(mean, samples, ref room), k = grid.Repeat(scale, samples, ref room);
        float* p = grid.Repeat(slope, samples, ref room), q = grid.Repeat(offset, samples, ref room);
        Blocks.Run(grid.Count, new GradientKernel(grid, x, dy, mask.Repeat(grid, samples, ref room), m, k, p, q, dx));
    }

    /// <summary>How [samples, rows, channels] is cut into blocks of rows, and how many rows make a wide one.</summary>
    internal readonly struct Grid
    {
        public Grid(int samples, int rows, int channels)
        {
            Rows = rows;
            Channels = channels;
            Size = RowsOf(channels);
            PerSample = Blocks.Count(rows, Size);
            Count = samples * PerSample;
            Fold = 1;
            while (channels > 0 && (channels * Fold < Wide || channels * Fold % Lanes != 0) && Fold < Lanes)
            {
                Fold *= 2;
            }

            // A fold that most rows do not fill is none.
            Fold = rows >= 4 * Fold ? Fold : 1;
        }

        public int Rows { get; }

        public int Channels { get; }

        /// <summary>Rows of a block: a multiple of the fold.</summary>
        public int Size { get; }

        public int PerSample { get; }

        public int Count { get; }

        public int Fold { get; }

        /// <summary>Numbers of a folded row.</summary>
        public int Width => Channels * Fold;

        public int Sample(int block) => block / PerSample;

        /// <summary>Where a block begins.</summary>
        public long Start(int block) => ((long)Sample(block) * Rows + ((long)(block % PerSample) * Size)) * Channels;

        public int RowsIn(int block) => Math.Min(Size, Rows - (block % PerSample * Size));

        /// <summary>Numbers per channel as often as a row is folded; the given memory itself where it is not.</summary>
        public float* Repeat(float* values, int samples, ref float* room)
        {
            if (values == null || Fold == 1)
            {
                return values;
            }

            float* repeated = room;
            for (int s = 0; s < samples; s++)
            {
                for (int f = 0; f < Fold; f++, room += Channels)
                {
                    new ReadOnlySpan<float>(values + (s * Channels), Channels).CopyTo(new Span<float>(room, Channels));
                }
            }

            return repeated;
        }
    }

    /// <summary>Where a fused ReLU was open: everywhere (no ReLU), where the output y is positive, or where y worked out again is.</summary>
    public readonly struct Mask(bool relu, float* output, float* scale, float* shift)
    {
        public bool Relu { get; } = relu;

        /// <summary>The output, null to work it out again: where nothing was added to it that saves reading it.</summary>
        public float* Output { get; } = output;

        public float* Scale { get; } = scale;

        public float* Shift { get; } = shift;

        public Mask At(long start, int column) => new(Relu, Output == null ? null : Output + start, Scale == null ? null : Scale + column, Shift);

        internal Mask Repeat(in Grid grid, int samples, ref float* room) =>
            new(Relu, Output, grid.Repeat(Scale, samples, ref room), grid.Repeat(Shift, 1, ref room));
    }

    /// <summary>A loop over rows [0, rows) of a block and columns [from, to), at one vector width.</summary>
    private interface IRowLoop
    {
        void Invoke<V>(long start, int rows, int width, int from, int to)
            where V : struct, IVec<V>;
    }

    /// <summary>Runs a loop over a block's folded rows, then over the rows left, whole vectors before single columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Over<V, TLoop>(in Grid grid, int rows, TLoop loop)
        where V : struct, IVec<V>
        where TLoop : struct, IRowLoop
    {
        int folded = rows / grid.Fold;
        Columns<V, TLoop>(0, folded, grid.Width, loop);
        if (folded * grid.Fold < rows)
        {
            Columns<V, TLoop>((long)folded * grid.Width, rows - (folded * grid.Fold), grid.Channels, loop);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns<V, TLoop>(long start, int rows, int width, TLoop loop)
        where V : struct, IVec<V>
        where TLoop : struct, IRowLoop
    {
        int whole = width - (width % V.Count);
        if (whole > 0)
        {
            loop.Invoke<V>(start, rows, width, 0, whole);
        }

        if (whole < width)
        {
            loop.Invoke<V1>(start, rows, width, whole, width);
        }
    }

    /// <summary>Adds up the fold: sums[c] = Σ_f sums[f * channels + c].</summary>
    private static void Unfold(float* sums, in Grid grid)
    {
        for (int i = grid.Channels; i < grid.Width; i++)
        {
            sums[i % grid.Channels] += sums[i];
        }
    }

    private readonly struct MomentsKernel(Grid grid, float* x, float* partial) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int rows = grid.RowsIn(block), channels = grid.Channels, width = grid.Width;
            using Scratch scratch = Scratch.Rent(3 * width);
            float* means = scratch.Data, rest = means + width, squares = rest + width;
            new Span<float>(means, 3 * width).Clear();
            float* from = x + grid.Start(block);
            Over<V, SumLoop>(grid, rows, new SumLoop(from, means));
            Unfold(means, grid);
            for (int c = 0; c < width; c++)
            {
                means[c] = c < channels ? means[c] / rows : means[c - channels];
            }

            Over<V, SquareLoop>(grid, rows, new SquareLoop(from, means, rest, squares));
            Unfold(rest, grid);
            Unfold(squares, grid);
            float* p = partial + ((long)block * 3 * channels);
            new ReadOnlySpan<float>(means, channels).CopyTo(new Span<float>(p, channels));
            new ReadOnlySpan<float>(rest, channels).CopyTo(new Span<float>(p + channels, channels));
            new ReadOnlySpan<float>(squares, channels).CopyTo(new Span<float>(p + (2 * channels), channels));
        }
    }

    private readonly struct JoinMoments(Grid grid, float* partial, double* mean, double* variance) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int channels = grid.Channels, tiles = Blocks.Count(channels, JoinedColumns), sample = block / tiles;
            int from = block % tiles * JoinedColumns, to = Math.Min(channels, from + JoinedColumns);
            double* m = mean + ((long)sample * channels), v = variance + ((long)sample * channels);
            for (int c = from; c < to; c++)
            {
                m[c] = v[c] = 0;
            }

            for (int pass = 0; pass < 2; pass++)
            {
                for (int b = 0; b < grid.PerSample; b++)
                {
                    float* p = partial + ((long)((sample * grid.PerSample) + b) * 3 * channels);
                    double n = Math.Min(grid.Size, grid.Rows - (b * grid.Size)), over = 1 / n, share = n / grid.Rows;
                    for (int c = from; c < to; c++)
                    {
                        // p[0] is the block's mean as rounded, p[1] what rounding left over, p[2] the squares about p[0].
                        double rest = p[channels + c] * over;
                        double blockMean = p[c] + rest;
                        if (pass == 0)
                        {
                            m[c] += share * blockMean;
                        }
                        else
                        {
                            double far = blockMean - m[c];
                            v[c] += share * ((p[(2 * channels) + c] * over) + (far * far) - (rest * rest));
                        }
                    }
                }
            }
        }
    }

    private readonly struct JoinSums(Grid grid, float* partial, double* sum, double* product) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int channels = grid.Channels, tiles = Blocks.Count(channels, JoinedColumns), sample = block / tiles;
            int from = block % tiles * JoinedColumns, to = Math.Min(channels, from + JoinedColumns);
            double* total = sum + ((long)sample * channels), weighted = product + ((long)sample * channels);
            for (int c = from; c < to; c++)
            {
                total[c] = weighted[c] = 0;
            }

            for (int b = 0; b < grid.PerSample; b++)
            {
                float* p = partial + ((long)((sample * grid.PerSample) + b) * 2 * channels);
                for (int c = from; c < to; c++)
                {
                    total[c] += p[c];
                    weighted[c] += p[channels + c];
                }
            }
        }
    }

    private readonly struct SumLoop(float* x, float* sums) : IRowLoop
    {
        public void Invoke<V>(long start, int rows, int width, int from, int to)
            where V : struct, IVec<V> => Loop<V>(x + start, sums, rows, width, from, to);

        private static void Loop<V>(float* x, float* sums, int rows, int width, int from, int to)
            where V : struct, IVec<V>
        {
            int r = 0;
            for (; r <= rows - 4; r += 4, x += 4L * width)
            {
                float* p1 = x + width, p2 = p1 + width, p3 = p2 + width;
                for (int c = from; c < to; c += V.Count)
                {
                    (V.Load(sums + c) + ((V.Load(x + c) + V.Load(p1 + c)) + (V.Load(p2 + c) + V.Load(p3 + c)))).Store(sums + c);
                }
            }

            for (; r < rows; r++, x += width)
            {
                for (int c = from; c < to; c += V.Count)
                {
                    (V.Load(sums + c) + V.Load(x + c)).Store(sums + c);
                }
            }
        }
    }

    private readonly struct SquareLoop(float* x, float* means, float* rest, float* squares) : IRowLoop
    {
        public void Invoke<V>(long start, int rows, int width, int from, int to)
            where V : struct, IVec<V> => Loop<V>(x + start, means, rest, squares, rows, width, from, to);

        private static void Loop<V>(float* x, float* means, float* rest, float* squares, int rows, int width, int from, int to)
            where V : struct, IVec<V>
        {
            int r = 0;
            for (; r <= rows - 4; r += 4, x += 4L * width)
            {
                float* p1 = x + width, p2 = p1 + width, p3 = p2 + width;
                for (int c = from; c < to; c += V.Count)
                {
                    V m = V.Load(means + c);
                    V d0 = V.Load(x + c) - m, d1 = V.Load(p1 + c) - m, d2 = V.Load(p2 + c) - m, d3 = V.Load(p3 + c) - m;
                    (V.Load(rest + c) + ((d0 + d1) + (d2 + d3))).Store(rest + c);
                    (V.Load(squares + c) + (V.Fma(d1, d1, d0 * d0) + V.Fma(d3, d3, d2 * d2))).Store(squares + c);
                }
            }

            for (; r < rows; r++, x += width)
            {
                for (int c = from; c < to; c += V.Count)
                {
                    V d = V.Load(x + c) - V.Load(means + c);
                    (V.Load(rest + c) + d).Store(rest + c);
                    V.Fma(d, d, V.Load(squares + c)).Store(squares + c);
                }
            }
        }
    }

    private readonly struct ApplyKernel(Grid grid, float* x, float* mean, float* scale, float* shift, float* residual, bool relu, float* y) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            long at = grid.Start(block);
            int column = grid.Sample(block) * grid.Width;
            var loop = new ApplyLoop(x + at, mean + column, scale + column, shift, residual == null ? null : residual + at, relu, y + at);
            Over<V, ApplyLoop>(grid, grid.RowsIn(block), loop);
        }
    }

    private readonly struct ApplyLoop(float* x, float* mean, float* scale, float* shift, float* residual, bool relu, float* y) : IRowLoop
    {
        public void Invoke<V>(long start, int rows, int width, int from, int to)
            where V : struct, IVec<V> =>
            Loop<V>(x + start, mean, scale, shift, residual == null ? null : residual + start, relu, y + start, rows, width, from, to);

        private static void Loop<V>(
            float* x, float* mean, float* scale, float* shift, float* residual, bool relu, float* y, int rows, int width, int from, int to)
            where V : struct, IVec<V>
        {
            for (int r = 0; r < rows; r++)
            {
                for (int c = from; c < to; c += V.Count)
                {
                    V value = Value(V.Load(x + c), mean, scale, shift, c);
                    value = residual != null ? value + V.Load(residual + c) : value;
                    (relu ? V.Max(value, V.Zero) : value).Store(y + c);
                }

                x += width;
                y += width;
                residual = residual != null ? residual + width : null;
            }
        }
    }

    private readonly struct SumsKernel(Grid grid, float* x, float* dy, Mask mask, float* mean, Gradient passed, float* partial) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            long at = grid.Start(block);
            int column = grid.Sample(block) * grid.Width, channels = grid.Channels, width = grid.Width;
            using Scratch scratch = Scratch.Rent(2 * width);
            float* sums = scratch.Data, products = sums + width;
            new Span<float>(sums, 2 * width).Clear();
            float* through = passed.Data == null ? null : passed.Data + at;
            var loop = new SumsLoop(x + at, dy + at, mask.At(at, column), mean + column, through, passed.Add, sums, products);
            Over<V, SumsLoop>(grid, grid.RowsIn(block), loop);
            Unfold(sums, grid);
            Unfold(products, grid);
            float* p = partial + ((long)block * 2 * channels);
            new ReadOnlySpan<float>(sums, channels).CopyTo(new Span<float>(p, channels));
            new ReadOnlySpan<float>(products, channels).CopyTo(new Span<float>(p + channels, channels));
        }
    }

    private readonly struct SumsLoop(float* x, float* dy, Mask mask, float* mean, float* passed, bool add, float* sums, float* products) : IRowLoop
    {
        public void Invoke<V>(long start, int rows, int width, int from, int to)
            where V : struct, IVec<V> =>
            Loop<V>(x + start, dy + start, mask.At(start, 0), mean, passed == null ? null : passed + start, add, sums, products, rows, width, from, to);

        private static void Loop<V>(
            float* x, float* dy, Mask mask, float* mean, float* passed, bool add, float* sums, float* products, int rows, int width, int from, int to)
            where V : struct, IVec<V>
        {
            for (int r = 0; r < rows; r++)
            {
                long at = (long)r * width;
                for (int c = from; c < to; c += V.Count)
                {
                    V value = V.Load(x + at + c);
                    V g = Open(V.Load(dy + at + c), value, mask, mean, at, c);
                    if (passed != null)
                    {
                        (add ? V.Load(passed + at + c) + g : g).Store(passed + at + c);
                    }

                    (V.Load(sums + c) + g).Store(sums + c);
                    V.Fma(g, value - V.Load(mean + c), V.Load(products + c)).Store(products + c);
                }
            }
        }
    }

    private readonly struct GradientKernel(
        Grid grid, float* x, float* dy, Mask mask, float* mean, float* scale, float* slope, float* offset, Gradient dx) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            long at = grid.Start(block);
            int column = grid.Sample(block) * grid.Width;
            var loop = new GradientLoop(
                x + at, dy + at, mask.At(at, column), mean + column, scale + column, slope + column, offset + column, dx.Data + at, dx.Add);
            Over<V, GradientLoop>(grid, grid.RowsIn(block), loop);
        }
    }

    private readonly struct GradientLoop(
        float* x, float* dy, Mask mask, float* mean, float* scale, float* slope, float* offset, float* dx, bool add) : IRowLoop
    {
        public void Invoke<V>(long start, int rows, int width, int from, int to)
            where V : struct, IVec<V> =>
            Loop<V>(x + start, dy + start, mask.At(start, 0), mean, scale, slope, offset, dx + start, add, rows, width, from, to);

        private static void Loop<V>(
            float* x, float* dy, Mask mask, float* mean, float* scale, float* slope, float* offset, float* dx, bool add, int rows, int width, int from, int to)
            where V : struct, IVec<V>
        {
            for (int r = 0; r < rows; r++)
            {
                long at = (long)r * width;
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
