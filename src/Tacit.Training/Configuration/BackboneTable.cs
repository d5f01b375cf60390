using Tacit.Methods;
using Tacit.Models;

namespace Tacit.Training;

/// <summary>The keys of a backbone's parts; each architecture has its own.</summary>
internal static class BackboneTable
{
    public static OptionTable<BackboneOptions> Keys { get; } = new OptionTable<BackboneOptions>()
        .Where(o => Is(o, BackboneFactory.ResNet), "residual networks", new OptionTable<BackboneOptions>()
            .Choice("stem", o => o.Stem, (o, v) => o with { Stem = v }, [.. BackboneFactory.Stems])
            .Whole("width", o => o.Width, (o, v) => o with { Width = (int)v }, new Interval(1, 1024))
            .Flag("zero-init-last-gamma", o => o.ZeroInitLastGamma, (o, v) => o with { ZeroInitLastGamma = v }))
        .Where(o => o.Channels == 1, "encoders of sound", new OptionTable<BackboneOptions>()
            .Whole("mels", o => o.Mels, (o, v) => o with { Mels = (int)v }, new Interval(8, 256)))
        .Where(o => !Is(o, BackboneFactory.ResNet), "transformers", new OptionTable<BackboneOptions>()
            .Whole("depth", o => o.Depth, (o, v) => o with { Depth = (int)v }, new Interval(1, 256))
            .Whole("dim", o => o.Dim, (o, v) => o with { Dim = (int)v }, new Interval(1, 8192))
            .Whole("heads", o => o.Heads, (o, v) => o with { Heads = (int)v }, new Interval(1, 256))
            .Number("mlp-ratio", o => o.MlpRatio, (o, v) => o with { MlpRatio = v }, new Interval(0, 64, OpenLow: true))
            .Number("drop-path", o => o.DropPath, (o, v) => o with { DropPath = v }, Interval.BelowOne)
            .NumberOrAuto("layer-scale", o => o.LayerScale, (o, v) => o with { LayerScale = v }, Interval.Positive))
        .Where(o => Is(o, BackboneFactory.Vit) || Is(o, BackboneFactory.PixelTransformer), "transformers of pictures", new OptionTable<BackboneOptions>()
            .Whole("side", o => o.Side, (o, v) => o with { Side = (int)v }, new Interval(1, 4096)))
        .Where(o => Is(o, BackboneFactory.Vit), "vision transformers", new OptionTable<BackboneOptions>()
            .Whole("patch-size", o => o.PatchSize, (o, v) => o with { PatchSize = (int)v }, new Interval(1, 1024))
            .Choice("positions", o => o.Positions, (o, v) => o with { Positions = v }, [.. BackboneFactory.PositionKinds])
            .Choice("pool", o => o.Pool, (o, v) => o with { Pool = v }, [.. BackboneFactory.Pools]))
        .Where(o => Is(o, BackboneFactory.TokenTransformer), "token transformers", new OptionTable<BackboneOptions>()
            .Whole("vocabulary", o => o.Vocabulary, (o, v) => o with { Vocabulary = (int)v }, new Interval(256, 65536))
            .Whole("length", o => o.Length, (o, v) => o with { Length = (int)v }, new Interval(2, 65536))
            .Flag("causal", o => o.Causal, (o, v) => o with { Causal = v }))
        .Where(o => Is(o, BackboneFactory.PixelTransformer), "pixel transformers", new OptionTable<BackboneOptions>()
            .Whole("colours", o => o.Colours, (o, v) => o with { Colours = (int)v }, new Interval(2, 65536))
            .WholeOrAuto("feature-layer", o => o.FeatureLayer, (o, v) => o with { FeatureLayer = (int?)v }, new Interval(1, 256)));

    private static bool Is(BackboneOptions options, string architecture) => BackboneFactory.Architecture(options.Name) == architecture;
}
