using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn.Projection;

public sealed class TSneTests
{
    [Fact]
    public void Perplexity_of_two_neighbours_by_hand()
    {
        // Shares 0.8 and 0.2 mean e^(3β) = 4; their perplexity is 2^H with H = 0.8 log2 1.25 + 0.2 log2 5.
        double perplexity = Math.Pow(2, (0.8 * Math.Log2(1.25)) + (0.2 * Math.Log2(5)));
        double[] shares = new double[2];

        double beta = Perplexity.Calibrate([100, 103], perplexity, shares);

        Assert.Equal(Math.Log(4) / 3, beta, 1e-6);
        Assert.Equal(0.8, shares[0], 1e-6);
        Assert.Equal(0.2, shares[1], 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(99.5)]
    public void Calibration_meets_the_logarithm_of_the_perplexity(double perplexity)
    {
        double[] distances = [.. Hashed.Doubles(100, 4).Select(v => 1e4 + (300 * v))], shares = new double[100];

        Perplexity.Calibrate(distances, perplexity, shares);

        Assert.Equal(1, shares.Sum(), 1e-12);
        Assert.Equal(Math.Log2(perplexity), -shares.Where(p => p > 0).Sum(p => p * Math.Log2(p)), 1e-6);
    }

    [Fact]
    public void More_equally_near_ones_than_the_perplexity_share_equally()
    {
        double[] shares = new double[6];

        Perplexity.Calibrate([1, 1, 1, 1, 2, 5], 2, shares);

        Assert.Equal([0.25, 0.25, 0.25, 0.25, 0, 0], shares, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public void Affinities_are_symmetric_add_up_to_one_and_count_the_nearest(int denseLimit)
    {
        const int N = 90;
        var x = Tensor.From(Hashed.Singles(N * 4, 6), new Shape(N, 4));

        double[,] p = Matrix(Affinities.Of(x, 5, denseLimit));

        double sum = 0;
        for (int i = 0; i < N; i++)
        {
            int nearest = Enumerable.Range(0, N).Where(j => j != i).MinBy(j => Square(x, i, j));
            Assert.True(p[i, nearest] > 0);
            Assert.Equal(0, p[i, i]);
            for (int j = 0; j < N; j++)
            {
                Assert.Equal(p[i, j], p[j, i]);
                sum += p[i, j];
            }
        }

        Assert.Equal(1, sum, 1e-5);

        // 15 of 89 others hold nearly all that attracts.
        double[,] all = Matrix(Affinities.Of(x, 5, N));
        Assert.InRange(Enumerable.Range(0, N * N).Sum(at => Math.Abs(p[at / N, at % N] - all[at / N, at % N])) / 2, 0, 0.1);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public void The_forces_are_the_gradient_of_the_divergence(int denseLimit)
    {
        const int N = 37;
        var x = Tensor.From(Hashed.Singles(N * 5, 7), new Shape(N, 5));
        var affinities = Affinities.Of(x, 6, denseLimit);
        double[,] p = Matrix(affinities);
        var places = Tensor.From(Hashed.Singles(2 * N, 8, 3), new Shape(2, N));
        var gradient = Tensor.Lasting(new Shape(2, N));

        new TSneForces(affinities).Gradient(places, 1, gradient);

        double[] at = [.. places.ToArray().Select(v => (double)v)];
        for (int i = 0; i < at.Length; i++)
        {
            double before = at[i];
            at[i] = before + 1e-5;
            double up = Divergence(p, at);
            at[i] = before - 1e-5;
            double down = Divergence(p, at);
            at[i] = before;
            Assert.Equal((up - down) / 2e-5, gradient.Span[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4000)]
    public void Clusters_of_curved_sheets_are_drawn_more_faithfully_than_by_principal_components(ulong seed)
    {
        Tensor features = Sheets(30, 20, 32);

        Tensor drawn = TSne.Project(features, seed: seed), flat = Pca.Project(features);

        double trust = Trustworthiness.Of(features, drawn), linear = Trustworthiness.Of(features, flat);
        Assert.InRange(trust, 0.95, 1);
        Assert.True(trust > linear + 0.02, $"t-SNE {trust:0.000}, PCA {linear:0.000}");

        // Of each point's nearest in the drawing nearly all belong to its cluster.
        NearestOf(drawn, out int own);
        Assert.InRange(own, 590, 600);
        Assert.Equal(0, Enumerable.Range(0, 600).Average(i => (double)drawn[i, 0]), 1e-3);
    }

    [Fact]
    public void Bits_depend_on_the_seed_and_not_on_threads()
    {
        Tensor features = Sheets(4, 33, 6);
        var options = new TSneOptions { Iterations = 60, EarlyIterations = 30, Spherical = true };
        try
        {
            WorkerPool.Configure(1);
            Tensor one = TSne.Project(features, options, 1);
            WorkerPool.Configure(3);
            Assert.True(one.Span.SequenceEqual(TSne.Project(features, options, 1).Span));
            Assert.False(one.Span.SequenceEqual(TSne.Project(features, options, 2).Span));
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Few_points_and_equal_points_have_places_too(int n)
    {
        Tensor different = TSne.Project(Tensor.From(Hashed.Singles(n * 3, 9), new Shape(n, 3))), equal = TSne.Project(Tensor.Full(new Shape(n, 3), 4));

        Assert.True(Array.TrueForAll(different.ToArray(), float.IsFinite));
        Assert.True(Array.TrueForAll(equal.ToArray(), float.IsFinite));
        Assert.Equal(n, different.Shape[0]);
    }

    [Fact]
    public void What_is_not_finite_is_refused_and_a_stop_ends_it()
    {
        Assert.Contains("not finite", Assert.Throws<TacitException>(() => TSne.Project(Tensor.Full(new Shape(9, 3), float.NaN))).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => TSne.Project(Tensor.Full(new Shape(9, 3), 1), stop: new CancellationToken(true)));
    }

    /// <summary>Clusters whose points lie on bent sheets of two dimensions, in many dimensions and at places that overlap when seen flat.</summary>
    private static Tensor Sheets(int clusters, int each, int dim)
    {
        double[] at = Hashed.Doubles(clusters * each * 2, 10), bends = Hashed.Doubles(clusters * dim * 4, 11);
        var x = Tensor.Lasting(new Shape(clusters * each, dim));
        for (int i = 0; i < clusters * each; i++)
        {
            for (int d = 0; d < dim; d++)
            {
                int bend = ((i % clusters * dim) + d) * 4;
                x[i, d] = (float)((2 * bends[bend]) + Math.Sin((2 * at[2 * i] * bends[bend + 1]) + (2 * at[(2 * i) + 1] * bends[bend + 2]) + (3 * bends[bend + 3])));
            }
        }

        return x;
    }

    private static void NearestOf(Tensor drawn, out int own) => own = Enumerable.Range(0, 600).Count(i =>
        Enumerable.Range(0, 600).Where(j => j != i).MinBy(j => Square(drawn, i, j)) % 30 == i % 30);

    private static double Square(Tensor x, int i, int j) => Enumerable.Range(0, x.Shape[1]).Sum(d => Math.Pow((double)x[i, d] - x[j, d], 2));

    private static unsafe double[,] Matrix(Affinities affinities)
    {
        var p = new double[affinities.Count, affinities.Count];
        for (int i = 0; i < affinities.Count; i++)
        {
            for (int j = 0; affinities.Dense is { } dense && j < affinities.Count; j++)
            {
                p[i, j] = dense[i, j];
            }

            for (int at = affinities.Dense is null ? affinities.Starts[i] : 0; affinities.Dense is null && at < affinities.Starts[i + 1]; at++)
            {
                p[i, affinities.Columns[at]] = affinities.Values[at];
            }
        }

        return p;
    }

    /// <summary>Σ p log(p / q), by the definition.</summary>
    private static double Divergence(double[,] p, double[] y)
    {
        int n = p.GetLength(0);
        double total = 0, sum = 0, norm = 0;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                total += i == j ? 0 : Weight(y, n, i, j);
                norm += p[i, j];
            }
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                sum += p[i, j] > 0 ? p[i, j] / norm * Math.Log(p[i, j] / norm / (Weight(y, n, i, j) / total)) : 0;
            }
        }

        return sum;
    }

    private static double Weight(double[] y, int n, int i, int j) => 1 / (1 + Math.Pow(y[i] - y[j], 2) + Math.Pow(y[n + i] - y[n + j], 2));
}
