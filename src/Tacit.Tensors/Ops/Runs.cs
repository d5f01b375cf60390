using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>Copies, or adds, runs of numbers that lie a fixed step apart: concatenation, slices, padding and their gradients.</summary>
internal static unsafe class Runs
{
    /// <summary>to[r * toStep + i] (+)= from[r * fromStep + i] for 0 ≤ r &lt; count, 0 ≤ i &lt; length.</summary>
    public static void Copy(float* from, long fromStep, float* to, long toStep, int count, int length, bool add)
    {
        int chunks = Math.Max(1, Blocks.Count(length));
        int rows = chunks > 1 ? 1 : Blocks.RowsOf(length);
        Blocks.Run(length == 0 ? 0 : chunks * Blocks.Count(count, rows), new Kernel(from, fromStep, to, toStep, count, length, add, chunks, rows));
    }

    private readonly struct Kernel(float* from, long fromStep, float* to, long toStep, int count, int length, bool add, int chunks, int rows) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int start = block % chunks * Blocks.Length;
            int n = Math.Min(length - start, Blocks.Length);
            int first = block / chunks * rows;
            int end = first + Math.Min(rows, count - first);
            for (int r = first; r < end; r++)
            {
                Row<V>(from + (r * fromStep) + start, to + (r * toStep) + start, add, n);
            }
        }

        private static void Row<V>(float* from, float* to, bool add, int n)
            where V : struct, IVec<V>
        {
            for (int i = 0; i < n; i += V.Count)
            {
                RowMath.Put(V.Load(from + i), to + i, add, n - i);
            }
        }
    }
}
