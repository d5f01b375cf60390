using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

/// <summary>Operators that only move numbers: gather and scatter, concatenation, slices, padding, transposition.</summary>
public sealed class ArrangementTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(16)]
    [InlineData(33)]
    public void Rows_are_gathered_and_scattered(int width)
    {
        int[] rows = [4, 0, 4, 2, 4];
        new GradCheck().Run(x => Ops.Gather(x[0], rows), x => [.. rows.SelectMany(r => x[0][(r * width)..((r + 1) * width)])], new Shape(5, width));
        new GradCheck().Run(x => Ops.Embedding(x[0], rows), x => [.. rows.SelectMany(r => x[0][(r * width)..((r + 1) * width)])], new Shape(6, width));
        new GradCheck().Run(
            x => Ops.ScatterAdd(x[0], rows, 6),
            x => [.. Enumerable.Range(0, 6 * width).Select(i => rows.Select((r, j) => r == i / width ? x[0][(j * width) + (i % width)] : 0).Sum())],
            new Shape(5, 1, width));
    }

    [Fact]
    public void Rows_outside_are_named()
    {
        Tensor x = Tensor.Zeros(new Shape(3, 2));
        Assert.StartsWith("Gather: index 1 is 3, outside the 3 rows of axis 0.", Assert.Throws<ArgumentException>(() => Ops.Gather(x, [0, 3])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Ops.Embedding(x, [-1]));
        Assert.Throws<ArgumentException>(() => Ops.ScatterAdd(x, [0, 1, 5], 5));
        Assert.Throws<ShapeException>(() => Ops.ScatterAdd(x, [0, 1], 5));
        Assert.Throws<ShapeException>(() => Ops.Embedding(Tensor.Zeros(new Shape(3)), [0]));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 5, 17)]
    [InlineData(3, 2, 16)]
    [InlineData(3, 7, 33)]
    public void Concatenation(int outer, int n, int inner)
    {
        new GradCheck().Run(
            x => Ops.Concat(1, x),
            x => [.. Enumerable.Range(0, outer).SelectMany(o => Row(x[0], o, n * inner).Concat(Row(x[1], o, (n + 1) * inner)).Concat(Row(x[2], o, n * inner)))],
            new Shape(outer, n, inner),
            new Shape(outer, n + 1, inner),
            new Shape(outer, n, inner));
        new GradCheck().Run(x => Ops.Concat(0, x), x => [.. x[0], .. x[1]], new Shape(outer, inner), new Shape(n, inner));
    }

    [Theory]
    [InlineData(1, 1, 1, 0, 1)]
    [InlineData(3, 5, 17, 1, 3)]
    [InlineData(2, 7, 16, 6, 1)]
    [InlineData(2, 4, 1, 1, 2)]
    public void Slices_and_padding(int outer, int n, int inner, int start, int count)
    {
        new GradCheck().Run(
            x => Ops.Slice(x[0], 1, start, count),
            x => [.. Enumerable.Range(0, outer).SelectMany(o => Row(x[0], o, n * inner).Skip(start * inner).Take(count * inner))],
            new Shape(outer, n, inner));
        new GradCheck().Run(
            x => Ops.Pad(x[0], 1, start, count, 0.5f),
            x => [.. Enumerable.Range(0, outer).SelectMany(o =>
                Enumerable.Repeat(0.5, start * inner).Concat(Row(x[0], o, n * inner)).Concat(Enumerable.Repeat(0.5, count * inner)))],
            new Shape(outer, n, inner));
    }

    [Fact]
    public void A_slice_of_the_leading_axis_passes_its_gradient()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(4, 2));
        Tensor sum = Ops.Add(Ops.Sum(Ops.Multiply(Ops.Slice(x, 0, 1, 2), 3)), Ops.Sum(Ops.Slice(x, 0, 2, 2)));
        scope.Backward(sum);
        Assert.Equal([0, 0, 3, 3, 4, 4, 1, 1], x.GradientSpan.ToArray());
    }

    [Theory]
    [InlineData(new[] { 1, 1 }, new[] { 1, 0 })]
    [InlineData(new[] { 33, 17 }, new[] { 1, 0 })]
    [InlineData(new[] { 65, 35 }, new[] { 1, 0 })]
    [InlineData(new[] { 5, 3, 4 }, new[] { 0, 1, 2 })]
    [InlineData(new[] { 5, 3, 17 }, new[] { 1, 0, 2 })]
    [InlineData(new[] { 2, 3, 4, 5 }, new[] { 0, 2, 3, 1 })]
    [InlineData(new[] { 2, 3, 4, 5 }, new[] { 3, 0, 2, 1 })]
    [InlineData(new[] { 2, 3, 1, 4, 5 }, new[] { 4, 2, 0, 3, 1 })]
    [InlineData(new[] { 7 }, new[] { 0 })]
    public void Transposition(int[] shape, int[] order)
    {
        new GradCheck().Run(x => Ops.Transpose(x[0], order), x => Permute(x[0]), shape);

        double[] Permute(double[] x)
        {
            int[] to = [.. order.Select(axis => shape[axis])];
            var y = new double[x.Length];
            for (int at = 0; at < x.Length; at++)
            {
                var index = new int[shape.Length];
                for (int axis = shape.Length - 1, rest = at; axis >= 0; rest /= shape[axis--])
                {
                    index[axis] = rest % shape[axis];
                }

                int target = 0;
                for (int i = 0; i < to.Length; i++)
                {
                    target = (target * to[i]) + index[order[i]];
                }

                y[target] = x[at];
            }

            return y;
        }
    }

    [Fact]
    public void Misfits_are_named()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 3));
        Assert.Equal(
            "Concat: [2, 3] and [2, 4] do not fit: all axes but axis 0 must agree.",
            Assert.Throws<ShapeException>(() => Ops.Concat(0, x, Tensor.Zeros(new Shape(2, 4)))).Message);
        Assert.Equal("Slice: [2, 3] does not fit: places 2 to 3 are outside axis 1.", Assert.Throws<ShapeException>(() => Ops.Slice(x, 1, 2, 2)).Message);
        Assert.Throws<ShapeException>(() => Ops.Pad(x, 0, -1, 0));
        Assert.Equal("Transpose: [2, 3] does not fit: [0, 0] is not an order of its 2 axes.", Assert.Throws<ShapeException>(() => Ops.Transpose(x, 0, 0)).Message);
        Assert.Throws<ArgumentException>(() => Ops.Concat(0));
    }

    private static IEnumerable<double> Row(double[] x, int row, int width) => x.Skip(row * width).Take(width);
}
