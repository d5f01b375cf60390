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
}
