using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class NarrowInitTests
{
    [Theory]
    [InlineData(768, 3072, 0.02)]
    [InlineData(1024, 1024, 0.02)]
    [InlineData(192, 768, 0.04)]        // 0.02 · √(768 / 192)
    [InlineData(768, 192, 0.04)]
    public void The_deviation_is_the_published_one_at_the_published_width(int input, int output, double deviation)
    {
        var layer = new Linear(input, output, weightInitializer: NarrowInit.For(input, output));
        layer.Initialize(1);
        Tensor weight = layer.StateDict()["weight"];
        Assert.Equal(deviation, Math.Sqrt(weight.ToArray().Average(w => (double)w * w)), 0.02 * deviation);
    }
}
