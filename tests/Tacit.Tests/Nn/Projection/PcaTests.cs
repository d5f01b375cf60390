using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn.Projection;

public sealed class PcaTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(33, 33)]
    [InlineData(97, 5)]
    public void Vectors_of_a_matrix_are_turned_by_it_into_multiples_of_themselves(int n, int count)
    {
        double[] noise = Hashed.Doubles(n * n, 3);
        Assert.All(Check(n, count, (i, j) => noise[(i * n) + j] + noise[(j * n) + i]), off => Assert.InRange(off, 0, 1e-12));
    }

    [Fact]
    public void Equal_values_have_vectors_at_right_angles()
    {
        Assert.All(Check(20, 20, (i, j) => i == j ? 3 : 0), off => Assert.InRange(off, 0, 1e-12));
        Assert.All(Check(20, 20, (i, j) => i == j ? 1 + (i % 2) : 0), off => Assert.InRange(off, 0, 1e-12));
        Assert.All(Check(20, 4, (_, _) => 2), off => Assert.InRange(off, 0, 1e-12));
        Assert.All(Check(6, 2, (_, _) => 0), off => Assert.InRange(off, 0, 1e-12));
    }

    [Fact]
    public void Points_of_an_ellipse_by_hand()
    {
        // Along (1, 1): ±2√2, along (1, −1): ±√2/2; both around the point (5, 7).
        var points = Tensor.From([7, 9, 3, 5, 5.5f, 6.5f, 4.5f, 7.5f], new Shape(4, 2));

        var pca = Pca.Of(points);

        Oracle.AssertWithin([MathF.Sqrt(8), 0, -MathF.Sqrt(8), 0, 0, MathF.Sqrt(0.5f), 0, -MathF.Sqrt(0.5f)], pca.Scores.Span, 1e-6);
        Assert.Equal(16.0 / 17, pca.Shares[0], 1e-12);
        Assert.Equal(1.0 / 17, pca.Shares[1], 1e-12);
    }

    [Theory]
    [InlineData(60, 7)]
    [InlineData(9, 40)]
    public void All_components_keep_every_distance_and_are_uncorrelated_in_falling_order(int n, int dim)
    {
        var x = Tensor.From([.. Hashed.Doubles(n * dim, 5).Select((v, i) => (float)(5 + (v * Math.Pow(0.8, i % dim))))], new Shape(n, dim));

        Tensor scores = Pca.Project(x, Math.Min(n, dim));

        for (int i = 0; i < n; i++)
        {
            Assert.Equal(Distance(x, i, (i * 7) % n), Distance(scores, i, (i * 7) % n), 1e-5);
        }

        int kept = scores.Shape[1];
        double last = double.PositiveInfinity;
        for (int a = 0; a < kept; a++)
        {
            double own = Product(scores, a, a);
            Assert.True(own <= last);
            last = own;
            Assert.All(Enumerable.Range(0, a), b => Assert.Equal(0, Product(scores, a, b), 1e-4));
        }
    }

    [Fact]
    public void What_has_fewer_dimensions_than_were_asked_for_is_zero_there()
    {
        var pca = Pca.Of(Tensor.From([1, 2, 4], new Shape(3, 1)));

        Oracle.AssertWithin([-4 / 3f, 0, -1 / 3f, 0, 5 / 3f, 0], pca.Scores.Span, 1e-6);
        Assert.Equal([1.0, 0.0], pca.Shares);
        Assert.Equal([0.0, 0.0], Pca.Of(Tensor.Full(new Shape(5, 3), 2)).Shares);
        Assert.Contains("not finite", Assert.Throws<TacitException>(() => Pca.Project(Tensor.Full(new Shape(5, 3), float.NaN))).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Pca.Project(Tensor.Zeros(new Shape(0, 3))));
    }

    /// <summary>How far Av is from λv for each vector, and each product of two vectors from 0 or 1.</summary>
    private static IEnumerable<double> Check(int n, int count, Func<int, int, double> entry)
    {
        (double[] values, double[][] vectors) = SymmetricEigen.Leading([.. Enumerable.Range(0, n).Select(i => (double[])[.. Enumerable.Range(0, n).Select(j => entry(i, j))])], count);
        for (int k = 0; k < count; k++)
        {
            for (int i = 0; i < n; i++)
            {
                yield return Math.Abs(Enumerable.Range(0, n).Sum(j => entry(i, j) * vectors[k][j]) - (values[k] * vectors[k][i]));
            }

            for (int other = 0; other <= k; other++)
            {
                yield return Math.Abs(vectors[k].Zip(vectors[other], (a, b) => a * b).Sum() - (other == k ? 1 : 0));
            }
        }
    }

    private static double Distance(Tensor x, int i, int j) => Math.Sqrt(Enumerable.Range(0, x.Shape[1]).Sum(d => Math.Pow((double)x[i, d] - x[j, d], 2)));

    private static double Product(Tensor x, int a, int b) => Enumerable.Range(0, x.Shape[0]).Sum(i => (double)x[i, a] * x[i, b]);
}
