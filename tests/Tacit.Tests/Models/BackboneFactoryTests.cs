using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class BackboneFactoryTests
{
    [Fact]
    public void Options_survive_the_metadata()
    {
        var options = new BackboneOptions { Name = "resnet50", Stem = "imagenet", Width = 24, ZeroInitLastGamma = true };

        Assert.Equal(options, BackboneFactory.FromMetadata(BackboneFactory.ToMetadata(options)));
        Assert.Equal(new BackboneOptions(), BackboneFactory.FromMetadata(BackboneFactory.ToMetadata(new BackboneOptions())));
        foreach (BackboneOptions transformer in new BackboneOptions[]
        {
            new() { Name = "vit" },
            new()
            {
                Name = "vit", PatchSize = 2, Depth = 3, Dim = 24, Heads = 2, MlpRatio = 2.5f, Positions = "learned", Pool = "token", DropPath = 0.1f, LayerScale = 1e-5f, Side = 16,
            },
            new() { Name = "pixel-transformer", Side = 16, Depth = 5 },
            new() { Name = "pixel-transformer", Side = 8, Colours = 100, FeatureLayer = 3, LayerScale = 1 },
        })
        {
            Assert.Equal(transformer, BackboneFactory.FromMetadata(BackboneFactory.ToMetadata(transformer)));
        }
    }

    /// <summary>What encoder files held before there were transformers.</summary>
    [Fact]
    public void A_residual_networks_metadata_is_what_it_always_was()
    {
        var metadata = new Dictionary<string, string>
        {
            ["backbone.name"] = "resnet34",
            ["backbone.stem"] = "imagenet",
            ["backbone.width"] = "24",
            ["backbone.zero-init-last-gamma"] = "true",
        };
        var options = new BackboneOptions { Name = "resnet34", Stem = "imagenet", Width = 24, ZeroInitLastGamma = true };

        Assert.Equal(options, BackboneFactory.FromMetadata(metadata));
        Assert.Equal(metadata, BackboneFactory.ToMetadata(options));
    }

    [Fact]
    public void An_encoder_file_rebuilds_its_encoder()
    {
        using var folder = new TemporaryFolder();
        Backbone encoder = BackboneFactory.Create(new BackboneOptions { Width = 4 }, 7);
        Safetensors.Write(folder["encoder"], encoder.StateDict(), BackboneFactory.ToMetadata(encoder.Options));

        SafetensorsContent file = Safetensors.Read(folder["encoder"]);
        Backbone rebuilt = BackboneFactory.Build(BackboneFactory.FromMetadata(file.Metadata));
        rebuilt.Load(file.Tensors);

        var x = Tensor.From(Hashed.Singles(2 * 16 * 16 * 3, 1), new Shape(2, 16, 16, 3));
        encoder.Eval();
        rebuilt.Eval();
        using Scope scope = Scope.NoGradient();
        Assert.Equal(encoder.Forward(x).ToArray(), rebuilt.Forward(x).ToArray());
    }

    [Fact]
    public void The_untrained_baseline_is_what_a_method_starts_from()
    {
        Backbone alone = BackboneFactory.Create(new BackboneOptions(), 5);
        var method = new Host(BackboneFactory.Build(new BackboneOptions()));
        method.Initialize(5);
        Backbone other = BackboneFactory.Create(new BackboneOptions(), 6);

        Assert.All(alone.StateDict(), pair => Assert.Equal(pair.Value.ToArray(), method.Backbone.StateDict()[pair.Key].ToArray()));
        Assert.NotEqual(alone.StateDict()["conv1.weight"].ToArray(), other.StateDict()["conv1.weight"].ToArray());
    }

    [Fact]
    public void What_cannot_be_built_is_said()
    {
        Assert.Equal(
            "There is no backbone 'resnet19'; choose one of resnet18, resnet34, resnet50, vit, pixel-transformer, token-transformer, wav2vec2, wav2vec, vq-wav2vec, cpc, gru, decoar, fbank-transformer, conformer, audiontt.",
            Assert.Throws<TacitException>(() => BackboneFactory.Build(new BackboneOptions { Name = "resnet19" })).Message);
        Assert.Equal(
            "There is no stem 'mnist'; choose one of cifar, imagenet.",
            Assert.Throws<TacitException>(() => BackboneFactory.Build(new BackboneOptions { Stem = "mnist" })).Message);
        Assert.Contains("width 0", Assert.Throws<TacitException>(() => BackboneFactory.Build(new BackboneOptions { Width = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("backbone.name", Assert.Throws<TacitException>(() => BackboneFactory.FromMetadata(new Dictionary<string, string>())).Message, StringComparison.Ordinal);

        Dictionary<string, string> metadata = BackboneFactory.ToMetadata(new BackboneOptions());
        metadata["backbone.width"] = "wide";
        Assert.Contains("'wide'", Assert.Throws<TacitException>(() => BackboneFactory.FromMetadata(metadata)).Message, StringComparison.Ordinal);
    }

    private sealed class Host : Module
    {
        public Host(Backbone backbone) => Backbone = Add("backbone", backbone);

        public Backbone Backbone { get; }
    }
}
