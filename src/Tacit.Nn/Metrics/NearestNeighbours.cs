using System.Runtime.CompilerServices;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;
using Tacit.Tensors.Simd;

namespace Tacit.Nn;

/// <summary>The rows of a bank nearest to each query by cosine, best first; of equal ones the earlier row.</summary>
/// <param name="K">Neighbours of each query.</param>
/// <param name="Rows">[queries × K], rows of the bank.</param>
/// <param name="Similarities">[queries × K], cosines.</param>
/// <remarks>
/// Exact: every query is held against every row, in blocks whose products stay in cache, so that memory does not grow
/// with queries × rows.
/// </remarks>
public sealed record NearestNeighbours(int K, int[] Rows, float[] Similarities)
{
    private const int QueryBlock = 128;
    private const int BankBlock = 2048;

    /// <param name="queries">[Q, D]</param>
    /// <param name="bank">[N, D]; neither needs unit length.</param>
    /// <param name="k">How many, at most N.</param>
    public static unsafe NearestNeighbours Find(Tensor queries, Tensor bank, int k)
    {
        if (queries.Rank != 2 || bank.Rank != 2 || queries.Shape[1] != bank.Shape[1])
        {
            throw ShapeException.Mismatch("NearestNeighbours", queries.Shape, bank.Shape, "it takes [Q, D] and [N, D] with the same D");
        }

        if (k < 1 || k > bank.Shape[0])
        {
            throw new ArgumentOutOfRangeException(nameof(k), k, $"A bank of {bank.Shape[0]} has 1 to {bank.Shape[0]} neighbours.");
        }

        int count = queries.Shape[0];
        var found = new NearestNeighbours(k, new int[count * k], new float[count * k]);
        fixed (float* scales = InverseNorms(bank))
        fixed (int* rows = found.Rows)
        fixed (float* similarities = found.Similarities)
        {
            var body = new Body(queries, bank, k, scales, rows, similarities);
            WorkerPool.Shared.For((count + QueryBlock - 1) / QueryBlock, ref body);
        }

        GC.KeepAlive(queries);
        GC.KeepAlive(bank);
        return found;
    }

    /// <summary>1 / ‖row‖, with at least 1e-12 for the norm: a row of zeros is similar to nothing.</summary>
    private static unsafe float[] InverseNorms(Tensor x)
    {
        // The kernels read whole registers past the end.
        float[] inverse = GC.AllocateArray<float>(x.Shape[0] + 16, pinned: true);
        for (int i = 0; i < x.Shape[0]; i++)
        {
            inverse[i] = (float)(1 / Math.Max(Math.Sqrt(SquareSum.Of(x.Data + ((long)i * x.Shape[1]), x.Shape[1])), 1e-12));
        }

        return inverse;
    }

    private readonly unsafe struct Body(Tensor queries, Tensor bank, int k, float* scales, int* rows, float* similarities) : IBlockBody
    {
        public void Invoke(int block)
        {
            int dim = bank.Shape[1], first = block * QueryBlock, count = Math.Min(QueryBlock, queries.Shape[0] - first);
            using Scratch products = Scratch.Rent((QueryBlock * BankBlock) + 16);
            for (int start = 0; start < bank.Shape[0]; start += BankBlock)
            {
                int width = Math.Min(BankBlock, bank.Shape[0] - start);
                float* query = queries.Data + ((long)first * dim);
                Gemm.Run(false, true, count, width, dim, query, dim, bank.Data + ((long)start * dim), dim, products.Data, BankBlock);
                for (int q = 0; q < count; q++)
                {
                    long at = (long)(first + q) * k;
                    var action = new Select(products.Data + ((long)q * BankBlock), scales + start, start, width, new Worst(similarities + at, rows + at, k));
                    Width.Dispatch(ref action);
                }
            }

            for (int q = 0; q < count; q++)
            {
                long at = (long)(first + q) * k;
                new Worst(similarities + at, rows + at, k).Sort();
                float* query = queries.Data + ((long)(first + q) * dim);
                float scale = (float)(1 / Math.Max(Math.Sqrt(SquareSum.Of(query, dim)), 1e-12));
                for (int i = 0; i < k; i++)
                {
                    similarities[at + i] *= scale;
                }
            }
        }
    }

    /// <summary>Offers a run of products to a heap, 64 at a time; most runs hold nothing better and are passed over whole.</summary>
    private readonly unsafe struct Select(float* products, float* scales, int start, int count, Worst worst) : IWidthAction
    {
        private const int Run = 64;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            for (int i = 0; i < count; i += Run)
            {
                int end = Math.Min(count, i + Run);
                V max = V.Broadcast(float.NegativeInfinity);
                int j = i;
                for (; j <= end - V.Count; j += V.Count)
                {
                    V scaled = V.Load(products + j) * V.Load(scales + j);
                    scaled.Store(products + j);
                    max = V.Max(max, scaled);
                }

                float best = max.MaxLane();
                for (; j < end; j++)
                {
                    products[j] *= scales[j];
                    best = MathF.Max(best, products[j]);
                }

                // The first k rows fill the heap; NaN, which compares with nothing, gets there only as the worst.
                if (start + i < worst.Size || !(best <= worst.Limit))
                {
                    for (j = i; j < end; j++)
                    {
                        worst.Offer(start + j, products[j] > float.NegativeInfinity ? products[j] : float.NegativeInfinity);
                    }
                }
            }
        }
    }

    /// <summary>A heap with the worst of the k best on top: the least similar, of equal ones the last row.</summary>
    private readonly unsafe struct Worst(float* similarities, int* rows, int k)
    {
        public int Size => k;

        public float Limit => similarities[0];

        public void Offer(int row, float similarity)
        {
            if (row < k)
            {
                // Rows come in order, so the heap fills with them; it becomes one when full.
                similarities[row] = similarity;
                rows[row] = row;
                for (int i = row == k - 1 ? (k / 2) - 1 : -1; i >= 0; i--)
                {
                    Sink(i, k);
                }
            }
            else if (similarity > similarities[0])
            {
                similarities[0] = similarity;
                rows[0] = row;
                Sink(0, k);
            }
        }

        /// <summary>Best first.</summary>
        public void Sort()
        {
            for (int last = k - 1; last > 0; last--)
            {
                Swap(0, last);
                Sink(0, last);
            }
        }

        private void Sink(int i, int size)
        {
            while (true)
            {
                int worst = i, left = (2 * i) + 1;
                worst = left < size && IsWorse(left, worst) ? left : worst;
                worst = left + 1 < size && IsWorse(left + 1, worst) ? left + 1 : worst;
                if (worst == i)
                {
                    return;
                }

                Swap(i, worst);
                i = worst;
            }
        }

        private bool IsWorse(int a, int b) => similarities[a] < similarities[b] || (similarities[a] == similarities[b] && rows[a] > rows[b]);

        private void Swap(int a, int b)
        {
            (similarities[a], similarities[b]) = (similarities[b], similarities[a]);
            (rows[a], rows[b]) = (rows[b], rows[a]);
        }
    }
}
