using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Nn;

/// <summary>How strongly points attract each other in t-SNE: p_ij = (p_j|i + p_i|j) / 2N.</summary>
/// <remarks>
/// Up to <see cref="DenseLimit"/> points every pair counts (van der Maaten and Hinton 2008); above it only three times the perplexity
/// of nearest ones for each point (van der Maaten 2014, section 4.1).
/// </remarks>
internal sealed unsafe class Affinities
{
    public const int DenseLimit = 2500;

    private Affinities(int count, Tensor? dense, int[] starts, int[] columns, float[] values) =>
        (Count, Dense, Starts, Columns, Values) = (count, dense, starts, columns, values);

    public int Count { get; }

    /// <summary>[N, N] with zeros on the diagonal; null where only neighbours count.</summary>
    public Tensor? Dense { get; }

    /// <summary>Where each point's neighbours begin in <see cref="Columns"/> and <see cref="Values"/>; empty where dense.</summary>
    public int[] Starts { get; }

    public int[] Columns { get; }

    public float[] Values { get; }

    /// <param name="rows">[N, D], centred, at least two rows.</param>
    /// <param name="perplexity">From 1.</param>
    /// <param name="denseLimit">Most points whose pairs all count.</param>
    public static Affinities Of(Tensor rows, double perplexity, int denseLimit = DenseLimit)
    {
        var distances = new SquaredDistances(rows);
        int n = distances.Count, near = n <= denseLimit ? n - 1 : Math.Min(n - 1, (int)(3 * perplexity));
        var columns = new int[n * near];
        var values = new float[n * near];
        var body = new Body(distances, perplexity, near, columns, values);
        WorkerPool.Shared.For(distances.Blocks, ref body);
        return near == n - 1 ? Full(n, values) : Sparse(n, near, columns, values);
    }

    /// <summary>Every row holds all others in order.</summary>
    private static Affinities Full(int n, float[] values)
    {
        var dense = Tensor.Lasting(new Shape(n, n));
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
            {
                float p = (values[(i * (n - 1)) + j] + values[(j * (n - 1)) + i - 1]) / (2 * n);
                dense.Data[((long)i * n) + j] = p;
                dense.Data[((long)j * n) + i] = p;
            }
        }

        return new Affinities(n, dense, [], [], []);
    }

    private static Affinities Sparse(int n, int near, int[] columns, float[] values)
    {
        var rows = new SortedDictionary<int, float>[n];
        for (int i = 0; i < n; i++)
        {
            rows[i] = [];
        }

        for (int at = 0; at < columns.Length; at++)
        {
            (int i, int j, float half) = (at / near, columns[at], values[at] / (2 * n));
            rows[i][j] = rows[i].GetValueOrDefault(j) + half;
            rows[j][i] = rows[j].GetValueOrDefault(i) + half;
        }

        var starts = new int[n + 1];
        for (int i = 0; i < n; i++)
        {
            starts[i + 1] = starts[i] + rows[i].Count;
        }

        return new Affinities(n, null, starts, [.. rows.SelectMany(row => row.Keys)], [.. rows.SelectMany(row => row.Values)]);
    }

    /// <summary>Some points: their nearest others, and how much each of these counts.</summary>
    private readonly struct Body(SquaredDistances distances, double perplexity, int near, int[] columns, float[] values) : IBlockBody
    {
        public void Invoke(int block)
        {
            int n = distances.Count;
            using Scratch memory = Scratch.Rent(SquaredDistances.BlockRows * n);
            int count = distances.Fill(block, memory.Data);
            var chosen = new double[near];
            var shares = new double[near];
            for (int i = 0; i < count; i++)
            {
                int point = (block * SquaredDistances.BlockRows) + i;
                var all = new ReadOnlySpan<float>(memory.Data + ((long)i * n), n);
                Span<int> others = columns.AsSpan(point * near, near);
                if (near == n - 1)
                {
                    for (int j = 0; j < near; j++)
                    {
                        others[j] = j < point ? j : j + 1;
                    }
                }
                else
                {
                    Nearest(all, point, others);
                }

                for (int j = 0; j < near; j++)
                {
                    chosen[j] = all[others[j]];
                }

                Perplexity.Calibrate(chosen, perplexity, shares);
                TensorPrimitives.ConvertTruncating<double, float>(shares, values.AsSpan(point * near, near));
            }
        }

        /// <summary>The nearest others, nearest first, kept sorted while all are looked at; of equally near ones the earlier.</summary>
        private static void Nearest(ReadOnlySpan<float> distances, int point, Span<int> nearest)
        {
            int kept = 0;
            for (int j = 0; j < distances.Length; j++)
            {
                if (j == point || (kept == nearest.Length && !(distances[j] < distances[nearest[^1]])))
                {
                    continue;
                }

                int at = kept < nearest.Length ? kept++ : kept - 1;
                for (; at > 0 && distances[j] < distances[nearest[at - 1]]; at--)
                {
                    nearest[at] = nearest[at - 1];
                }

                nearest[at] = j;
            }
        }
    }
}
