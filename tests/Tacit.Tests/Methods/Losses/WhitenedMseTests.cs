using System.Globalization;
using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Tests.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class WhitenedMseTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("regularized.safetensors");

    [Theory]
    [InlineData("7.2", 7, 0f)]
    [InlineData("24.5", 12, 0f)]
    [InlineData("31.9", 15, 0.01f)]
    [InlineData("6.8", 6, 0.25f)]
    public void LossAndGradientAreThoseOfTheReference(string size, int subBatch, float epsilon)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"w_mse.{size}");
        Tensor a = LossRun.Parameter(Vectors.Tensors[$"{key}.a"]), b = LossRun.Parameter(Vectors.Tensors[$"{key}.b"]);
        float loss = LossRun.Of(() => WhitenedMse.Loss(a, b, subBatch, epsilon, out _));
        Oracle.AssertClose(Vectors.Tensors[$"{key}.loss"].Span, [loss], 1e-5);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.a_gradient"].Span, a.GradientSpan, 1e-5);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.b_gradient"].Span, b.GradientSpan, 1e-5);
    }

    /// <summary>Equal views agree whatever whitening does; a view and its negative disagree all the way: ‖v − (−v)‖² = 4.</summary>
    [Fact]
    public void EqualViewsCostNothingAndOppositeOnesFour()
    {
        Tensor z = Drawn.Normal(5, 24, 4);
        Assert.Equal(0, WhitenedMse.Loss(z, z, 12, 0, out _).ToScalar(), 1e-5);
        Assert.Equal(4, WhitenedMse.Loss(z, Ops.Negate(z), 12, 0, out _).ToScalar(), 1e-5);
    }
}
