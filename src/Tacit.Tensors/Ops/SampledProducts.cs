using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>The products of each query with a list of keys: y[i, s] = q[i] · k[rows[lists[i], s]]; no key is ever copied.</summary>
    /// <param name="q">[M, D]</param>
    /// <param name="k">[C, D]</param>
    /// <param name="rows">L lists of S rows of k, one after the other; a row may come more than once.</param>
    /// <param name="samples">S, at least 1.</param>
    /// <param name="lists">Each query's list, 0 … L-1; null where query i has list i.</param>
    /// <returns>[M, S]</returns>
    /// <exception cref="ArgumentException">A row or list that does not exist.</exception>
    public static Tensor SampledProducts(Tensor q, Tensor k, int[] rows, int samples, int[]? lists = null)
    {
        if (q.Rank != 2 || k.Rank != 2 || q.Shape[1] != k.Shape[1])
        {
            throw ShapeException.Mismatch("SampledProducts", q.Shape, k.Shape, "queries are [M, D] and keys [C, D]: axis 1 has one size");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        if ((lists?.Length ?? rows.Length / samples) != q.Shape[0])
        {
            throw new ArgumentException($"SampledProducts: {q.Shape[0]} queries need a list each, and there are {lists?.Length ?? rows.Length / samples}.", nameof(lists));
        }

        var plan = new Samples(lists ?? [.. Enumerable.Range(0, q.Shape[0])], rows, samples, q.Shape[1]);
        RequireRows("SampledProducts", plan.Lists, rows.Length / samples);
        foreach (int list in plan.Lists)
        {
            RequireRows("SampledProducts", rows.AsSpan(list * samples, samples), k.Shape[0]);
        }

        Tensor y = Tensor.Empty(new Shape(q.Shape[0], samples));
        fixed (int* list = plan.Lists, row = rows)
        {
            int size = Blocks.RowsOf(samples * plan.Width);
            Blocks.Run(Blocks.Count(q.Shape[0], size), new SampledKernel(q.Data, k.Data, list, row, y.Data, q.Shape[0], samples, plan.Width, size));
        }

        if (Tape.Wants(q, k))
        {
            Tape.Add(new SampledNode(q, k, y, plan));
        }

        return y;
    }

    private sealed record Samples(int[] Lists, int[] Rows, int Count, int Width);

    private sealed class SampledNode(Tensor q, Tensor k, Tensor y, Samples plan) : Node("SampledProducts", y)
    {
        public override void Backward()
        {
            fixed (int* list = plan.Lists, row = plan.Rows)
            {
                if (q.RequiresGrad)
                {
                    int queries = q.Shape[0], size = Blocks.RowsOf(plan.Count * plan.Width);
                    Blocks.Run(Blocks.Count(queries, size), new QueryGradient(k.Data, list, row, Output.GradientData, queries, plan.Count, plan.Width, size, q.GradientTarget()));
                }

                if (k.RequiresGrad)
                {
                    ToKeys(list, row);
                }
            }
        }

        /// <summary>dk[c] = Σ dy[i, s] q[i] over the pairs (i, s) that chose c, in their order: each row of the target has one owner.</summary>
        private void ToKeys(int* list, int* row)
        {
            int keys = k.Shape[0], samples = plan.Count, queries = q.Shape[0], pairs = queries * samples;
            using Scratch ends = Scratch.Rent(keys + 1);
            using Scratch sorted = Scratch.Rent(pairs);
            int* end = (int*)ends.Data, order = (int*)sorted.Data;
            new Span<int>(end, keys + 1).Clear();
            for (int p = 0; p < pairs; p++)
            {
                end[row[(list[p / samples] * samples) + (p % samples)] + 1]++;
            }

            for (int c = 0; c < keys; c++)
            {
                end[c + 1] += end[c];
            }

            // Filling moves every key's beginning to its end.
            for (int p = 0; p < pairs; p++)
            {
                order[end[row[(list[p / samples] * samples) + (p % samples)]]++] = p;
            }

            int size = Blocks.RowsOf(plan.Width * Math.Max(1, pairs / Math.Max(1, keys)));
            Blocks.Run(Blocks.Count(keys, size), new KeyGradient(q.Data, Output.GradientData, end, order, keys, samples, plan.Width, size, k.GradientTarget()));
        }
    }

    private readonly struct SampledKernel(float* q, float* k, int* lists, int* rows, float* y, int queries, int samples, int width, int size) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(queries, (block + 1) * size);
            for (int i = block * size; i < end; i++)
            {
                int* list = rows + ((long)lists[i] * samples);
                for (int s = 0; s < samples; s++)
                {
                    y[((long)i * samples) + s] = (float)RowMath.Dot<V>(q + ((long)i * width), k + ((long)list[s] * width), width);
                }
            }
        }
    }

    /// <summary>dq[i] = Σ dy[i, s] k[row(i, s)].</summary>
    private readonly struct QueryGradient(float* k, int* lists, int* rows, float* dy, int queries, int samples, int width, int size, Gradient target) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(queries, (block + 1) * size);
            for (int i = block * size; i < end; i++)
            {
                int* list = rows + ((long)lists[i] * samples);
                float* to = target.Data + ((long)i * width);
                for (int s = 0; s < samples; s++)
                {
                    AddTimes<V>(k + ((long)list[s] * width), dy[((long)i * samples) + s], to, target.Add || s > 0, width);
                }
            }
        }
    }

    private readonly struct KeyGradient(float* q, float* dy, int* ends, int* pairs, int keys, int samples, int width, int size, Gradient target) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(keys, (block + 1) * size);
            for (int c = block * size; c < end; c++)
            {
                float* to = target.Data + ((long)c * width);
                bool add = target.Add;
                for (int at = c == 0 ? 0 : ends[c - 1]; at < ends[c]; at++)
                {
                    AddTimes<V>(q + ((long)(pairs[at] / samples) * width), dy[pairs[at]], to, add, width);
                    add = true;
                }

                if (!add)
                {
                    new Span<float>(to, width).Clear();
                }
            }
        }
    }

    private static void AddTimes<V>(float* from, float factor, float* to, bool add, int n)
        where V : struct, IVec<V>
    {
        V times = V.Broadcast(factor);
        for (int i = 0; i < n; i += V.Count)
        {
            RowMath.Put(V.Load(from + i) * times, to + i, add, n - i);
        }
    }
}
