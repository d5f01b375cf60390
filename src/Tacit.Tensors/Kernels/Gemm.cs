using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// Single-precision matrix products on raw memory. Called inside a block of a parallel loop it runs on that thread alone;
/// elsewhere it spreads over the pool in blocks fixed by the sizes, so the bits never depend on the number of threads.
/// </summary>
/// <remarks>
/// A may be read, never used, up to 64 floats past its last row: every <see cref="Tensor"/> and <see cref="Scratch"/> allows it.
/// </remarks>
public static unsafe class Gemm
{
    /// <summary>C[m, n] (+)= op(A)[m, k] · op(B)[k, n] (+ bias[n]), then max(0, ·) if asked.</summary>
    /// <param name="transposeA">A is stored [k, m].</param>
    /// <param name="transposeB">B is stored [n, k].</param>
    /// <param name="lda">Floats between rows of A as stored; likewise <paramref name="ldb"/>, <paramref name="ldc"/>.</param>
    /// <param name="accumulate">Add to C instead of storing.</param>
    public static void Run(
        bool transposeA, bool transposeB, int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc,
        bool accumulate = false, float* bias = null, bool relu = false)
    {
        if (m == 0 || n == 0)
        {
            return;
        }

        if (k == 0)
        {
            throw new ArgumentException("A matrix product needs an inner size of at least 1.");
        }

        if (transposeA && !transposeB && bias == null && !relu)
        {
            KernelCount.MultiplyAdds(m, n, k);
            OuterProduct.Run(m, n, k, a, lda, b, ldb, c, ldc, accumulate);
            return;
        }

        if (transposeA)
        {
            using Scratch turned = Scratch.Rent(m * k);
            Turned.Write(a, lda, k, m, turned.Data, k);
            Run(false, transposeB, m, n, k, turned.Data, k, b, ldb, c, ldc, accumulate, bias, relu);
            return;
        }

        KernelCount.MultiplyAdds(m, n, k);
        var matrix = new MatrixB((nint)b, 1, 1, k, n, 0, 0, transposeB ? 1 : ldb, transposeB ? ldb : 1);
        var action = new Action(m, a, lda, matrix, c, ldc, accumulate, new Epilogue((nint)bias, relu));
        Width.Dispatch(ref action);
    }

    private struct Action(int m, float* a, int lda, MatrixB b, float* c, int ldc, bool accumulate, Epilogue epilogue) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var panels = new Panels<V>(b.Columns);
            int[] starts = panels.Starts();
            using Scratch packed = Scratch.Rent(b.Depth * panels.Padded);
            Packing<V>.Run(b, starts, packed.Data);
            var body = new Body<V>(m, a, lda, b.Depth, b.Columns, starts, packed.Data, c, ldc, accumulate, epilogue);
            WorkerPool.Shared.For(body.Blocks, ref body);
        }
    }

    private readonly struct Body<V> : IBlockBody
        where V : struct, IVec<V>
    {
        private const int DepthChunk = 1024;        // floats: a panel of 64 columns is a quarter of the second cache
        private const int MaxRows = 192;
        private const long SerialWork = 48 * 48 * 256;

        private readonly int m, k, n, lda, ldc, rowsPerBlock, rowBlocks, panelsPerBlock, panelBlocks;
        private readonly float* a, packed, c;
        private readonly int[] starts;
        private readonly bool accumulate;
        private readonly Epilogue epilogue;

        public Body(int m, float* a, int lda, int k, int n, int[] starts, float* packed, float* c, int ldc, bool accumulate, Epilogue epilogue)
        {
            this.a = a;
            this.packed = packed;
            this.c = c;
            (this.m, this.lda, this.k, this.n, this.starts) = (m, lda, k, n, starts);
            (this.ldc, this.accumulate, this.epilogue) = (ldc, accumulate, epilogue);
            int panels = starts.Length - 1;
            if ((long)m * n * k <= SerialWork)
            {
                (rowsPerBlock, rowBlocks, panelsPerBlock, panelBlocks) = (m, 1, panels, 1);
                return;
            }

            // Tall blocks, so that a panel brought into cache serves many rows; an even number of them, and columns cut too where that is few.
            rowBlocks = (m + MaxRows - 1) / MaxRows;
            rowBlocks += rowBlocks > 1 ? rowBlocks & 1 : 0;
            rowsPerBlock = ((m + rowBlocks - 1) / rowBlocks + TileRunner<V>.MaxRows - 1) / TileRunner<V>.MaxRows * TileRunner<V>.MaxRows;
            rowBlocks = (m + rowsPerBlock - 1) / rowsPerBlock;
            (panelBlocks, panelsPerBlock) = Panels<V>.Share(panels, (16 + rowBlocks - 1) / rowBlocks);
        }

        public int Blocks => rowBlocks * panelBlocks;

        [SkipLocalsInit]
        public void Invoke(int block)
        {
            int row = block / panelBlocks * rowsPerBlock;
            int rows = Math.Min(rowsPerBlock, m - row);
            int first = block % panelBlocks * panelsPerBlock;
            int last = Math.Min(starts.Length - 1, first + panelsPerBlock);
            float** x = stackalloc float*[Math.Min(rows, MaxRows)];
            float** y = stackalloc float*[Math.Min(rows, MaxRows)];
            for (int at = 0; at < rows; at += MaxRows)
            {
                int count = Math.Min(MaxRows, rows - at);
                for (int i = 0; i < count; i++)
                {
                    x[i] = a + ((nint)(row + at + i) * lda);
                    y[i] = c + ((nint)(row + at + i) * ldc);
                }

                int chunk = k <= DepthChunk * 3 / 2 ? k : DepthChunk;
                for (int depth = 0; depth < k; depth += chunk)
                {
                    nint tap = depth;
                    int inner = Math.Min(chunk, k - depth);
                    bool lastChunk = depth + inner == k;
                    for (int p = first; p < last; p++)
                    {
                        int column = starts[p] * V.Count;
                        int vectors = starts[p + 1] - starts[p];
                        float* panel = packed + ((nint)column * k) + ((nint)depth * vectors * V.Count);
                        TileRunner<V>.Product(
                            vectors, x, count, &tap, 1, inner, panel, y, column, n - column, accumulate || depth > 0, lastChunk ? epilogue : default);
                    }
                }
            }
        }
    }
}
