using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>The products of each query with some keys of its own: y[i, s] = q[i] · k[rows[i · S + s]]; the keys are never copied.</summary>
    /// <param name="q">[M, D]</param>
    /// <param name="k">[C, D]</param>
    /// <param name="rows">M · S rows of k, query after query; a row may come more than once.</param>
    /// <returns>[M, S]</returns>
    /// <exception cref="ArgumentException">A row that does not exist, or rows that are not as many for each query.</exception>
    public static Tensor SampledProducts(Tensor q, Tensor k, int[] rows)
    {
        if (q.Rank != 2 || k.Rank != 2 || q.Shape[1] != k.Shape[1])
        {
            throw ShapeException.Mismatch("SampledProducts", q.Shape, k.Shape, "queries are [M, D] and keys [C, D]: axis 1 has one size");
        }

        int queries = q.Shape[0], width = q.Shape[1], samples = rows.Length / Math.Max(1, queries);
        if (samples * queries != rows.Length)
        {
            throw new ArgumentException($"SampledProducts: {rows.Length} rows are not as many for each of {queries} queries.", nameof(rows));
        }

        RequireRows("SampledProducts", rows, k.Shape[0]);
        Tensor y = Tensor.Empty(new Shape(queries, samples));
        fixed (int* chosen = rows)
        {
            int size = Blocks.RowsOf(samples * width);
            Blocks.Run(Blocks.Count(queries, size), new SampledKernel(q.Data, k.Data, chosen, y.Data, queries, samples, width, size));
        }

        if (Tape.Wants(q, k))
        {
            Tape.Add(new SampledNode(q, k, y, [.. rows]));
        }

        return y;
    }

    private sealed class SampledNode(Tensor q, Tensor k, Tensor y, int[] rows) : Node("SampledProducts", y)
    {
        // dq[i] = Σ dy[i, s] k[rows[i, s]]; dk[c] = Σ dy[i, s] q[i] over the pairs that chose c, in their order: each row has one owner.
        public override void Backward()
        {
            int queries = q.Shape[0], keys = k.Shape[0], width = q.Shape[1], samples = Output.Shape[1];
            int[] ends = new int[queries], pairs = new int[rows.Length];
            if (q.RequiresGrad)
            {
                for (int i = 0; i < rows.Length; i++)
                {
                    pairs[i] = i;
                    ends[i / samples] = i + 1;
                }

                Collect(k.Data, rows, null, ends, pairs, queries, width, q.GradientTarget());
            }

            if (k.RequiresGrad)
            {
                ends = new int[keys];
                foreach (int row in rows)
                {
                    ends[row]++;
                }

                for (int c = 0, end = 0; c < keys; c++)
                {
                    (ends[c], end) = (end, end + ends[c]);
                }

                for (int i = 0; i < rows.Length; i++)
                {
                    pairs[ends[rows[i]]++] = i;     // which moves each row's start to its end
                }

                Collect(q.Data, null, samples, ends, pairs, keys, width, k.GradientTarget());
            }
        }

        private void Collect(float* x, int[]? of, int? share, int[] ends, int[] pairs, int count, int width, Gradient target)
        {
            fixed (int* from = of, end = ends, pair = pairs)
            {
                int size = Blocks.RowsOf(width * Math.Max(1, pairs.Length / Math.Max(1, count)));
                Blocks.Run(Blocks.Count(count, size), new SampledGradient(x, from, share ?? 1, Output.GradientData, end, pair, count, width, size, target));
            }
        }
    }

    private readonly struct SampledKernel(float* q, float* k, int* rows, float* y, int queries, int samples, int width, int size) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(queries, (block + 1) * size) * samples;
            for (int i = block * size * samples; i < end; i++)
            {
                y[i] = (float)RowMath.Dot<V>(q + ((long)(i / samples) * width), k + ((long)rows[i] * width), width);
            }
        }
    }

    /// <summary>Row r of the target takes dy[p] times the row that pair p brings, for each pair p of r.</summary>
    private readonly struct SampledGradient(
        float* x, int* rows, int share, float* dy, int* ends, int* pairs, int count, int width, int size, Gradient target) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(count, (block + 1) * size);
            for (int r = block * size; r < end; r++)
            {
                float* to = target.Data + ((long)r * width);
                if (!target.Add)
                {
                    new Span<float>(to, width).Clear();
                }

                for (int at = r == 0 ? 0 : ends[r - 1]; at < ends[r]; at++)
                {
                    int pair = pairs[at];
                    float* from = x + ((long)(rows is null ? pair / share : rows[pair]) * width);
                    V weight = V.Broadcast(dy[pair]);
                    for (int d = 0; d < width; d += V.Count)
                    {
                        RowMath.Put(V.Load(from + d) * weight, to + d, true, width - d);
                    }
                }
            }
        }
    }
}
