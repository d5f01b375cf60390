using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class SpeechOpsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(5, 16)]
    [InlineData(2, 33)]
    public void Glu(int rows, int n)
    {
        new GradCheck().Run(
            x => Ops.Glu(x[0]),
            x => [.. Enumerable.Range(0, rows * n).Select(i => x[0][(i / n * 2 * n) + (i % n)] / (1 + Math.Exp(-x[0][(i / n * 2 * n) + n + (i % n)])))],
            new Shape(rows, 2 * n));
        Assert.Throws<ShapeException>(() => Ops.Glu(Tensor.Zeros(new Shape(2, 3))));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 17)]
    public void Relative_shift(int heads, int frames)
    {
        int width = (2 * frames) - 1;
        new GradCheck().Run(
            x => Ops.RelativeShift(x[0]),
            x => [.. from h in Enumerable.Range(0, heads) from i in Enumerable.Range(0, frames) from j in Enumerable.Range(0, frames) select x[0][(((h * frames) + i) * width) + frames - 1 - i + j]],
            new Shape(heads, frames, width));
        Assert.Throws<ShapeException>(() => Ops.RelativeShift(Tensor.Zeros(new Shape(2, 3, 4))));
    }

    [Fact]
    public void Frames_are_packed_and_put_back()
    {
        int[] lengths = [3, 0, 5, 2];
        int[] rows = [0, 1, 2, 10, 11, 12, 13, 14, 15, 16];
        new GradCheck().Run(x => Ops.PackFrames(x[0], lengths), x => [.. rows.SelectMany(r => x[0][(r * 7)..((r + 1) * 7)])], new Shape(4, 5, 7));
        new GradCheck().Run(
            x => Ops.UnpackFrames(x[0], lengths, 5),
            x => [.. Enumerable.Range(0, 20).SelectMany(r => Array.IndexOf(rows, r) is >= 0 and var at ? x[0][(at * 7)..((at + 1) * 7)] : new double[7])],
            new Shape(10, 7));
        Assert.Throws<ShapeException>(() => Ops.PackFrames(Tensor.Zeros(new Shape(2, 5, 7)), [5, 6]));
        Assert.Throws<ShapeException>(() => Ops.PackFrames(Tensor.Zeros(new Shape(5, 7)), [5]));
        Assert.Throws<ShapeException>(() => Ops.UnpackFrames(Tensor.Zeros(new Shape(9, 7)), lengths, 5));
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 2, 4, 7)]
    [InlineData(5, 7, 3, 16)]
    [InlineData(2, 3, 129, 33)]
    public void Sampled_products(int queries, int keys, int samples, int width)
    {
        int[] rows = [.. Enumerable.Range(0, queries * samples).Select(i => ((i * 5) + (i / 3)) % keys)];
        int[] lists = [.. Enumerable.Range(0, queries + 2).Select(i => i * i % queries)];
        double[] Naive(double[][] x, int count, Func<int, int> list) =>
            [.. from i in Enumerable.Range(0, count) from s in Enumerable.Range(0, samples)
                select Enumerable.Range(0, width).Sum(d => x[0][(i * width) + d] * x[1][(rows[(list(i) * samples) + s] * width) + d])];

        new GradCheck().Run(x => Ops.SampledProducts(x[0], x[1], rows, samples), x => Naive(x, queries, i => i), new Shape(queries, width), new Shape(keys, width));
        new GradCheck().Run(
            x => Ops.SampledProducts(x[0], x[1], rows, samples, lists), x => Naive(x, queries + 2, i => lists[i]), new Shape(queries + 2, width), new Shape(keys, width));
        Tensor q = Tensor.Zeros(new Shape(queries, width)), k = Tensor.Zeros(new Shape(keys, width));
        Assert.Throws<ShapeException>(() => Ops.SampledProducts(q, Tensor.Zeros(new Shape(keys, width + 1)), rows, samples));
        Assert.Throws<ArgumentException>(() => Ops.SampledProducts(q, k, [.. rows[..^1], keys], samples));
        Assert.Throws<ArgumentException>(() => Ops.SampledProducts(q, k, rows, samples, lists));
    }
}
