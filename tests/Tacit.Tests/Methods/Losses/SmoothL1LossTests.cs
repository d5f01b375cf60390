using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class SmoothL1LossTests
{
    private static readonly SafetensorsContent Reference = Oracle.Read("bootstrapping.safetensors");

    [Theory]
    [InlineData("0.5", 0.5f)]
    [InlineData("2.0", 2f)]
    public void LossAndGradientAreTorchs(string name, float beta)
    {
        Tensor x = LossRun.Parameter(Reference.Tensors[$"smooth_l1.{name}.x"]), y = Reference.Tensors[$"smooth_l1.{name}.y"];
        using Scope scope = Scope.Gradient();
        Tensor loss = SmoothL1Loss.Loss(x, y, beta);
        scope.Backward(loss);
        Assert.Equal(Reference.Tensors[$"smooth_l1.{name}.loss"].ToScalar(), loss.ToScalar(), 1e-5f);
        Oracle.AssertWithin(Reference.Tensors[$"smooth_l1.{name}.x.gradient"].Span, x.GradientSpan, 1e-7);
    }

    /// <summary>β = 2, errors 0, 1, 2 and −6: (0 + 1/4 + 1 + 5) / 4.</summary>
    [Fact]
    public void SmallErrorsCountByTheirSquareAndLargeOnesByTheirSize() =>
        Assert.Equal(6.25 / 4, SmoothL1Loss.Loss(Tensor.From([1, 2, 3, -5], new Shape(4)), Tensor.Full(new Shape(4), 1), 2).ToScalar(), 1e-6);

    [Fact]
    public void NothingToPredictIsRefused()
    {
        Assert.Throws<ShapeException>(() => SmoothL1Loss.Loss(Tensor.Lasting(new Shape(0, 2)), Tensor.Lasting(new Shape(0, 2)), 1));
        Assert.Throws<ShapeException>(() => SmoothL1Loss.Loss(Tensor.Lasting(new Shape(1, 2)), Tensor.Lasting(new Shape(2, 2)), 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmoothL1Loss.Loss(Tensor.Lasting(new Shape(1)), Tensor.Lasting(new Shape(1)), 0));
    }
}
