using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// Products whose first operand is transposed (weight gradients): sums run in blocks of 512 rows that each
/// start from zero, both sides of a block copied next to each other for the many tiles that read them, and blocks of rows are added in order, so that long sums keep their accuracy and their bits.
/// </summary>
internal static unsafe class OuterProduct
{
    public const int BlockRows = 512;
    public const int MaxPartials = 2 << 20;     // floats of partial sums held at once, unless a single one is larger

    /// <summary>C[m, n] (+)= Σ over i &lt; k of A[i, m] · B[i, n].</summary>
    public static void Run(int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc, bool accumulate)
    {
        var action = new Action(m, n, k, a, lda, b, ldb, c, ldc, accumulate);
        Width.Dispatch(ref action);
    }

    /// <summary>
    /// One panel of a block of rows, side by side with its columns padded to whole vectors. Read from where it lies, a large
    /// power of two between rows would put them all into a few sets of the cache; the copy is used by many tiles.
    /// </summary>
    public static float* PackPanel<V>(float* y, nint stride, int rows, int columns, int width, float* panel)
        where V : struct, IVec<V>
    {
        for (int i = 0; i < rows; i++, y += stride)
        {
            float* row = panel + (i * width);
            int c = 0;
            for (; c <= columns - V.Count; c += V.Count)
            {
                V.Load(y + c).Store(row + c);
            }

            for (; c < width; c++)
            {
                row[c] = c < columns ? y[c] : 0;
            }
        }

        return panel;
    }

    private struct Action(int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc, bool accumulate) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var panels = new Panels<V>(n);
            int padded = panels.Padded;
            int quantum = TileRunner<V>.RowQuantum;
            int rows = (m + quantum - 1) / quantum * quantum;
            int groupRows = Math.Clamp((m / 16 + quantum - 1) / quantum * quantum, quantum, 4 * quantum);
            int groups = (m + groupRows - 1) / groupRows;
            int blocks = (k + BlockRows - 1) / BlockRows;
            int parts = Math.Clamp(Math.Min(16 / groups, MaxPartials / Math.Max(1, rows * padded)), 1, blocks);
            bool small = (long)m * n * k <= 48 * 48 * 256;
            if (small)
            {
                (groupRows, groups, parts) = (rows, 1, 1);
            }

            using Scratch partial = Scratch.Rent(parts * rows * padded);
            var body = new Body<V>(m, n, k, a, lda, b, ldb, panels.Starts(), padded, rows, groupRows, groups, parts, partial.Data);
            WorkerPool.Shared.For(groups * parts, ref body);
            int step = small ? m : 32;
            var sum = new Sum(m, n, c, ldc, accumulate, partial.Data, parts, rows, padded, step);
            WorkerPool.Shared.For((m + step - 1) / step, ref sum);
        }
    }

    private readonly struct Body<V>(
        int m, int n, int k, float* a, int lda, float* b, int ldb, int[] starts, int padded, int rows, int groupRows, int groups, int parts, float* partial) : IBlockBody
        where V : struct, IVec<V>
    {
        [SkipLocalsInit]
        public void Invoke(int block)
        {
            int part = block / groups;
            int row = block % groups * groupRows;
            int count = Math.Min(groupRows, m - row);
            float* o = partial + ((nint)((part * rows) + row) * padded);

            int blocks = (k + BlockRows - 1) / BlockRows;
            int from = (int)((long)blocks * part / parts) * BlockRows;
            int to = Math.Min(k, (int)((long)blocks * (part + 1) / parts) * BlockRows);
            // Rows of A side by side: a large power of two between them would put them all into a few sets of the cache.
            int pitch = groupRows + 16;
            float** x = stackalloc float*[BlockRows];
            using Scratch near = Scratch.Rent(BlockRows * pitch);
            using Scratch packed = Scratch.Rent(BlockRows * 4 * V.Count);
            for (int i0 = from; i0 < to; i0 += BlockRows)
            {
                int length = Math.Min(BlockRows, to - i0);
                for (int i = 0; i < length; i++)
                {
                    x[i] = near.Data + (i * pitch);
                    new ReadOnlySpan<float>(a + ((nint)(i0 + i) * lda) + row, count).CopyTo(new Span<float>(x[i], count));
                }

                for (int p = 0; p < starts.Length - 1; p++)
                {
                    int column = starts[p] * V.Count, vectors = starts[p + 1] - starts[p], width = vectors * V.Count;
                    float* y = PackPanel<V>(b + ((nint)i0 * ldb) + column, ldb, length, Math.Min(width, n - column), width, packed.Data);
                    TileRunner<V>.Outer(vectors, x, 0, count, y, width, length, o + column, padded, i0 > from);
                }
            }
        }
    }

    private readonly struct Sum(int m, int n, float* c, int ldc, bool accumulate, float* partial, int parts, int rows, int padded, int step) : IBlockBody
    {
        public void Invoke(int block)
        {
            for (int r = block * step; r < Math.Min(m, (block + 1) * step); r++)
            {
                var o = new Span<float>(c + ((nint)r * ldc), n);
                for (int part = 0; part < parts; part++)
                {
                    var s = new ReadOnlySpan<float>(partial + ((nint)((part * rows) + r) * padded), n);
                    if (part == 0 && !accumulate)
                    {
                        s.CopyTo(o);
                    }
                    else
                    {
                        System.Numerics.Tensors.TensorPrimitives.Add(o, s, o);
                    }
                }
            }
        }
    }
}
