using System.Diagnostics;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class FeatureMetricsTests
{
    private static readonly OrderedDictionary<string, Tensor> Expected = Oracle.Read("nn-metrics.safetensors").Tensors;

    [Fact]
    public void Rank_alignment_uniformity_and_deviation_are_PyTorchs()
    {
        double[] raw = Hashed.Doubles(300 * 24, 1), noise = Hashed.Doubles(300 * 24, 2);
        Tensor x = Tensor.Lasting(new Shape(300, 24)), y = Tensor.Lasting(new Shape(300, 24));
        for (int i = 0; i < x.Length; i++)
        {
            double value = raw[i] * Math.Pow(1.5, -(i % 24));
            x.Span[i] = (float)value;
            y.Span[i] = (float)(value + (0.1 * noise[i]));
        }

        Assert.Equal(Expected["rankme"].ToScalar(), FeatureMetrics.RankMe(x), 1e-5);
        Assert.Equal(Expected["alignment"].ToScalar(), FeatureMetrics.Alignment(x, y), 1e-6);
        Assert.Equal(Expected["uniformity"].ToScalar(), FeatureMetrics.Uniformity(x), 1e-6);
        Assert.Equal(Expected["deviation"].ToScalar(), FeatureMetrics.Deviation(x), 1e-6);
        double[] singular = [.. SymmetricEigen.Values(GramMatrix.Of(x)).Select(v => Math.Sqrt(v))];
        Oracle.AssertWithin(Expected["singular"].Span, [.. singular.Select(v => (float)v)], 1e-6, "singular values");
    }

    [Fact]
    public void Deviation_values_of_the_references()
    {
        Assert.Equal(0, FeatureMetrics.Deviation(Tensor.Full(new Shape(10, 10), 1)), 1e-9);

        var identity = Tensor.Zeros(new Shape(10, 10));
        for (int i = 0; i < 10; i++)
        {
            identity[i, i] = 1;
        }

        Assert.Equal(1 / Math.Sqrt(10), FeatureMetrics.Deviation(identity), 1e-5);

        // x[i,j] = sin(3i + j + 1), 4 × 3
        Assert.Equal(.625684, FeatureMetrics.Deviation(Tensor.From([.. Enumerable.Range(0, 12).Select(i => (float)Math.Sin(i + 1))], new Shape(4, 3))), 1e-6);
        Assert.Throws<ShapeException>(() => FeatureMetrics.Deviation(Tensor.Zeros(new Shape(10))));
    }

    [Fact]
    public void Rank_of_known_spectra()
    {
        // k equal singular values have rank k; a rank-one table has rank 1, whatever its size.
        var flat = Tensor.Zeros(new Shape(50, 40));
        for (int i = 0; i < 7; i++)
        {
            flat[i, i] = 3;
        }

        Assert.Equal(7, FeatureMetrics.RankMe(flat), 1e-3);
        Assert.Equal(1, FeatureMetrics.RankMe(Tensor.Full(new Shape(30, 20), 2)), 1e-3);
        Assert.Equal(1, FeatureMetrics.RankMe(Tensor.Full(new Shape(20, 30), 2)), 1e-3);
        Assert.Equal(1, FeatureMetrics.RankMe(Tensor.Zeros(new Shape(20, 30))));
    }

    [Fact]
    public void The_table_may_lie_either_way()
    {
        var wide = Tensor.From(Hashed.Singles(40 * 90, 8), new Shape(40, 90));
        var tall = Tensor.Zeros(new Shape(90, 40));
        for (int i = 0; i < wide.Length; i++)
        {
            tall[i % 90, i / 90] = wide.Span[i];
        }

        Assert.Equal(FeatureMetrics.RankMe(wide), FeatureMetrics.RankMe(tall), 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(33)]
    [InlineData(97)]
    public void Eigenvalues_of_a_matrix_made_from_known_ones(int n)
    {
        // A = HDH with H = I − 2uuᵀ has the eigenvalues of D: some negative, some equal, some zero.
        double[] known = [.. Enumerable.Range(0, n).Select(i => (i % 5) - 2 + ((i % 7) * 0.25))];
        double[] u = Hashed.Doubles(n, 6);
        double norm = Math.Sqrt(u.Sum(v => v * v));
        var a = new double[n][];
        for (int i = 0; i < n; i++)
        {
            a[i] = new double[n];
            for (int j = 0; j < n; j++)
            {
                for (int k = 0; k < n; k++)
                {
                    double hik = (i == k ? 1 : 0) - (2 * u[i] * u[k] / norm / norm), hkj = (k == j ? 1 : 0) - (2 * u[k] * u[j] / norm / norm);
                    a[i][j] += hik * known[k] * hkj;
                }
            }
        }

        double[] values = SymmetricEigen.Values(a);

        Assert.Equal(known.OrderDescending(), values, (x, y) => Math.Abs(x - y) < 1e-12);
    }

    [Fact]
    public void A_thousand_rows_of_512_take_well_under_two_seconds()
    {
        var features = Tensor.From(Hashed.Singles(1024 * 512, 9), new Shape(1024, 512));
        FeatureMetrics.RankMe(Tensor.From(Hashed.Singles(64 * 64, 9), new Shape(64, 64)));
        long start = Stopwatch.GetTimestamp();

        double rank = FeatureMetrics.RankMe(features);

        Assert.InRange(rank, 400, 512);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 2);
    }

    [Fact]
    public void Uniformity_of_a_full_collapse_is_zero_and_of_opposite_points_is_minus_eight()
    {
        Assert.Equal(0, FeatureMetrics.Uniformity(Tensor.Full(new Shape(200, 3), 2)), 1e-5);
        Assert.Equal(-8, FeatureMetrics.Uniformity(Tensor.From([1, 0, -2, 0], new Shape(2, 2))), 1e-5);
    }

    [Fact]
    public void Features_that_are_not_finite_have_no_scores()
    {
        var features = Tensor.From(Hashed.Singles(30, 1), new Shape(6, 5));
        features[3, 2] = float.NaN;

        Assert.Equal(double.NaN, FeatureMetrics.RankMe(features));
        Assert.Equal(double.NaN, FeatureMetrics.Deviation(features));
        Assert.Equal(double.NaN, FeatureMetrics.Alignment(features, features));
        Assert.Equal(double.NaN, FeatureMetrics.Uniformity(features));
    }
}
