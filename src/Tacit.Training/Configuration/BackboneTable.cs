using Tacit.Methods;
using Tacit.Models;

namespace Tacit.Training;

/// <summary>The keys of a backbone's parts; each architecture has its own.</summary>
internal static class BackboneTable
{
    private static readonly string[] Frames = [BackboneFactory.Gru, BackboneFactory.Decoar, BackboneFactory.FbankTransformer, BackboneFactory.Conformer];

    private static readonly string[] Pictures = [BackboneFactory.Vit, BackboneFactory.PixelTransformer];

    private static readonly string[] Transformers = [.. Pictures, BackboneFactory.TokenTransformer, BackboneFactory.Wav2Vec2, BackboneFactory.VqWav2Vec, BackboneFactory.FbankTransformer, BackboneFactory.Conformer];

    public static OptionTable<BackboneOptions> Keys { get; } = new OptionTable<BackboneOptions>()
        .Where(o => Is(o, BackboneFactory.ResNet), "residual networks", new OptionTable<BackboneOptions>()
            .Choice("stem", o => o.Stem, (o, v) => o with { Stem = v }, [.. BackboneFactory.Stems])
            .Whole("width", o => o.Width, (o, v) => o with { Width = (int)v }, new Interval(1, 1024))
            .Flag("zero-init-last-gamma", o => o.ZeroInitLastGamma, (o, v) => o with { ZeroInitLastGamma = v }))
        .Where(o => o.Channels == 1 || Is(o, Frames) || Is(o, BackboneFactory.AudioNtt), "encoders of frames and log-mel pictures", new OptionTable<BackboneOptions>()
            .Whole("mels", o => o.Mels, (o, v) => o with { Mels = (int)v }, new Interval(8, 256)))
        .Where(o => Is(o, Frames), "encoders of frames", new OptionTable<BackboneOptions>()
            .Whole("deltas", o => o.Deltas, (o, v) => o with { Deltas = (int)v }, new Interval(0, 2)))
        .Where(o => !Is(o, BackboneFactory.ResNet, BackboneFactory.AudioNtt), "transformers and encoders of sound", new OptionTable<BackboneOptions>()
            .Whole("depth", o => o.Depth, (o, v) => o with { Depth = (int)v }, new Interval(1, 256)))
        .Where(o => !Is(o, BackboneFactory.ResNet), "transformers and encoders of sound", new OptionTable<BackboneOptions>()
            .Whole("dim", o => o.Dim, (o, v) => o with { Dim = (int)v }, new Interval(1, 8192)))
        .Where(o => Is(o, Transformers), "transformers", new OptionTable<BackboneOptions>()
            .Whole("heads", o => o.Heads, (o, v) => o with { Heads = (int)v }, new Interval(1, 256))
            .Number("mlp-ratio", o => o.MlpRatio, (o, v) => o with { MlpRatio = v }, new Interval(0, 64, OpenLow: true)))
        .Where(o => Is(o, [.. Pictures, BackboneFactory.TokenTransformer]), "transformers of pictures and tokens", new OptionTable<BackboneOptions>()
            .Number("drop-path", o => o.DropPath, (o, v) => o with { DropPath = v }, Interval.BelowOne)
            .NumberOrAuto("layer-scale", o => o.LayerScale, (o, v) => o with { LayerScale = v }, Interval.Positive))
        .Where(o => Is(o, Pictures), "transformers of pictures", new OptionTable<BackboneOptions>()
            .Whole("side", o => o.Side, (o, v) => o with { Side = (int)v }, new Interval(1, 4096)))
        .Where(o => Is(o, BackboneFactory.Wav2Vec2, BackboneFactory.Conformer), "waveform transformers and Conformers", new OptionTable<BackboneOptions>()
            .Whole("conv-dim", o => o.ConvDim, (o, v) => o with { ConvDim = (int)v }, new Interval(1, 8192))
            .Choice("front-norm", o => o.FrontNorm, (o, v) => o with { FrontNorm = v }, "group", "layer"))
        .Where(o => Is(o, BackboneFactory.Wav2Vec2), "waveform transformers", new OptionTable<BackboneOptions>()
            .Flag("conv-bias", o => o.ConvBias, (o, v) => o with { ConvBias = v })
            .Flag("pre-norm", o => o.PreNorm, (o, v) => o with { PreNorm = v })
            .Whole("position-depth", o => o.PositionDepth, (o, v) => o with { PositionDepth = (int)v }, new Interval(1, 64))
            .Whole("position-kernel", o => o.PositionKernel, (o, v) => o with { PositionKernel = (int)v }, new Interval(1, 1024))
            .Whole("position-groups", o => o.PositionGroups, (o, v) => o with { PositionGroups = (int)v }, new Interval(1, 1024))
            .Whole("relative-buckets", o => o.RelativeBuckets, (o, v) => o with { RelativeBuckets = (int)v }, new Interval(0, 4096))
            .Number("layer-drop", o => o.LayerDrop, (o, v) => o with { LayerDrop = v }, Interval.BelowOne)
            .Number("front-gradient", o => o.FrontGradient, (o, v) => o with { FrontGradient = v }, Interval.NotNegative))
        .Where(o => Is(o, BackboneFactory.Wav2Vec2, BackboneFactory.Wav2Vec, BackboneFactory.VqWav2Vec), "encoders of waveforms", new OptionTable<BackboneOptions>()
            .Flag("published-padding", o => o.PublishedPadding, (o, v) => o with { PublishedPadding = v }))
        .Where(o => Is(o, [BackboneFactory.Wav2Vec2, BackboneFactory.VqWav2Vec, BackboneFactory.AudioNtt, .. Frames]), "encoders of sound", new OptionTable<BackboneOptions>()
            .Number("dropout", o => o.Dropout, (o, v) => o with { Dropout = v }, Interval.BelowOne))
        .Where(o => Is(o, BackboneFactory.VqWav2Vec), "vq-wav2vec's encoder", new OptionTable<BackboneOptions>()
            .Choice("quantizer", o => o.Quantizer, (o, v) => o with { Quantizer = v }, [.. BackboneFactory.Quantizers])
            .Whole("groups", o => o.Groups, (o, v) => o with { Groups = (int)v }, new Interval(1, 64))
            .Whole("entries", o => o.Entries, (o, v) => o with { Entries = (int)v }, new Interval(2, 1 << 16))
            .Whole("token-depth", o => o.TokenDepth, (o, v) => o with { TokenDepth = (int)v }, new Interval(1, 256))
            .Whole("token-dim", o => o.TokenDim, (o, v) => o with { TokenDim = (int)v }, new Interval(1, 8192)))
        .Where(o => Is(o, BackboneFactory.Cpc), "CPC's encoder", new OptionTable<BackboneOptions>()
            .Choice("recurrent", o => o.Recurrent, (o, v) => o with { Recurrent = v }, "lstm", "gru"))
        .Where(o => Is(o, BackboneFactory.Conformer), "Conformers", new OptionTable<BackboneOptions>()
            .Whole("kernel", o => o.Kernel, (o, v) => o with { Kernel = (int)v }, new Interval(1, 1023)))
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

    private static bool Is(BackboneOptions options, params string[] architectures) => architectures.Contains(BackboneFactory.Architecture(options.Name));
}
