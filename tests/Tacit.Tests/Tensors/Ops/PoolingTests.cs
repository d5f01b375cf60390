using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class PoolingTests
{
    [Theory]
    [InlineData(1, 1, 1, 1, 1, 0)]
    [InlineData(5, 5, 17, 3, 2, 1)]
    [InlineData(4, 6, 16, 2, 2, 0)]
    [InlineData(5, 4, 33, 3, 1, 1)]
    [InlineData(7, 3, 3, 2, 3, 1)]
    public void Pictures(int height, int width, int channels, int kernel, int stride, int padding)
    {
        var shape = new Shape(2, height, width, channels);
        new GradCheck().Run(x => Ops.MaxPool2d(x[0], kernel, stride, padding), x => Pool(x[0], kernel, kernel, padding, padding, true), shape);
        new GradCheck().Run(x => Ops.AvgPool2d(x[0], kernel, stride, padding), x => Pool(x[0], kernel, kernel, padding, padding, false), shape);

        double[] Pool(double[] x, int kh, int kw, int ph, int pw, bool max) => Naive.Pool(x, 2, height, width, channels, kh, kw, stride, ph, pw, max);
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 0)]
    [InlineData(9, 17, 3, 2, 1)]
    [InlineData(8, 15, 2, 2, 0)]
    public void Sequences(int length, int channels, int kernel, int stride, int padding)
    {
        var shape = new Shape(3, length, channels);
        new GradCheck().Run(
            x => Ops.MaxPool1d(x[0], kernel, stride, padding), x => Naive.Pool(x[0], 3, length, 1, channels, kernel, 1, stride, padding, 0, true), shape);
        new GradCheck().Run(
            x => Ops.AvgPool1d(x[0], kernel, stride, padding), x => Naive.Pool(x[0], 3, length, 1, channels, kernel, 1, stride, padding, 0, false), shape);
    }

    [Fact]
    public void Of_equal_numbers_the_first_takes_the_gradient()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(1, 2, 2, 1));
        scope.Backward(Ops.Sum(Ops.MaxPool2d(x, 2, 2)));
        Assert.Equal([1, 0, 0, 0], x.GradientSpan.ToArray());
    }

    [Fact]
    public void Windows_must_fit()
    {
        Assert.Equal(
            "MaxPool2d: [1, 2, 4, 1] and [3] do not fit: axis 1 (2, padding 0) is smaller than the window.",
            Assert.Throws<ShapeException>(() => Ops.MaxPool2d(Tensor.Zeros(new Shape(1, 2, 4, 1)), 3, 1)).Message);
        Assert.Throws<ShapeException>(() => Ops.AvgPool1d(Tensor.Zeros(new Shape(1, 2, 4, 1)), 3, 1));
        Assert.Throws<ArgumentException>(() => Ops.AvgPool2d(Tensor.Zeros(new Shape(1, 4, 4, 1)), 3, 0));
        Assert.Throws<ArgumentException>(() => Ops.AvgPool2d(Tensor.Zeros(new Shape(1, 4, 4, 1)), 3, 1, 2));
    }
}
