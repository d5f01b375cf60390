using Tacit.Methods;
using Tacit.Models;

namespace Tacit.Training;

/// <summary>The encoder. A preset of its architecture sets it as a whole; keys beside the preset change single parts of it.</summary>
public sealed record ModelOptions
{
    private const string SideKey = "model.side";

    private Func<BackboneOptions, BackboneOptions> change = options => options;

    /// <summary>small is made for two cores, base and large are published configurations.</summary>
    public string Preset { get; private init; } = "small";

    public BackboneOptions Backbone { get; init; } = new();

    /// <summary>
    /// Residual networks: ResNet-18 at width 16; ResNet-18 as published for CIFAR; ResNet-50 as published for ImageNet. Vision
    /// transformers: 6 blocks of 192; ViT-S with patches of 4 for CIFAR (as solo-learn); ViT-B/16. Pixel transformers: 4 blocks
    /// of 96 for 16 × 16 pixels; iGPT-S and iGPT-L (Chen et al. 2020, section 3.3). Token transformers: 4 blocks of 128; the blocks of
    /// BERT base (and GPT) and BERT large (Devlin et al. 2019, section 3).
    /// </summary>
    private static (string Architecture, string Name, BackboneOptions Backbone)[] Presets { get; } =
    [
        (BackboneFactory.ResNet, "small", new BackboneOptions()),
        (BackboneFactory.ResNet, "base", new BackboneOptions { Width = 64 }),
        (BackboneFactory.ResNet, "large", new BackboneOptions { Name = "resnet50", Stem = "imagenet", Width = 64 }),
        (BackboneFactory.Vit, "small", new BackboneOptions { Name = BackboneFactory.Vit }),
        (BackboneFactory.Vit, "base", new BackboneOptions { Name = BackboneFactory.Vit, Depth = 12, Dim = 384, Heads = 6, Positions = "learned", Pool = "token" }),
        (BackboneFactory.Vit, "large", new BackboneOptions
        {
            Name = BackboneFactory.Vit, PatchSize = 16, Depth = 12, Dim = 768, Heads = 12, Positions = "learned", Pool = "token", Side = 224,
        }),
        (BackboneFactory.PixelTransformer, "small", new BackboneOptions { Name = BackboneFactory.PixelTransformer, Depth = 4, Dim = 96, Heads = 3, Side = 16 }),
        (BackboneFactory.PixelTransformer, "base", new BackboneOptions { Name = BackboneFactory.PixelTransformer, Depth = 24, Dim = 512, Heads = 8, Side = 32 }),
        (BackboneFactory.PixelTransformer, "large", new BackboneOptions { Name = BackboneFactory.PixelTransformer, Depth = 48, Dim = 1536, Heads = 16, Side = 48 }),
        (BackboneFactory.Wav2Vec2, "small", Wav2Vec2Backbone.FromEncoder(Wav2Vec2Options.Small)),
        (BackboneFactory.Wav2Vec2, "base", Wav2Vec2Backbone.FromEncoder(Wav2Vec2Options.Base)),
        (BackboneFactory.Wav2Vec2, "large", Wav2Vec2Backbone.FromEncoder(Wav2Vec2Options.Large)),
        (BackboneFactory.Wav2Vec, "small", new BackboneOptions { Name = BackboneFactory.Wav2Vec, Dim = 128, Depth = 4 }),
        (BackboneFactory.Wav2Vec, "base", new BackboneOptions { Name = BackboneFactory.Wav2Vec, Dim = 512, Depth = 12 }),
        (BackboneFactory.VqWav2Vec, "small", new BackboneOptions { Name = BackboneFactory.VqWav2Vec, Dim = 128, Depth = 4, Heads = 3 }),
        (BackboneFactory.VqWav2Vec, "base", new BackboneOptions { Name = BackboneFactory.VqWav2Vec, Dim = 512, Depth = 12, TokenDepth = 12, TokenDim = 768, Heads = 12 }),
        (BackboneFactory.Cpc, "small", new BackboneOptions { Name = BackboneFactory.Cpc, Dim = 128, Depth = 1 }),
        (BackboneFactory.Cpc, "base", new BackboneOptions { Name = BackboneFactory.Cpc, Dim = 256, Depth = 1 }),
        (BackboneFactory.Gru, "small", new BackboneOptions { Name = BackboneFactory.Gru, Dim = 256, Depth = 3 }),
        (BackboneFactory.Gru, "base", new BackboneOptions { Name = BackboneFactory.Gru, Dim = 512, Depth = 3 }),
        (BackboneFactory.Decoar, "small", new BackboneOptions { Name = BackboneFactory.Decoar, Dim = 192, Depth = 2 }),
        (BackboneFactory.Decoar, "base", new BackboneOptions { Name = BackboneFactory.Decoar, Dim = 1024, Depth = 4, Dropout = 0 }),
        (BackboneFactory.FbankTransformer, "small", new BackboneOptions { Name = BackboneFactory.FbankTransformer, Dim = 256, Depth = 3, Heads = 4 }),
        (BackboneFactory.FbankTransformer, "base", new BackboneOptions { Name = BackboneFactory.FbankTransformer, Dim = 768, Depth = 3, Heads = 12 }),
        (BackboneFactory.FbankTransformer, "large", new BackboneOptions { Name = BackboneFactory.FbankTransformer, Dim = 768, Depth = 12, Heads = 12 }),
        (BackboneFactory.Conformer, "small", new BackboneOptions { Name = BackboneFactory.Conformer, ConvDim = 32, Dim = 192, Depth = 4, Heads = 3, Kernel = 15 }),
        (BackboneFactory.Conformer, "base", new BackboneOptions { Name = BackboneFactory.Conformer, ConvDim = 32, Dim = 576, Depth = 12, Heads = 8, MlpRatio = 2048f / 576 }),
        (BackboneFactory.AudioNtt, "small", new BackboneOptions { Name = BackboneFactory.AudioNtt, Dim = 512, Mels = 64, Dropout = 0.3f }),
        (BackboneFactory.AudioNtt, "base", new BackboneOptions { Name = BackboneFactory.AudioNtt, Dim = 2048, Mels = 64, Dropout = 0.3f }),
        (BackboneFactory.TokenTransformer, "small", new BackboneOptions { Name = BackboneFactory.TokenTransformer, Depth = 4, Dim = 128, Heads = 4 }),
        (BackboneFactory.TokenTransformer, "base", new BackboneOptions { Name = BackboneFactory.TokenTransformer, Depth = 12, Dim = 768, Heads = 12 }),
        (BackboneFactory.TokenTransformer, "large", new BackboneOptions { Name = BackboneFactory.TokenTransformer, Depth = 24, Dim = 1024, Heads = 16 }),
    ];

    internal static OptionTable<ModelOptions> Table { get; } = new OptionTable<ModelOptions>()
        .Choice("preset", o => o.Preset, (o, name) => o.At(BackboneFactory.Architecture(o.Backbone.Name), name), [.. Presets.Select(p => p.Name).Distinct()])
        .Choice("name", o => o.Backbone.Name, (o, name) => o.Named(name), [.. BackboneFactory.Names])
        .Section("", o => o.Backbone, (o, v) => o with { Backbone = v }, BackboneTable.Keys);

    /// <summary>A preset of an architecture: <c>resnet</c>, <c>vit</c>, <c>pixel-transformer</c> or <c>token-transformer</c>; small, base or large.</summary>
    public static ModelOptions OfPreset(string architecture, string name) =>
        new ModelOptions().At(architecture, name);

    /// <summary>What an architecture's preset holds for a backbone of this name.</summary>
    /// <exception cref="TacitException">There is no such backbone.</exception>
    public static ModelOptions OfBackbone(string name, string preset = "small") => BackboneFactory.Names.Contains(name, StringComparer.Ordinal)
        ? OfPreset(BackboneFactory.Architecture(name), preset).Named(name)
        : throw new TacitException($"There is no backbone '{name}'; choose one of {string.Join(", ", BackboneFactory.Names)}.");

    /// <summary>The side of pictures that the user made the encoder for, where it takes no other; null where the data decide.</summary>
    internal int? OnlySide(RunConfig config) =>
        Backbone.Name == BackboneFactory.PixelTransformer && config.Given.Contains(SideKey) ? Backbone.Side : null;

    /// <summary>Made for the side of the run's pictures, unless the user gave one.</summary>
    /// <exception cref="ConfigurationException">A pixel transformer would see pictures of another side than the one it takes.</exception>
    internal ModelOptions FitTo(RunConfig config)
    {
        if (Backbone.Name == BackboneFactory.TokenTransformer)
        {
            return config.Tokenizer is { } tokenizer ? this with { Backbone = Backbone with { Vocabulary = tokenizer.Vocabulary, Length = config.Data.Length } } : this;
        }

        if (config.Data.Size is not { } side || BackboneFactory.Architecture(Backbone.Name) == BackboneFactory.ResNet)
        {
            return this;
        }

        if (Backbone.Name == BackboneFactory.PixelTransformer && config.Data.Sizes is not null)
        {
            throw new ConfigurationException("data.sizes: a pixel transformer takes pictures of one side; leave it out.");
        }

        return OnlySide(config) is { } only && only != side
            ? throw new ConfigurationException($"{SideKey}: the encoder is made for pictures of side {only} alone, and data.size is {side}; give both the same value.")
            : config.Given.Contains(SideKey) ? this : this with { Backbone = Backbone with { Side = side } };
    }

    /// <summary>The same with single parts of the backbone changed.</summary>
    internal ModelOptions With(Func<BackboneOptions, BackboneOptions> change) => this with { change = change, Backbone = change(Backbone) };

    /// <summary>A preset of an architecture, with what the method changes in it.</summary>
    private ModelOptions At(string architecture, string name)
    {
        string[] known = [.. Presets.Where(p => p.Architecture == architecture).Select(p => p.Name)];
        return known.Contains(name)
            ? this with { Preset = name, Backbone = change(Presets.First(p => p.Architecture == architecture && p.Name == name).Backbone) }
            : throw new FormatException($"is no preset of {architecture}, which has {string.Join(", ", known)}");
    }

    /// <summary>A name of another architecture brings that architecture's preset with it.</summary>
    private ModelOptions Named(string name)
    {
        string architecture = BackboneFactory.Architecture(name);
        ModelOptions options = architecture == BackboneFactory.Architecture(Backbone.Name) ? this : At(architecture, Preset);
        return options with { Backbone = options.Backbone with { Name = name } };
    }
}
