using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>Sums of [outer, n, inner] over n: float32 within a block of some hundred terms, double across blocks in their order.</summary>
internal static unsafe class Reduction
{
    private const int Tile = 2048;          // columns of one block: its running sums stay in the first cache
    private const int Chunk = 1 << 16;      // terms of one block where the summed axis is the last

    /// <summary>target[o, i] (+)= scale * Σ_r x[o, r, i].</summary>
    public static void Sum(float* x, int outer, int n, int inner, float scale, Gradient target)
    {
        if (inner == 1)
        {
            SumRows(x, outer, n, scale, target);
        }
        else
        {
            SumColumns(x, outer, n, inner, scale, target);
        }
    }

    /// <summary>Sums a gradient of the common shape over the axes along which an operand was repeated.</summary>
    public static void SumRepeated(in Broadcast plan, bool first, float* full, Gradient target)
    {
        // Neighbouring axes of one kind become one group, innermost first; then the repeated groups go, outermost first.
        Span<int> sizes = stackalloc int[Shape.MaxRank];
        Span<bool> kept = stackalloc bool[Shape.MaxRank];
        int groups = 0, repeated = 0;
        for (int axis = 0; axis < plan.Axes; axis++)
        {
            bool moves = plan.Moves(first, axis);
            if (groups > 0 && kept[groups - 1] == moves)
            {
                sizes[groups - 1] *= plan.Size(axis);
                continue;
            }

            sizes[groups] = plan.Size(axis);
            kept[groups++] = moves;
            repeated += moves ? 0 : 1;
        }

        float* from = full;
        int outer = 1;
        for (int g = groups - 1; g >= 0; g--)
        {
            if (kept[g])
            {
                outer *= sizes[g];
                continue;
            }

            int inner = 1;
            for (int i = 0; i < g; i++)
            {
                inner *= sizes[i];
            }

            Gradient into = --repeated == 0 ? target : new Gradient((nint)Tensor.Empty(new Shape(outer, inner)).Data, false);
            Sum(from, outer, sizes[g], inner, 1, into);
            from = into.Data;
        }
    }

    /// <summary>The sum of a contiguous row, in double across runs of 2,048 terms.</summary>
    public static double Row<V>(float* x, int n)
        where V : struct, IVec<V>
    {
        const int run = 2048;
        double total = 0;
        for (int start = 0; start < n; start += run)
        {
            int end = Math.Min(n, start + run);
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            int i = start;
            for (; i <= end - (4 * V.Count); i += 4 * V.Count)
            {
                s0 += V.Load(x + i);
                s1 += V.Load(x + i + V.Count);
                s2 += V.Load(x + i + (2 * V.Count));
                s3 += V.Load(x + i + (3 * V.Count));
            }

            for (; i <= end - V.Count; i += V.Count)
            {
                s0 += V.Load(x + i);
            }

            double rest = 0;
            for (; i < end; i++)
            {
                rest += x[i];
            }

            total += ((s0 + s1) + (s2 + s3)).Sum() + rest;
        }

        return total;
    }

    /// <summary>into[c] = Σ_r x[r, c] over a block of rows; the sums stay in the first cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Columns<V>(float* x, int rows, int stride, float* into, int from, int to)
        where V : struct, IVec<V>
    {
        int r = 0;
        for (int c = from; c < to; c += V.Count)
        {
            V.Zero.Store(into + c);
        }

        for (; r <= rows - 4; r += 4)
        {
            float* p0 = x + ((long)r * stride), p1 = p0 + stride, p2 = p1 + stride, p3 = p2 + stride;
            for (int c = from; c < to; c += V.Count)
            {
                (V.Load(into + c) + ((V.Load(p0 + c) + V.Load(p1 + c)) + (V.Load(p2 + c) + V.Load(p3 + c)))).Store(into + c);
            }
        }

        for (; r < rows; r++)
        {
            float* p = x + ((long)r * stride);
            for (int c = from; c < to; c += V.Count)
            {
                (V.Load(into + c) + V.Load(p + c)).Store(into + c);
            }
        }
    }

    private static void SumRows(float* x, int outer, int n, float scale, Gradient target)
    {
        int chunks = Math.Max(1, Blocks.Count(n, Chunk));
        int rows = chunks > 1 ? 1 : Blocks.RowsOf(n);
        using Scratch scratch = Scratch.Rent(2 * outer * chunks);
        var partial = (double*)scratch.Data;
        Blocks.Run(chunks > 1 ? outer * chunks : Blocks.Count(outer, rows), new RowKernel(x, outer, n, chunks, rows, partial));
        for (int o = 0; o < outer; o++)
        {
            double total = 0;
            for (int k = 0; k < chunks; k++)
            {
                total += partial[(o * chunks) + k];
            }

            Put(target, o, total * scale);
        }
    }

    private static void SumColumns(float* x, int outer, int n, int inner, float scale, Gradient target)
    {
        int tiles = Blocks.Count(inner, Tile);
        int rows = Math.Clamp(Blocks.Length / Math.Min(inner, Tile), 32, 256);
        int chunks = Math.Max(1, Blocks.Count(n, rows));
        using Scratch scratch = Scratch.Rent(chunks == 1 ? 0 : outer * chunks * inner);
        var kernel = new ColumnKernel(x, n, inner, tiles, rows, chunks, scratch.Data, scale, target);
        Blocks.Run(outer * chunks * tiles, kernel);
        if (chunks > 1)
        {
            Blocks.Run(outer * tiles, new CombineKernel(scratch.Data, inner, tiles, chunks, scale, target));
        }
    }

    private static void Put(Gradient target, long i, double value) =>
        target.Data[i] = (float)(target.Add ? target.Data[i] + value : value);

    private readonly struct RowKernel(float* x, int outer, int n, int chunks, int rows, double* partial) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            if (chunks > 1)
            {
                int start = block % chunks * Chunk;
                partial[block] = Row<V>(x + ((long)(block / chunks) * n) + start, Math.Min(Chunk, n - start));
                return;
            }

            int end = (block * rows) + Math.Min(rows, outer - (block * rows));
            for (int row = block * rows; row < end; row++)
            {
                partial[row] = Row<V>(x + ((long)row * n), n);
            }
        }
    }

    private readonly struct ColumnKernel(
        float* x, int n, int inner, int tiles, int rows, int chunks, float* partial, float scale, Gradient target) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int tile = block % tiles;
            int chunk = block / tiles % chunks;
            int o = block / tiles / chunks;
            int start = tile * Tile;
            int width = Math.Min(Tile, inner - start);
            int whole = width - (width % V.Count);
            int first = chunk * rows;
            int count = Math.Min(rows, n - first);
            float* from = x + (((long)o * n + first) * inner) + start;
            using Scratch scratch = Scratch.Rent(Tile);
            float* into = chunks > 1 ? partial + (((long)o * chunks + chunk) * inner) + start : scratch.Data;
            Columns<V>(from, count, inner, into, 0, whole);
            Columns<V1>(from, count, inner, into, whole, width);
            if (chunks == 1)
            {
                for (int c = 0; c < width; c++)
                {
                    Put(target, ((long)o * inner) + start + c, (double)into[c] * scale);
                }
            }
        }
    }

    private readonly struct CombineKernel(float* partial, int inner, int tiles, int chunks, float scale, Gradient target) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int start = block % tiles * Tile;
            int o = block / tiles;
            int width = Math.Min(Tile, inner - start);
            using Scratch scratch = Scratch.Rent(2 * Tile);
            var total = (double*)scratch.Data;
            new Span<double>(total, width).Clear();
            for (int k = 0; k < chunks; k++)
            {
                float* p = partial + (((long)o * chunks + k) * inner) + start;
                for (int c = 0; c < width; c++)
                {
                    total[c] += p[c];
                }
            }

            for (int c = 0; c < width; c++)
            {
                Put(target, ((long)o * inner) + start + c, total[c] * scale);
            }
        }
    }
}
