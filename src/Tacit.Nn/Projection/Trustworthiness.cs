using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Whether the neighbours that a projection shows are neighbours in truth: 1 where all are, about ½ where they are random.</summary>
/// <remarks>
/// Venna and Kaski 2001, "Neighborhood preservation in nonlinear projection methods", equation 2: each of the k nearest in the
/// projection that is not among the k nearest in truth costs its true rank beyond k.
/// </remarks>
public static class Trustworthiness
{
    /// <param name="features">[N, D]</param>
    /// <param name="projection">[N, C]</param>
    /// <param name="k">Neighbours, below N / 2.</param>
    /// <remarks>Euclidean on both sides; of equally near rows the earlier is nearer.</remarks>
    public static unsafe double Of(Tensor features, Tensor projection, int k = 12)
    {
        if (features.Rank != 2 || projection.Rank != 2 || features.Shape[0] != projection.Shape[0])
        {
            throw ShapeException.Mismatch("Trustworthiness", features.Shape, projection.Shape, "it takes [N, D] and [N, C]");
        }

        int n = features.Shape[0];
        if (k < 1 || 2 * k >= n)
        {
            throw new ArgumentOutOfRangeException(nameof(k), k, $"Of {n} rows 1 to {(n - 1) / 2} neighbours can be looked at.");
        }

        var truth = new SquaredDistances(Centred.Of(features));
        var shown = new SquaredDistances(Centred.Of(projection));
        var costs = new long[truth.Blocks];
        var body = new Body(truth, shown, k, costs);
        WorkerPool.Shared.For(costs.Length, ref body);
        return 1 - (2.0 * costs.Sum() / ((double)n * k * ((2.0 * n) - (3.0 * k) - 1)));
    }

    private readonly unsafe struct Body(SquaredDistances truth, SquaredDistances shown, int k, long[] costs) : IBlockBody
    {
        public void Invoke(int block)
        {
            int n = truth.Count;
            using Scratch there = Scratch.Rent(SquaredDistances.BlockRows * n), here = Scratch.Rent(SquaredDistances.BlockRows * n);
            int count = truth.Fill(block, there.Data);
            shown.Fill(block, here.Data);
            var rank = new int[n];
            for (int i = 0; i < count; i++)
            {
                int point = (block * SquaredDistances.BlockRows) + i;
                int[] near = Order(new ReadOnlySpan<float>(there.Data + ((long)i * n), n), point);
                for (int place = 0; place < near.Length; place++)
                {
                    rank[near[place]] = place + 1;
                }

                foreach (int j in Order(new ReadOnlySpan<float>(here.Data + ((long)i * n), n), point).AsSpan(0, k))
                {
                    costs[block] += Math.Max(0, rank[j] - k);
                }
            }
        }

        /// <summary>All others, nearest first.</summary>
        private static int[] Order(ReadOnlySpan<float> distances, int point)
        {
            (float Distance, int Row)[] all = new (float, int)[distances.Length];
            for (int j = 0; j < all.Length; j++)
            {
                all[j] = (j == point ? -1 : distances[j], j);
            }

            Array.Sort(all);
            return [.. all.Skip(1).Select(pair => pair.Row)];
        }
    }
}
