using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>k-means of the rows of a table: Euclidean, or spherical (by cosine).</summary>
/// <param name="Centroids">[K, D]; of unit length where spherical. Outlives every scope.</param>
/// <param name="Assignments">[N], the centroid nearest to each row.</param>
/// <param name="Counts">[K], rows of each cluster.</param>
/// <param name="Inertia">Σ ‖x − c‖² over rows and their centroids; where spherical of rows of unit length, that is Σ (2 − 2 cos).</param>
/// <param name="Iterations">How often the centroids moved.</param>
/// <param name="Splits">How often an empty cluster took half of a large one.</param>
/// <remarks>
/// Lloyd 1982. The same bits for any number of threads: each centroid is summed in double, over its rows in order, by one
/// block. A cluster that loses all its rows becomes one half of the largest: both centroids are moved a little to
/// opposite sides (Caron et al. 2018, arXiv:1807.05520, section 3.3).
/// </remarks>
public sealed record KMeans(Tensor Centroids, int[] Assignments, int[] Counts, double Inertia, int Iterations, int Splits)
{
    /// <summary>How far apart the halves of a split begin, as a share of the cluster's spread.</summary>
    private const double Perturbation = 1.0 / 64;

    /// <summary>Rounds after the last iteration that only split: a cluster may run empty in the last one.</summary>
    private const int Repairs = 8;

    /// <summary>Clusters without rows: only where there are fewer different rows than clusters.</summary>
    public int Empty => Counts.Count(count => count == 0);

    /// <summary>Clusters a table.</summary>
    /// <param name="rows">[N, D]</param>
    /// <param name="options">How many clusters, and how.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="round">Tells fits of one run apart.</param>
    /// <exception cref="TacitException">More clusters than rows, or values that are not finite.</exception>
    public static KMeans Fit(Tensor rows, KMeansOptions options, ulong seed, long round = 0)
    {
        Require(rows, options);
        int[] chosen = KMeansSeeds.Choose(rows, options, seed, round);
        int dim = rows.Shape[1];
        var start = Tensor.Lasting(new Shape(options.Clusters, dim));
        for (int j = 0; j < chosen.Length; j++)
        {
            rows.Span.Slice(chosen[j] * dim, dim).CopyTo(start.Span.Slice(j * dim, dim));
        }

        return Fit(rows, options, start, seed, round);
    }

    /// <summary>Clusters a table, beginning with given centroids.</summary>
    /// <param name="rows">[N, D]</param>
    /// <param name="options">How many clusters, and how.</param>
    /// <param name="start">[K, D]</param>
    /// <param name="seed">Of the run: it decides how clusters are split.</param>
    /// <param name="round">Tells fits of one run apart.</param>
    /// <exception cref="TacitException">More clusters than rows, or values that are not finite.</exception>
    public static KMeans Fit(Tensor rows, KMeansOptions options, Tensor start, ulong seed = 0, long round = 0)
    {
        Require(rows, options);
        if (start.Rank != 2 || start.Shape[0] != options.Clusters || start.Shape[1] != rows.Shape[1])
        {
            throw ShapeException.Mismatch("KMeans", rows.Shape, start.Shape, $"{options.Clusters} centroids of the rows' width are needed");
        }

        var centroids = start.ToLasting();
        if (options.Spherical)
        {
            Normalize(centroids);
        }

        int count = rows.Shape[0], iterations = 0, splits = 0, repairs = 0;
        var nearest = new int[count];
        var random = new RandomSequence(seed, Philox.Hash("k-means splits"), round);
        var members = new Members(count, options.Clusters);
        double last = double.PositiveInfinity;
        while (true)
        {
            double inertia = NearestCentroid.Assign(rows, centroids, options.Spherical, nearest);
            if (!double.IsFinite(inertia))
            {
                throw new TacitException("k-means met a value that is not finite; the features it was given have diverged.");
            }

            members.Sort(nearest);
            bool empty = Array.IndexOf(members.Counts, 0) >= 0;
            bool settled = last - inertia <= options.Tolerance * inertia;
            bool ended = empty ? repairs >= Repairs : settled || iterations >= options.Iterations;
            if (ended)
            {
                return new KMeans(centroids, nearest, members.Counts, inertia, iterations, splits);
            }

            repairs += empty && (settled || iterations >= options.Iterations) ? 1 : 0;
            iterations++;
            var body = new Means(rows, options.Spherical, members, centroids);
            WorkerPool.Shared.For(options.Clusters, ref body);
            splits += empty ? Split(centroids, members.Counts, inertia / count, options.Spherical, ref random) : 0;

            // After a split the inertia may rise: what came before is no measure.
            last = empty ? double.PositiveInfinity : inertia;
        }
    }

    /// <summary>The centroid nearest to each row.</summary>
    /// <param name="rows">[N, D]</param>
    /// <param name="centroids">[K, D]</param>
    /// <param name="spherical">By cosine; the centroids are of unit length.</param>
    public static int[] Assign(Tensor rows, Tensor centroids, bool spherical = false)
    {
        if (rows.Rank != 2 || centroids.Rank != 2 || rows.Shape[1] != centroids.Shape[1] || centroids.Shape[0] == 0)
        {
            throw ShapeException.Mismatch("KMeans.Assign", rows.Shape, centroids.Shape, "it takes [N, D] and [K, D] with the same D");
        }

        var nearest = new int[rows.Shape[0]];
        _ = NearestCentroid.Assign(rows, centroids, spherical, nearest);
        return nearest;
    }

    private static void Require(Tensor rows, KMeansOptions options)
    {
        if (rows.Rank != 2 || rows.Shape[1] < 1)
        {
            throw ShapeException.Unfit("KMeans", rows.Shape, "it takes [N, D]");
        }

        if (options.Clusters < 1 || options.Clusters > rows.Shape[0])
        {
            throw new TacitException($"{rows.Shape[0]} rows cannot make {options.Clusters} clusters; ask for 1 to {rows.Shape[0]}.");
        }
    }

    private static unsafe void Normalize(Tensor centroids)
    {
        int dim = centroids.Shape[1];
        for (int j = 0; j < centroids.Shape[0]; j++)
        {
            float* row = centroids.Data + ((long)j * dim);
            float scale = UnitLength.Scale(row, dim);
            for (int d = 0; d < dim; d++)
            {
                row[d] *= scale;
            }
        }
    }

    /// <summary>Each empty cluster and the largest of the others become the two halves of that one.</summary>
    private static unsafe int Split(Tensor centroids, int[] counts, double spread, bool spherical, ref RandomSequence random)
    {
        int dim = centroids.Shape[1], splits = 0;
        int[] size = [.. counts];
        double step = Perturbation * Math.Sqrt(spread / dim);
        for (int empty = 0; empty < size.Length; empty++)
        {
            if (counts[empty] > 0)
            {
                continue;
            }

            int large = Array.IndexOf(size, size.Max());
            size[empty] = size[large] / 2;
            size[large] -= size[empty];
            float* a = centroids.Data + ((long)large * dim);
            float* b = centroids.Data + ((long)empty * dim);
            for (int d = 0; d < dim; d++)
            {
                float off = (float)(step * random.NextNormal());
                b[d] = a[d] - off;
                a[d] += off;
            }

            splits++;
        }

        if (spherical)
        {
            Normalize(centroids);
        }

        return splits;
    }

    /// <summary>The rows of each cluster, in order: what makes one block the owner of one centroid.</summary>
    private sealed class Members(int count, int clusters)
    {
        public int[] Rows { get; } = new int[count];

        public int[] Starts { get; } = new int[clusters + 1];

        public int[] Counts { get; } = new int[clusters];

        public void Sort(int[] nearest)
        {
            Array.Clear(Counts);
            foreach (int cluster in nearest)
            {
                Counts[cluster]++;
            }

            for (int j = 0; j < Counts.Length; j++)
            {
                Starts[j + 1] = Starts[j] + Counts[j];
            }

            int[] at = Starts[..^1];
            for (int i = 0; i < nearest.Length; i++)
            {
                Rows[at[nearest[i]]++] = i;
            }
        }
    }

    private readonly unsafe struct Means(Tensor rows, bool spherical, Members members, Tensor centroids) : IBlockBody
    {
        public void Invoke(int cluster)
        {
            int count = members.Counts[cluster], dim = rows.Shape[1];
            if (count == 0)
            {
                return;
            }

            using Scratch memory = Scratch.Rent(2 * dim);
            double* sum = (double*)memory.Data;
            new Span<double>(sum, dim).Clear();
            foreach (int i in members.Rows.AsSpan(members.Starts[cluster], count))
            {
                float* row = rows.Data + ((long)i * dim);
                double scale = spherical ? UnitLength.Scale(row, dim) : 1;
                for (int d = 0; d < dim; d++)
                {
                    sum[d] += scale * row[d];
                }
            }

            double norm = 0;
            for (int d = 0; d < dim; d++)
            {
                norm += sum[d] * sum[d];
            }

            // Rows that cancel out have no direction: the centroid keeps its own.
            double length = spherical ? Math.Sqrt(norm) : count;
            if (length > 1e-12)
            {
                float* centroid = centroids.Data + ((long)cluster * dim);
                for (int d = 0; d < dim; d++)
                {
                    centroid[d] = (float)(sum[d] / length);
                }
            }
        }
    }
}
