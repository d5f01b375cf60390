using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class DinoHeadTests
{
    /// <summary>Without a norm, and with features that share nothing, the head leaves pictures as far apart as they come in.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheHeadBeginsWithPicturesApart(bool norm)
    {
        var head = new DinoHead(32, [64, 64, 16], 10, norm);
        head.Initialize(1);
        Tensor features = Tensor.Lasting(new Shape(64, 32));
        Philox.FillNormal(features.Span, 1, 2, 3);
        var diagnostics = new Diagnostics();
        diagnostics.Embedding(head.Bottleneck(features));
        Assert.InRange(diagnostics[Diagnostics.EmbeddingDeviation]!.Value, 0.6, 1);
        Assert.Equal(norm, head.StateDict().ContainsKey("norm_1.running_mean"));
        Assert.Equal(64 * 10, head.Forward(features).Length);
    }
}
