using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class KMeansTests
{
    [Theory]
    [InlineData("euclidean", false)]
    [InlineData("spherical", true)]
    public void Seven_moves_are_those_of_a_plain_float64_Lloyd(string name, bool spherical)
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("predictive.safetensors").Tensors;
        var rows = Tensor.From(Hashed.Singles(400 * 9, 1), new Shape(400, 9));

        KMeans found = KMeans.Fit(rows, new KMeansOptions(12) { Spherical = spherical, Iterations = 7, Tolerance = 0 }, rows.Rows(0, 12));

        Oracle.AssertWithin(expected[$"kmeans.{name}.centroids"].Span, found.Centroids.Span, 1e-6);
        Assert.Equal(expected[$"kmeans.{name}.nearest"].ToArray().Select(v => (int)v), found.Assignments);
        Assert.Equal(expected[$"kmeans.{name}.inertia"].ToScalar(), found.Inertia, 1e-4);
        Assert.Equal(7, found.Iterations);
    }

    [Theory]
    [InlineData(KMeansStart.PlusPlus, false)]
    [InlineData(KMeansStart.Sampled, false)]
    [InlineData(KMeansStart.PlusPlus, true)]
    [InlineData(KMeansStart.Sampled, true)]
    public void Five_hundred_rows_make_thirty_clusters_none_of_them_empty(KMeansStart start, bool spherical)
    {
        var rows = Tensor.From(Hashed.Singles(500 * 128, 2), new Shape(500, 128));

        KMeans found = KMeans.Fit(rows, new KMeansOptions(30) { Start = start, Spherical = spherical }, seed: 1);

        Assert.Equal(30, found.Counts.Count(count => count > 0));
        Assert.Equal(0, found.Empty);
        Assert.Equal(500, found.Counts.Sum());
        AssertFixedPoint(rows, found, spherical);
    }

    [Fact]
    public void Well_separated_groups_are_found_whole()
    {
        // Six corners far from each other, 50 rows around each; begun from them k-means++ misses none of them.
        double[] noise = Hashed.Doubles(300 * 3, 4);
        var rows = Tensor.From([.. noise.Select((v, i) => (float)(v + (100 * Corner(i / 3 % 6, i % 3))))], new Shape(300, 3));

        KMeans found = KMeans.Fit(rows, new KMeansOptions(6), seed: 3);

        Assert.All(Enumerable.Range(0, 300), i => Assert.Equal(found.Assignments[i % 6], found.Assignments[i]));
        Assert.Equal(Enumerable.Repeat(50, 6), found.Counts);
    }

    [Fact]
    public void An_empty_cluster_becomes_half_of_the_largest()
    {
        // All of the second half of the starting centroids lie where no row is.
        var rows = Tensor.From(Hashed.Singles(200 * 4, 5), new Shape(200, 4));
        var start = Tensor.Full(new Shape(8, 4), 1000);
        rows.Span[..16].CopyTo(start.Span);

        KMeans found = KMeans.Fit(rows, new KMeansOptions(8), start);

        Assert.Equal(0, found.Empty);
        Assert.True(found.Splits >= 4, $"{found.Splits} splits");
        AssertFixedPoint(rows, found, spherical: false);
    }

    [Fact]
    public void Fewer_different_rows_than_clusters_leave_clusters_empty_and_say_so()
    {
        var rows = Tensor.From([.. Enumerable.Range(0, 60).Select(i => (float)(i % 3))], new Shape(60, 1));

        KMeans found = KMeans.Fit(rows, new KMeansOptions(5) { Iterations = 4 }, seed: 1);

        Assert.Equal(2, found.Empty);
        Assert.Equal([20, 20, 20], found.Counts.Where(count => count > 0));
    }

    [Fact]
    public void As_many_clusters_as_rows_leave_nothing_over()
    {
        var rows = Tensor.From(Hashed.Singles(17 * 5, 6), new Shape(17, 5));

        KMeans found = KMeans.Fit(rows, new KMeansOptions(17), seed: 2);

        Assert.Equal(0, found.Inertia);
        Assert.Equal(Enumerable.Repeat(1, 17), found.Counts);
    }

    [Fact]
    public void Data_far_from_the_origin_are_told_apart()
    {
        float[] near = Hashed.Singles(300 * 4, 7, 0.25);
        var rows = Tensor.From([.. near.Select(v => 4096 + v)], new Shape(300, 4));

        KMeans found = KMeans.Fit(rows, new KMeansOptions(9), seed: 1);

        AssertFixedPoint(rows, found, spherical: false, slack: 1e-3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bits_do_not_depend_on_threads(bool spherical)
    {
        var rows = Tensor.From(Hashed.Singles(3000 * 33, 8), new Shape(3000, 33));
        var options = new KMeansOptions(41) { Spherical = spherical, Iterations = 5 };
        try
        {
            WorkerPool.Configure(1);
            KMeans one = KMeans.Fit(rows, options, seed: 9);
            WorkerPool.Configure(3);
            KMeans three = KMeans.Fit(rows, options, seed: 9);
            Assert.True(one.Centroids.Span.SequenceEqual(three.Centroids.Span));
            Assert.Equal(one.Assignments, three.Assignments);
            Assert.Equal(one.Inertia, three.Inertia);
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    [Fact]
    public void Rounds_begin_elsewhere_and_repeat()
    {
        var rows = Tensor.From(Hashed.Singles(300 * 3, 10), new Shape(300, 3));
        var options = new KMeansOptions(20) { Iterations = 0 };

        KMeans first = KMeans.Fit(rows, options, seed: 1, round: 0), second = KMeans.Fit(rows, options, seed: 1, round: 1);

        Assert.False(first.Centroids.Span.SequenceEqual(second.Centroids.Span));
        Assert.True(first.Centroids.Span.SequenceEqual(KMeans.Fit(rows, options, seed: 1, round: 0).Centroids.Span));
    }

    [Fact]
    public void Assignment_takes_the_nearest_of_thousands_and_of_equals_the_first()
    {
        // More centroids than one block of products holds; each stands twice.
        float[] half = Hashed.Singles(800 * 6, 11);
        var centroids = Tensor.From([.. half, .. half], new Shape(1600, 6));
        var rows = Tensor.From([.. half.Reverse().Take(300 * 6).Reverse()], new Shape(300, 6));

        Assert.Equal(Enumerable.Range(500, 300), KMeans.Assign(rows, centroids));
    }

    [Fact]
    public void What_cannot_be_clustered_is_refused()
    {
        var rows = Tensor.From(Hashed.Singles(4 * 2, 12), new Shape(4, 2));
        Assert.Contains("4 rows cannot make 5 clusters", Assert.Throws<TacitException>(() => KMeans.Fit(rows, new KMeansOptions(5), seed: 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => KMeans.Fit(rows, new KMeansOptions(2), Tensor.Zeros(new Shape(2, 3))));
        rows.Span[3] = float.NaN;
        Assert.Contains("not finite", Assert.Throws<TacitException>(() => KMeans.Fit(rows, new KMeansOptions(2), seed: 0)).Message, StringComparison.Ordinal);
    }

    private static double Corner(int group, int axis) => axis == group % 3 ? (group < 3 ? 1 : -1) : 0;

    /// <summary>Every row lies nearest to its own centroid, measured in double, and the inertia is the sum of those distances.</summary>
    private static void AssertFixedPoint(Tensor rows, KMeans found, bool spherical, double slack = 1e-5)
    {
        int n = rows.Shape[0], dim = rows.Shape[1], k = found.Centroids.Shape[0];
        double inertia = 0;
        for (int i = 0; i < n; i++)
        {
            double[] row = [.. rows.Span.Slice(i * dim, dim).ToArray().Select(v => (double)v)];
            double norm = spherical ? Math.Sqrt(row.Sum(v => v * v)) : 1;
            double[] distances = [.. Enumerable.Range(0, k).Select(j => row.Select((v, d) => Math.Pow((v / norm) - found.Centroids[j, d], 2)).Sum())];
            Assert.InRange(distances[found.Assignments[i]] - distances.Min(), 0, slack);
            inertia += distances[found.Assignments[i]];
        }

        Assert.Equal(inertia, found.Inertia, 1e-4 * inertia);
    }
}
