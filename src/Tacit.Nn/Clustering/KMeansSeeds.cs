using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Nn;

/// <summary>The rows that k-means begins with.</summary>
internal static class KMeansSeeds
{
    private const int RowBlock = 1024;

    /// <returns>Different rows, one for each cluster.</returns>
    public static int[] Choose(Tensor rows, KMeansOptions options, ulong seed, long round) =>
        options.Start == KMeansStart.Sampled
            ? Philox.Permutation(rows.Shape[0], seed, Philox.Hash("k-means"), round)[..options.Clusters]
            : PlusPlus(rows, options, new RandomSequence(seed, Philox.Hash("k-means"), round));

    private static int[] PlusPlus(Tensor rows, KMeansOptions options, RandomSequence random)
    {
        int count = rows.Shape[0];
        var chosen = new int[options.Clusters];
        var distances = Tensor.Lasting(new Shape(count));       // squared, to the nearest chosen row; -1 marks a chosen one
        distances.Span.Fill(float.PositiveInfinity);
        var sums = new double[(count + RowBlock - 1) / RowBlock];
        chosen[0] = random.NextInt(count);
        for (int c = 1; c < chosen.Length; c++)
        {
            distances.Span[chosen[c - 1]] = -1;
            var body = new Body(rows, chosen[c - 1], options.Spherical, distances, sums);
            WorkerPool.Shared.For(sums.Length, ref body);

            // Two words: one has too few bits to reach every row of a large table.
            double at = (random.NextUInt() + (random.NextUInt() / 4294967296.0)) / 4294967296.0;
            chosen[c] = Draw(distances.Span, sums, at);
        }

        return chosen;
    }

    /// <summary>The row at a share of the total; where all that is left is copies of chosen rows, any of those.</summary>
    private static int Draw(ReadOnlySpan<float> distances, double[] sums, double share)
    {
        double total = TensorPrimitives.Sum<double>(sums), left = share * total;
        if (!(total > 0))
        {
            return Unchosen(distances, share);
        }

        int block = 0;
        while (block < sums.Length - 1 && left >= sums[block])
        {
            left -= sums[block++];
        }

        int last = -1;
        for (int i = block * RowBlock; i < distances.Length; i++)
        {
            if (distances[i] > 0)
            {
                last = i;
                left -= distances[i];
                if (left < 0)
                {
                    break;
                }
            }
        }

        return last >= 0 ? last : Unchosen(distances, share);
    }

    private static int Unchosen(ReadOnlySpan<float> distances, double share)
    {
        int i = (int)(share * distances.Length);
        while (distances[i] < 0)
        {
            i = (i + 1) % distances.Length;
        }

        return i;
    }

    private readonly unsafe struct Body(Tensor rows, int newest, bool spherical, Tensor distances, double[] sums) : IBlockBody
    {
        public void Invoke(int block)
        {
            int dim = rows.Shape[1], end = Math.Min(rows.Shape[0], (block + 1) * RowBlock);
            float* center = rows.Data + ((long)newest * dim);
            float scale = spherical ? UnitLength.Scale(center, dim) : 1;
            float* distance = distances.Data;
            double sum = 0;
            for (int i = block * RowBlock; i < end; i++)
            {
                float* row = rows.Data + ((long)i * dim);
                if (distance[i] > 0)
                {
                    var x = new ReadOnlySpan<float>(row, dim);
                    var c = new ReadOnlySpan<float>(center, dim);
                    float off = spherical
                        ? Math.Max(0, 2 - (2 * TensorPrimitives.Dot(x, c) * scale * UnitLength.Scale(row, dim)))
                        : Square(TensorPrimitives.Distance(x, c));
                    distance[i] = Math.Min(distance[i], off);
                    sum += distance[i];
                }
            }

            sums[block] = sum;
        }

        private static float Square(float x) => x * x;
    }
}
