using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class ReductionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(67)]
    [InlineData(130)]
    public void Whole_tensor(int n)
    {
        new GradCheck().Run(x => Ops.Sum(x[0]), x => [x[0].Sum()], new Shape(n));
        new GradCheck().Run(x => Ops.Mean(x[0]), x => [x[0].Average()], new Shape(n));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 1)]
    [InlineData(3, 17, 1)]
    [InlineData(1, 5, 16)]
    [InlineData(3, 5, 17)]
    [InlineData(2, 33, 7)]
    [InlineData(2, 70, 31)]
    public void Along_an_axis(int outer, int n, int inner)
    {
        var shape = new Shape(outer, n, inner);
        new GradCheck().Run(x => Ops.Sum(x[0], 1), x => Naive.Fold(x[0], outer, n, inner, v => v.Sum()), shape);
        new GradCheck().Run(x => Ops.Mean(x[0], -2, keepAxis: true), x => Naive.Fold(x[0], outer, n, inner, v => v.Average()), shape);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 1)]
    [InlineData(3, 7, 17)]
    [InlineData(2, 3, 33)]
    public void Largest(int outer, int n, int inner) =>
        new GradCheck().Run(x => Ops.Max(x[0], 1), x => Naive.Fold(x[0], outer, n, inner, v => v.Max()), new Shape(outer, n, inner));

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(3, 17, 1)]
    [InlineData(1, 5, 16)]
    [InlineData(2, 70, 33)]
    public void Variance(int outer, int n, int inner)
    {
        var shape = new Shape(outer, n, inner);
        var check = new GradCheck { Domain = (_, v) => v + 4 };
        check.Run(x => Ops.Variance(x[0], 1), x => Naive.Fold(x[0], outer, n, inner, v => Naive.Variance(v) * n / (n - 1)), shape);
        check.Run(x => Ops.Variance(x[0], 1, unbiased: false, keepAxis: true), x => Naive.Fold(x[0], outer, n, inner, Naive.Variance), shape);
    }

    [Theory]
    [InlineData(1, 100_003, 1)]
    [InlineData(2, 70_000, 1)]
    [InlineData(1, 40_000, 17)]
    [InlineData(2, 3, 20_000)]
    public void Long_sums_keep_their_precision(int outer, int n, int inner)
    {
        var values = new float[outer * n * inner];
        Philox.FillUniform(values, 1, 2, 3);
        Tensor x = Tensor.From(values, new Shape(outer, n, inner));
        double[] expected = Naive.Fold([.. values.Select(v => (double)v)], outer, n, inner, v => v.Sum());
        float[] actual = Ops.Sum(x, 1).ToArray();
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second / pair.First, 1 - 4e-7, 1 + 4e-7));
    }

    [Fact]
    public void Places_of_a_picture_are_averaged() =>
        new GradCheck().Run(x => Ops.GlobalAveragePool(x[0]), x => Naive.Fold(x[0], 2, 6, 17, v => v.Average()), new Shape(2, 2, 3, 17));

    [Fact]
    public void Axes_go_or_stay()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 3, 4));
        Assert.Equal(new Shape(2, 4), Ops.Sum(x, 1).Shape);
        Assert.Equal(new Shape(2, 1, 4), Ops.Sum(x, 1, keepAxis: true).Shape);
        Assert.Equal("Sum: [2, 3, 4] does not fit: axis 3 does not exist.", Assert.Throws<ShapeException>(() => Ops.Sum(x, 3)).Message);
        Assert.Equal(new Shape(2, 3, 1), Ops.Max(x, -1, keepAxis: true).Shape);
        Assert.Throws<ShapeException>(() => Ops.Max(Tensor.Zeros(new Shape(0, 2)), 0));
        Assert.Throws<ShapeException>(() => Ops.Variance(Tensor.Zeros(new Shape(1, 2)), 0));
    }
}
