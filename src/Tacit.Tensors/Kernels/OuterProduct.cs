using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// Products whose first operand is transposed (weight gradients): sums run in blocks of at most 128 rows that each
/// start from zero, and blocks are added in order, so that long sums keep their accuracy and their bits. B's side of a block is copied
/// next to each other for the many tiles that read it, A's is read where it lies: so few rows stay in cache whatever lies between them,
/// and what is not there yet comes while tiles compute.
/// </summary>
internal static unsafe class OuterProduct
{
    public const int BlockRows = 512;           // of a convolution's places
    private const int Depth = 128;              // rows of a block of a product: a panel of them fits the first cache

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

    /// <summary>How the work is cut into blocks: rows of C, panels of its columns, and the long sum.</summary>
    /// <param name="RowBlocks">Blocks of rows of C: each packs all of its B again.</param>
    /// <param name="PanelBlocks">Blocks of panels: each copies all of its A again.</param>
    /// <param name="Parts">Parts of the sum, each with a C of its own.</param>
    private readonly record struct Plan(int RowBlocks, int PanelBlocks, int Parts)
    {
        private const int Wanted = 16;      // blocks, so that threads share them evenly

        /// <summary>The plan of 16 blocks, or as many as there can be, that moves the least memory.</summary>
        public static Plan Of(long m, long n, long k, int rowUnits, int panels, int parts)
        {
            var best = new Plan(1, 1, 1);
            long lowest = long.MaxValue;
            int most = 1;
            for (int part = 1; part <= Math.Min(parts, Wanted); part++)
            {
                for (int row = 1; row <= Math.Min(rowUnits, Wanted); row++)
                {
                    int panel = Math.Min(panels, (Wanted + (part * row) - 1) / (part * row));
                    int blocks = Math.Min(Wanted, part * row * panel);
                    long moved = (m * k * panel) + (n * k * row) + (2 * part * m * n);
                    if (blocks > most || (blocks == most && moved < lowest))
                    {
                        (best, most, lowest) = (new Plan(row, panel, part), blocks, moved);
                    }
                }
            }

            return best;
        }
    }

    private struct Action(int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc, bool accumulate) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var panels = new Panels<V>(n);
            int[] starts = panels.Starts();
            int padded = panels.Padded, quantum = TileRunner<V>.RowQuantum;
            int units = (m + quantum - 1) / quantum, rows = units * quantum;
            int blocks = (k + Depth - 1) / Depth;
            bool small = (long)m * n * k <= 48 * 48 * 256;
            Plan plan = small ? new Plan(1, 1, 1) : Plan.Of(m, n, k, units, starts.Length - 1, Math.Clamp(MaxPartials / Math.Max(1, rows * padded), 1, blocks));
            using Scratch partial = Scratch.Rent(plan.Parts * rows * padded);
            var body = new Body<V>(m, n, k, a, lda, b, ldb, starts, padded, rows, plan, partial.Data);
            WorkerPool.Shared.For(plan.RowBlocks * plan.PanelBlocks * plan.Parts, ref body);
            int step = small ? m : 32;
            var sum = new Sum(m, n, c, ldc, accumulate, partial.Data, plan.Parts, rows, padded, step);
            WorkerPool.Shared.For((m + step - 1) / step, ref sum);
        }
    }

    private readonly struct Body<V>(
        int m, int n, int k, float* a, int lda, float* b, int ldb, int[] starts, int padded, int rows, Plan plan, float* partial) : IBlockBody
        where V : struct, IVec<V>
    {
        private const int NearRows = 48;        // of C, whose A a block goes through once for each of some panels
        private const int NearPanels = 4;

        public void Invoke(int block)
        {
            int rowBlock = block % plan.RowBlocks, panelBlock = block / plan.RowBlocks % plan.PanelBlocks, part = block / (plan.RowBlocks * plan.PanelBlocks);
            int units = rows / TileRunner<V>.RowQuantum, panels = starts.Length - 1, blocks = (k + Depth - 1) / Depth;
            int fromRow = Share(units, rowBlock, plan.RowBlocks) * TileRunner<V>.RowQuantum;
            int toRow = Math.Min(m, Share(units, rowBlock + 1, plan.RowBlocks) * TileRunner<V>.RowQuantum);
            int length = (k + blocks - 1) / blocks;     // of equal size: a short last one would cost as much to set up
            int from = Share(blocks, part, plan.Parts) * length, to = Math.Min(k, Share(blocks, part + 1, plan.Parts) * length);
            int firstPanel = Share(panels, panelBlock, plan.PanelBlocks), lastPanel = Share(panels, panelBlock + 1, plan.PanelBlocks);
            for (int i = from; i < to; i += length)
            {
                for (int p = firstPanel; p < lastPanel; p += NearPanels)
                {
                    Run(i, Math.Min(length, to - i), fromRow, toRow, p, Math.Min(lastPanel, p + NearPanels), partial + ((nint)part * rows * padded), i > from);
                }
            }
        }

        private static int Share(int count, int at, int of) => (int)((long)count * at / of);

        /// <summary>Some rows of the sum, for some rows and panels of C.</summary>
        [SkipLocalsInit]
        private void Run(int first, int length, int fromRow, int toRow, int firstPanel, int lastPanel, float* o, bool add)
        {
            using Scratch packed = Scratch.Rent(Depth * NearPanels * 4 * V.Count);
            int start = starts[firstPanel] * V.Count;
            for (int p = firstPanel; p < lastPanel; p++)
            {
                int column = starts[p] * V.Count, width = (starts[p + 1] * V.Count) - column;
                PackPanel<V>(b + ((nint)first * ldb) + column, ldb, length, Math.Min(width, n - column), width, packed.Data + ((nint)(column - start) * length));
            }

            float** x = stackalloc float*[Depth];
            for (int i = 0; i < length; i++)
            {
                x[i] = a + ((nint)(first + i) * lda);
            }

            for (int row = fromRow; row < toRow; row += NearRows)
            {
                int count = Math.Min(NearRows, toRow - row);
                for (int p = firstPanel; p < lastPanel; p++)
                {
                    int column = starts[p] * V.Count, vectors = starts[p + 1] - starts[p];
                    TileRunner<V>.Outer(
                        vectors, x, row, count, packed.Data + ((nint)(column - start) * length), vectors * V.Count, length, o + ((nint)row * padded) + column, padded, add);
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
