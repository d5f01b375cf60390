using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models.Speech;

/// <summary>What people may call a layer.</summary>
public sealed class LayerNameTests
{
    [Theory]
    [InlineData("fbank-transformer", "encoder", "input")]
    [InlineData("fbank-transformer", "context", "block2")]
    [InlineData("fbank-transformer", "layer:1", "block1")]
    [InlineData("wav2vec2", "encoder", "encoder")]
    [InlineData("wav2vec2", "layer:2", "block2")]
    [InlineData("cpc", "context", "context")]
    [InlineData("cpc", "layer:1", "encoder")]
    [InlineData("cpc", "layer:2", "context")]
    [InlineData("gru", "encoder", "layer1")]
    [InlineData("gru", "layer:2", "layer2")]
    [InlineData("resnet18", "layer:3", "layer3")]
    [InlineData("audiontt", "layer:2", "conv2")]
    [InlineData("gru", "last", "last")]
    public void ALayerIsFound(string backbone, string asked, string layer) => Assert.Equal(layer, Build(backbone).Named(asked));

    [Theory]
    [InlineData("fbank-transformer", "layer:3")]
    [InlineData("cpc", "layer:0")]
    [InlineData("cpc", "layer:3")]
    [InlineData("resnet18", "encoder")]
    [InlineData("gru", "weighted")]
    public void WhatIsNotThereIsRefusedWithWhatIs(string backbone, string asked)
    {
        Backbone built = Build(backbone);
        Assert.Contains(
            $"has no layer '{asked}'; choose one of {string.Join(", ", built.Layers)}", Assert.Throws<TacitException>(() => built.Named(asked)).Message, StringComparison.Ordinal);
    }

    /// <summary>Depths come from one pass and are what the layers alone give.</summary>
    [Fact]
    public void AudioNttsConvolutionsAreLayers()
    {
        Backbone built = Build("audiontt");
        built.Initialize(1);
        built.Eval();
        using Scope scope = Scope.NoGradient();
        Tensor x = Tensor.Empty(new Shape(2, 24, 16, 1));
        Philox.FillNormal(x.Span, 1, 1, 0);
        IReadOnlyList<Tensor> all = built.Forward(x, ["frames", "conv1", "conv2", "conv3"]);
        Assert.Equal([16, 64 * 8, 64 * 4, 64 * 2], all.Select(t => t.Shape[1]));
        Assert.Equal(built.Forward(x, "conv2").ToArray(), all[2].ToArray());
        Assert.Equal(built.Forward(x).ToArray(), all[0].ToArray());
    }

    private static Backbone Build(string name) => BackboneFactory.Build(new BackboneOptions { Name = name, Dim = 16, Depth = 2, Heads = 2, Mels = 16, ConvDim = 8, PositionKernel = 8, PositionGroups = 4, Width = 4 });
}
