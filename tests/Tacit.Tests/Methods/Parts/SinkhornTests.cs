using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class SinkhornTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("contrastive.safetensors");

    [Theory]
    [InlineData("4.3.3", 0.05)]
    [InlineData("7.5.0", 0.05)]
    [InlineData("7.5.1", 0.5)]
    [InlineData("16.4.3", 0.1)]
    [InlineData("5.30.10", 0.02)]
    public void AssignmentsAreThoseOfThePapersListing(string key, double eps)
    {
        int iterations = int.Parse(key.Split('.')[2]);
        Tensor codes = Sinkhorn.Assign(Vectors.Tensors[$"sinkhorn.{key}.scores"], eps, iterations);
        Oracle.AssertClose(Vectors.Tensors[$"sinkhorn.{key}.codes"].Span, codes.Span, 1e-6);
    }

    [Fact]
    public void SinesGiveTheReferenceRow()
    {
        Tensor scores = Tensor.Lasting(new Shape(4, 3));
        for (int i = 0; i < 12; i++)
        {
            scores.Span[i] = MathF.Sin(i + 1);
        }

        Oracle.AssertWithin([0.826064f, 0.173469f, 0.000466f], Sinkhorn.Assign(scores, 0.05, 3).Rows(0, 1).Span, 1e-6);
    }

    /// <summary>Many iterations end at a matrix whose rows add up to 1 and whose columns to N/K, at any sharpness.</summary>
    [Theory]
    [InlineData(0.005)]
    [InlineData(0.05)]
    [InlineData(1)]
    [InlineData(100)]
    public void ClustersAreUsedEquallyInTheLimit(double eps)
    {
        const int Items = 12, Clusters = 5;
        Tensor scores = Tensor.Lasting(new Shape(Items, Clusters));
        Philox.FillUniform(scores.Span, 1, 2, 3);
        Tensor codes = Sinkhorn.Assign(scores, eps, 20000);
        for (int n = 0; n < Items; n++)
        {
            Assert.Equal(1, codes.Rows(n, 1).ToArray().Sum(v => (double)v), 1e-6);
        }

        for (int k = 0; k < Clusters; k++)
        {
            Assert.Equal((double)Items / Clusters, Enumerable.Range(0, Items).Sum(n => (double)codes[n, k]), eps < 0.01 ? 0.05 : 1e-4);
        }
    }

    [Fact]
    public void OneClusterTakesAllAndAnySharpnessIsFinite()
    {
        Assert.Equal([1f, 1f, 1f], Sinkhorn.Assign(Tensor.From([3, -50, 900], new Shape(3, 1)), 1e-3, 3).ToArray());
        Assert.Equal([1f, 0f, 0f, 1f], Sinkhorn.Assign(Tensor.From([1, -1, -1, 1], new Shape(2, 2)), 1e-6, 3).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Sinkhorn.Assign(Tensor.Lasting(new Shape(1, 1)), 0, 3));
        Assert.Throws<ShapeException>(() => Sinkhorn.Assign(Tensor.Lasting(new Shape(0, 3)), 1, 3));
    }
}
