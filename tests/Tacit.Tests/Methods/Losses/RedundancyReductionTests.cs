using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Tests.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class RedundancyReductionTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("regularized.safetensors");

    [Theory]
    [InlineData("2.3", 0.005f)]
    [InlineData("2.3", 1f)]
    [InlineData("8.5", 0.005f)]
    [InlineData("8.5", 1f)]
    [InlineData("16.33", 0.005f)]
    [InlineData("16.33", 1f)]
    public void LossAndGradientAreThoseOfTheReference(string size, float lambda)
    {
        string key = $"barlow.{size}.{(lambda == 1 ? "1.0" : "0.005")}";
        Tensor a = LossRun.Parameter(Vectors.Tensors[$"{key}.a"]), b = LossRun.Parameter(Vectors.Tensors[$"{key}.b"]);
        float loss = LossRun.Of(() => RedundancyReduction.Loss(a, b, lambda));
        Oracle.AssertClose(Vectors.Tensors[$"{key}.loss"].Span, [loss], 1e-5);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.a_gradient"].Span, a.GradientSpan, 1e-5);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.b_gradient"].Span, b.GradientSpan, 1e-5);
    }

    [Fact]
    public void SinesAndCosinesGiveTheReferenceValue()
    {
        (Tensor x, Tensor y) = LossRun.SinesAndCosines();
        using Scope scope = Scope.NoGradient();
        Assert.Equal(5.869947, RedundancyReduction.Loss(x, y, 5e-3f, 1e-5f, out RedundancyParts parts).ToScalar(), 1e-5);
        Assert.Equal(5.858034, parts.OnDiagonal, 1e-5);
        Assert.Equal(2.382634, parts.OffDiagonal, 1e-5);
    }

    /// <summary>The normalisation takes any shift and positive scale away (but for its ε).</summary>
    [Fact]
    public void ScaleAndShiftOfAViewDoNotMatter()
    {
        Tensor x = Drawn.Normal(1, 32, 16);
        Tensor moved = Ops.Add(Ops.Multiply(x, 2), 4);
        Assert.Equal(RedundancyReduction.Loss(x, x).ToScalar(), RedundancyReduction.Loss(x, moved).ToScalar(), 1e-4f);
    }

    /// <summary>Nothing varies, so all correlations are 0: each of the D diagonal places costs 1, the others nothing.</summary>
    [Fact]
    public void CollapsedProjectionsCostTheirWidth()
    {
        Tensor flat = Tensor.Full(new Shape(6, 8), 3);
        Assert.Equal(8f, RedundancyReduction.Loss(flat, flat).ToScalar());
    }

    /// <summary>Two uncorrelated dimensions of deviation 1, both views alike: the correlation is the identity.</summary>
    [Fact]
    public void AgreementWithoutRedundancyCostsNothing()
    {
        Tensor z = Tensor.From([1, 1, 1, -1, -1, 1, -1, -1], new Shape(4, 2));
        Assert.Equal(0, RedundancyReduction.Loss(z, z).ToScalar(), 1e-8);
    }

    [Fact]
    public void OneRowOrTwoShapesAreRefused()
    {
        Assert.Throws<ShapeException>(() => RedundancyReduction.Loss(Tensor.Zeros(new Shape(1, 4)), Tensor.Zeros(new Shape(1, 4))));
        Assert.Throws<ShapeException>(() => RedundancyReduction.Loss(Tensor.Zeros(new Shape(4, 4)), Tensor.Zeros(new Shape(4, 5))));
    }
}
