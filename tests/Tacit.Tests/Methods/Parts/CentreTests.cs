using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class CentreTests
{
    [Theory]
    [InlineData(0, new[] { 1f, 2, 3, 4 }, new[] { 2f, 3 })]
    [InlineData(0.1, new[] { 1f, 2 }, new[] { 0.9f, 1.8f })]
    [InlineData(1, new[] { 1f, 2 }, new[] { 0f, 0 })]
    public void ItMovesTowardsTheMean(double momentum, float[] outputs, float[] expected)
    {
        var centre = new Centre(2);
        centre.Collect(Tensor.From(outputs, new Shape(outputs.Length / 2, 2)));
        centre.Commit(momentum);
        Oracle.AssertWithin(expected, centre.Value.Span, 1e-6);
    }

    [Fact]
    public void MicroBatchesAddUpAndCommittedOnesAreGone()
    {
        var centre = new Centre(1);
        centre.Collect(Tensor.From([1, 2], new Shape(2, 1)));
        centre.Collect(Tensor.From([6], new Shape(1, 1)));
        centre.Commit(0.5);
        Assert.Equal(1.5f, centre.Value[0]);
        centre.Commit(0.5);
        Assert.Equal(1.5f, centre.Value[0]);
        centre.Collect(Tensor.From([100], new Shape(1, 1)));
        centre.Clear();
        centre.Collect(Tensor.From([0.5f], new Shape(1, 1)));
        centre.Commit(0.5);
        Assert.Equal(1, centre.Value[0]);
        Assert.Equal(1, centre.Norm);
    }

    [Fact]
    public void ItIsABufferOfItsModule() => Assert.Equal(["value"], new Centre(3).NamedBuffers().Select(b => b.Key));

    [Fact]
    public void OutputsOfAnotherWidthAreRefused() => Assert.Throws<ShapeException>(() => new Centre(3).Collect(Tensor.Lasting(new Shape(2, 2))));
}
