using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class VarianceInvarianceCovarianceTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("regularized.safetensors");

    public static TheoryData<string, float, float, float, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, float, float, float, bool>();
            foreach (string size in new[] { "2.3", "8.5", "16.33" })
            {
                cases.Add($"vicreg.{size}.all", 25, 25, 1, true);
                cases.Add($"vicreg.{size}.whole", 25, 25, 1, false);
                cases.Add($"vicreg.{size}.invariance", 3, 0, 0, true);
                cases.Add($"vicreg.{size}.variance", 0, 7, 0, true);
                cases.Add($"vicreg.{size}.covariance", 0, 0, 2, false);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LossAndGradientAreThoseOfTheReference(string key, float invariance, float variance, float covariance, bool halved)
    {
        Tensor a = LossRun.Parameter(Vectors.Tensors[$"{key}.a"]), b = LossRun.Parameter(Vectors.Tensors[$"{key}.b"]);
        float loss = LossRun.Of(() => VarianceInvarianceCovariance.Loss(a, b, new VicRegWeights(invariance, variance, covariance, halved), out _));
        Oracle.AssertClose(Vectors.Tensors[$"{key}.loss"].Span, [loss], 1e-5);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.a_gradient"].Span, a.GradientSpan, 1e-5);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.b_gradient"].Span, b.GradientSpan, 1e-5);
    }

    [Fact]
    public void SinesAndCosinesGiveTheReferenceValues()
    {
        (Tensor x, Tensor y) = LossRun.SinesAndCosines();
        using Scope scope = Scope.NoGradient();
        Assert.Equal(42.627387, VarianceInvarianceCovariance.Loss(x, y, new VicRegWeights(), out VicRegParts parts).ToScalar(), 2e-5);
        Assert.Equal(1.429369, parts.Invariance, 2e-6);
        Assert.Equal(0.239065, parts.Variance, 2e-6);
        Assert.Equal(0.916532, parts.Covariance, 2e-6);
        Assert.Equal(48.604018, VarianceInvarianceCovariance.Loss(x, y, new VicRegWeights(HalvedVariance: false), out _).ToScalar(), 2e-5);
    }

    /// <summary>Nothing varies: the root is √1e-4 = 0.01, each hinge 0.99, times 25; twice that where the views are summed.</summary>
    [Theory]
    [InlineData(true, 24.75)]
    [InlineData(false, 49.5)]
    public void NothingCostsTheWholeHinge(bool halved, double expected)
    {
        Tensor zero = Tensor.Zeros(new Shape(5, 7));
        Assert.Equal(expected, VarianceInvarianceCovariance.Loss(zero, zero, new VicRegWeights(HalvedVariance: halved), out _).ToScalar(), 1e-5);
    }

    /// <summary>Reference: lightly's test of forward and backward; ten steps of plain SGD from a fixed start.</summary>
    [Fact]
    public void TenStepsOfDescentEndWhereTheReferenceEnds()
    {
        Tensor weight = LossRun.Descend((first, second) => VarianceInvarianceCovariance.Loss(first, second, new VicRegWeights(), out _), 1e-8f);
        Oracle.AssertWithin([-.2382f, -.1381f, -.0381f, .0619f, .1620f, -.0494f, .0505f, .1504f, .2503f, .3503f], weight.Span, 1e-4);
    }

    [Fact]
    public void PartsOfWeightZeroAreReportedAndDoNotPull()
    {
        Tensor a = LossRun.Parameter(Vectors.Tensors["vicreg.8.5.all.a"]), b = LossRun.Parameter(Vectors.Tensors["vicreg.8.5.all.b"]);
        VicRegParts all = default, none = default;
        using (Scope.NoGradient())
        {
            VarianceInvarianceCovariance.Loss(a, b, new VicRegWeights(), out all);
        }

        LossRun.Of(() => VarianceInvarianceCovariance.Loss(a, b, new VicRegWeights(1, 0, 0), out none));
        Assert.Equal(all, none);
        for (int i = 0; i < a.Length; i++)
        {
            Assert.Equal(2 * (a.Span[i] - b.Span[i]) / a.Length, a.GradientSpan[i], 1e-6f);
        }
    }

    [Fact]
    public void OneRowHasNoCovariance()
    {
        Tensor row = Tensor.Zeros(new Shape(1, 4));
        Assert.Contains("at least 2", Assert.Throws<ShapeException>(() => VarianceInvarianceCovariance.Loss(row, row, new VicRegWeights(), out _)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => VarianceInvarianceCovariance.Loss(Tensor.Zeros(new Shape(4, 4)), Tensor.Zeros(new Shape(4, 5)), new VicRegWeights(), out _));
    }
}
