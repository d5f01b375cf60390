using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class FrameErrorsTests
{
    private static readonly Shape Size = new(3, 12, 5);

    [Fact]
    public void TheMaskedErrorAndItsGradientAreTorchs()
    {
        SafetensorsContent expected = Oracle.Read("frames.safetensors");
        Tensor frames = Tensor.From(Hashed.Singles(Size.Length, 1000), Size), told = LossRun.Parameter(Tensor.From(Hashed.Singles(Size.Length, 2000), Size));
        float loss = LossRun.Of(() => FrameErrors.MeanAbsolute(told, frames, expected.Tensors["masked.mask"]));
        Oracle.AssertClose(expected.Tensors["masked.loss"].Span, [loss], 1e-6);
        Oracle.AssertWithin(expected.Tensors["masked.gradient"].Span, told.GradientSpan, 1e-7);
    }

    [Fact]
    public void OnlyMaskedNumbersCount()
    {
        Tensor told = Tensor.From([90, 3, -5, 90], new Shape(1, 2, 2)), frames = Tensor.Zeros(new Shape(1, 2, 2));
        Assert.Equal(4, FrameErrors.MeanAbsolute(told, frames, Tensor.From([0, 1, 1, 0], new Shape(1, 2, 2))).ToScalar());
        Assert.Equal(47, FrameErrors.MeanAbsolute(told, frames).ToScalar());
    }

    [Fact]
    public void ALossOverNothingIsAnError()
    {
        Tensor x = Tensor.Zeros(Size);
        Assert.Contains("mask ratio", Assert.Throws<TacitException>(() => FrameErrors.MeanAbsolute(x, x, x)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => FrameErrors.MeanAbsolute(x, x, Tensor.Zeros(new Shape(3, 12, 4))));
    }
}
