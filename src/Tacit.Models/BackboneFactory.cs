using System.Globalization;

namespace Tacit.Models;

/// <summary>Builds backbones by name, and writes down what one was built from.</summary>
public static class BackboneFactory
{
    /// <summary>The architecture of the residual networks.</summary>
    public const string ResNet = "resnet";

    /// <summary>The architecture and name of the vision transformer.</summary>
    public const string Vit = "vit";

    /// <summary>The architecture and name of wav2vec 2.0's encoder of waveforms, and of its kin.</summary>
    public const string Wav2Vec2 = "wav2vec2";

    /// <summary>The architecture and name of wav2vec's convolutions with their causal aggregator.</summary>
    public const string Wav2Vec = "wav2vec";

    /// <summary>The architecture and name of vq-wav2vec's convolutions and quantiser, with a BERT over its tokens.</summary>
    public const string VqWav2Vec = "vq-wav2vec";

    /// <summary>The architecture and name of CPC's convolutions with their recurrent context.</summary>
    public const string Cpc = "cpc";

    /// <summary>The architecture and name of APC's stack of GRUs over FBANK frames.</summary>
    public const string Gru = "gru";

    /// <summary>The architecture and name of DeCoAR's two stacks of LSTMs over FBANK frames.</summary>
    public const string Decoar = "decoar";

    /// <summary>The architecture and name of Mockingjay's transformer over FBANK frames.</summary>
    public const string FbankTransformer = "fbank-transformer";

    /// <summary>The architecture and name of a Conformer over FBANK frames.</summary>
    public const string Conformer = "conformer";

    /// <summary>The architecture and name of BYOL-A's small encoder of log-mel pictures.</summary>
    public const string AudioNtt = "audiontt";

    /// <summary>The architecture and name of the pixel transformer.</summary>
    public const string PixelTransformer = "pixel-transformer";

    /// <summary>The architecture and name of the transformer over tokens of text.</summary>
    public const string TokenTransformer = "token-transformer";

    private const string Prefix = "backbone.";

    private static readonly string[] Waves = [Wav2Vec2, Wav2Vec, VqWav2Vec, Cpc], OfFrames = [Gru, Decoar, FbankTransformer, Conformer], Sounds = [.. Waves, .. OfFrames, AudioNtt];

    private static readonly string[] All = [ResNet, Vit, PixelTransformer, TokenTransformer, .. Sounds], Pictures = [Vit, PixelTransformer], Stacks = [.. Pictures, TokenTransformer, .. Waves, .. OfFrames];

    private static readonly string[] Transformers = [.. Pictures, TokenTransformer, Wav2Vec2, VqWav2Vec, FbankTransformer, Conformer];

    /// <summary>Each part of the options: its name, the architectures that have it, and how it is written and read.</summary>
    private static readonly Part[] Parts =
    [
        new("name", All, o => o.Name, (o, text) => o with { Name = text }),
        new("stem", [ResNet], o => o.Stem, (o, text) => o with { Stem = text }),
        Whole("width", [ResNet], o => o.Width, (o, v) => o with { Width = v }),
        Whole("channels", [ResNet], o => o.Channels, (o, v) => o with { Channels = v }) with { Usual = "3" },
        new("zero-init-last-gamma", [ResNet], o => o.ZeroInitLastGamma ? "true" : "false", (o, text) => o with { ZeroInitLastGamma = text == "true" }),
        Whole("patch-size", [Vit], o => o.PatchSize, (o, v) => o with { PatchSize = v }),
        Whole("depth", Stacks, o => o.Depth, (o, v) => o with { Depth = v }),
        Whole("dim", [.. Stacks, AudioNtt], o => o.Dim, (o, v) => o with { Dim = v }),
        Whole("heads", Transformers, o => o.Heads, (o, v) => o with { Heads = v }),
        Number("mlp-ratio", Transformers, o => o.MlpRatio, (o, v) => o with { MlpRatio = v!.Value }, optional: false),
        new("positions", [Vit], o => o.Positions, (o, text) => o with { Positions = text }),
        new("pool", [Vit], o => o.Pool, (o, text) => o with { Pool = text }),
        Number("drop-path", [.. Pictures, TokenTransformer], o => o.DropPath, (o, v) => o with { DropPath = v!.Value }, optional: false),
        Number("layer-scale", [.. Pictures, TokenTransformer], o => o.LayerScale, (o, v) => o with { LayerScale = v }, optional: true),
        Whole("side", Pictures, o => o.Side, (o, v) => o with { Side = v }),
        Whole("colours", [PixelTransformer], o => o.Colours, (o, v) => o with { Colours = v }),
        Whole("vocabulary", [TokenTransformer], o => o.Vocabulary, (o, v) => o with { Vocabulary = v }),
        Whole("length", [TokenTransformer], o => o.Length, (o, v) => o with { Length = v }),
        new("causal", [TokenTransformer], o => o.Causal ? "true" : "false", (o, text) => o with { Causal = text == "true" }),
        new(
            "feature-layer",
            [PixelTransformer],
            o => o.FeatureLayer?.ToString(CultureInfo.InvariantCulture) ?? "middle",
            (o, text) => o with { FeatureLayer = text == "middle" ? null : ParseWhole(text) }),
        Whole("mels", [.. OfFrames, AudioNtt], o => o.Mels, (o, v) => o with { Mels = v }),
        Whole("deltas", OfFrames, o => o.Deltas, (o, v) => o with { Deltas = v }),
        Whole("conv-dim", [Wav2Vec2, Conformer], o => o.ConvDim, (o, v) => o with { ConvDim = v }),
        new("front-norm", [Wav2Vec2, Conformer], o => o.FrontNorm, (o, text) => o with { FrontNorm = text }),
        Flag("conv-bias", [Wav2Vec2], o => o.ConvBias, (o, v) => o with { ConvBias = v }),
        Flag("pre-norm", [Wav2Vec2], o => o.PreNorm, (o, v) => o with { PreNorm = v }),
        Whole("position-depth", [Wav2Vec2], o => o.PositionDepth, (o, v) => o with { PositionDepth = v }),
        Whole("position-kernel", [Wav2Vec2], o => o.PositionKernel, (o, v) => o with { PositionKernel = v }),
        Whole("position-groups", [Wav2Vec2], o => o.PositionGroups, (o, v) => o with { PositionGroups = v }),
        Whole("relative-buckets", [Wav2Vec2], o => o.RelativeBuckets, (o, v) => o with { RelativeBuckets = v }),
        Number("dropout", [Wav2Vec2, VqWav2Vec, .. OfFrames, AudioNtt], o => o.Dropout, (o, v) => o with { Dropout = v!.Value }, optional: false),
        Number("layer-drop", [Wav2Vec2], o => o.LayerDrop, (o, v) => o with { LayerDrop = v!.Value }, optional: false),
        Number("front-gradient", [Wav2Vec2], o => o.FrontGradient, (o, v) => o with { FrontGradient = v!.Value }, optional: false),
        Flag("published-padding", [Wav2Vec2, Wav2Vec, VqWav2Vec], o => o.PublishedPadding, (o, v) => o with { PublishedPadding = v }),
        new("quantizer", [VqWav2Vec], o => o.Quantizer, (o, text) => o with { Quantizer = text }),
        Whole("groups", [VqWav2Vec], o => o.Groups, (o, v) => o with { Groups = v }),
        Whole("entries", [VqWav2Vec], o => o.Entries, (o, v) => o with { Entries = v }),
        Whole("token-depth", [VqWav2Vec], o => o.TokenDepth, (o, v) => o with { TokenDepth = v }),
        Whole("token-dim", [VqWav2Vec], o => o.TokenDim, (o, v) => o with { TokenDim = v }),
        new("recurrent", [Cpc], o => o.Recurrent, (o, text) => o with { Recurrent = text }),
        Whole("kernel", [Conformer], o => o.Kernel, (o, v) => o with { Kernel = v }),
    ];

    /// <summary>The backbones there are.</summary>
    public static IReadOnlyList<string> Names { get; } = ["resnet18", "resnet34", "resnet50", Vit, PixelTransformer, TokenTransformer, .. Sounds];

    /// <summary>How residual networks may begin.</summary>
    public static IReadOnlyList<string> Stems { get; } = ["cifar", "imagenet"];

    /// <summary>The positions that vision transformers may have.</summary>
    public static IReadOnlyList<string> PositionKinds { get; } = ["sincos", "learned"];

    /// <summary>What vision transformers may take as features.</summary>
    public static IReadOnlyList<string> Pools { get; } = ["mean", "token"];

    /// <summary>The quantisers that vq-wav2vec may have.</summary>
    public static IReadOnlyList<string> Quantizers { get; } = ["gumbel", "kmeans"];

    /// <summary>What a backbone is shown of sound: <c>wave</c>, <c>frames</c> or <c>picture</c>, a log-mel spectrogram.</summary>
    public static string SoundKind(string name) => Architecture(name) switch
    {
        string architecture when Waves.Contains(architecture) => "wave",
        string architecture when OfFrames.Contains(architecture) => "frames",
        _ => "picture",
    };

    /// <summary>The architecture of a backbone: <c>resnet</c> of all residual networks, otherwise its name.</summary>
    public static string Architecture(string name) => name.StartsWith(ResNet, StringComparison.Ordinal) ? ResNet : name;

    /// <summary>
    /// A backbone with the starting values it has in every run with this seed: alone, as the baseline that learned nothing,
    /// or as the <c>backbone</c> of a method.
    /// </summary>
    /// <exception cref="TacitException">No such name or part, or a size that cannot be.</exception>
    public static Backbone Create(BackboneOptions options, ulong seed)
    {
        Backbone backbone = Build(options);
        backbone.Initialize(seed, "backbone");
        return backbone;
    }

    /// <summary>A backbone whose values are still to be loaded.</summary>
    /// <exception cref="TacitException">As <see cref="Create"/>.</exception>
    public static Backbone Build(BackboneOptions options)
    {
        Refuse(options.Name, Names, "backbone");
        switch (Architecture(options.Name))
        {
            case ResNet:
                Refuse(options.Stem, Stems, "stem");
                return options.Width is >= 1 and <= 1024
                    ? new ResNet(options)
                    : throw new TacitException($"A backbone of width {options.Width} cannot be built; its first stage has 1 to 1024 channels.");
            case Vit:
                RefuseTransformer(options);
                Refuse(options.Positions, PositionKinds, "kind of positions");
                Refuse(options.Pool, Pools, "way to pool");
                return options.PatchSize >= 1
                    ? new VisionTransformer(options)
                    : throw new TacitException($"A patch of side {options.PatchSize} cannot be; give at least 1 pixel.");
            case TokenTransformer:
                RefuseTransformer(options);
                return new TokenTransformer(options);
            case PixelTransformer:
                RefuseTransformer(options);
                return new PixelTransformer(options);
            case Wav2Vec2:
                return new Wav2Vec2Backbone(options);
            case Wav2Vec:
                return new Wav2VecBackbone(options);
            case VqWav2Vec:
                Refuse(options.Quantizer, Quantizers, "quantiser");
                return new VqWav2VecBackbone(options);
            case Cpc:
                return new CpcBackbone(options);
            case Gru:
                return new RecurrentBackbone(options);
            case Decoar:
                return new DecoarBackbone(options);
            case FbankTransformer:
                return new FbankTransformerBackbone(options);
            case Conformer:
                return new ConformerBackbone(options);
            default:
                return new AudioNttBackbone(options);
        }
    }

    /// <summary>The options as the metadata of an encoder's file: those parts that its architecture has.</summary>
    public static Dictionary<string, string> ToMetadata(BackboneOptions options) =>
        Of(options).Where(part => part.Usual is null || part.Usual != part.Write(options)).ToDictionary(part => Prefix + part.Key, part => part.Write(options), StringComparer.Ordinal);

    /// <summary>The options that a file's metadata holds.</summary>
    /// <exception cref="TacitException">It does not say, or says something that cannot be.</exception>
    public static BackboneOptions FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        string Get(string key) => metadata.TryGetValue(Prefix + key, out string? value)
            ? value
            : throw new TacitException($"The file's metadata does not say {Prefix}{key}, which is needed to rebuild the encoder.");

        var options = new BackboneOptions { Name = Get("name") };
        Refuse(options.Name, Names, "backbone");
        foreach (Part part in Of(options))
        {
            string text = part.Usual is { } usual ? metadata.GetValueOrDefault(Prefix + part.Key, usual) : Get(part.Key);
            try
            {
                options = part.Read(options, text);
            }
            catch (FormatException error)
            {
                throw new TacitException($"The file's metadata gives '{text}' as {Prefix}{part.Key}, which is not {error.Message}.", error);
            }
        }

        return options;
    }

    private static IEnumerable<Part> Of(BackboneOptions options) => Parts.Where(part => part.Architectures.Contains(Architecture(options.Name)));

    private static void RefuseTransformer(BackboneOptions options)
    {
        if (options.Depth < 1 || options.Dim < 1 || options.Side < 1 || !(options.MlpRatio > 0) || !(options.DropPath is >= 0 and < 1))
        {
            throw new TacitException(
                $"A transformer of {options.Depth} blocks of width {options.Dim}, for side {options.Side}, with mlp-ratio {options.MlpRatio} and drop-path {options.DropPath} cannot be built: all are positive, and drop-path is at least 0 and below 1.");
        }
    }

    private static void Refuse(string name, IReadOnlyList<string> known, string what)
    {
        if (!known.Contains(name, StringComparer.Ordinal))
        {
            throw new TacitException($"There is no {what} '{name}'; choose one of {string.Join(", ", known)}.");
        }
    }

    private static Part Whole(string key, string[] architectures, Func<BackboneOptions, int> get, Func<BackboneOptions, int, BackboneOptions> with) => new(
        key,
        architectures,
        o => get(o).ToString(CultureInfo.InvariantCulture),
        (o, text) => with(o, ParseWhole(text)));

    private static Part Flag(string key, string[] architectures, Func<BackboneOptions, bool> get, Func<BackboneOptions, bool, BackboneOptions> with) => new(
        key, architectures, o => get(o) ? "true" : "false", (o, text) => with(o, text == "true"));

    private static int ParseWhole(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw new FormatException("a whole number");

    private static Part Number(
        string key, string[] architectures, Func<BackboneOptions, float?> get, Func<BackboneOptions, float?, BackboneOptions> with, bool optional) => new(
        key,
        architectures,
        o => get(o)?.ToString("R", CultureInfo.InvariantCulture) ?? "none",
        (o, text) => with(o, optional && text == "none" ? null
            : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : throw new FormatException("a number")));

    /// <summary>One part; a part with a usual value is written only where it is another.</summary>
    private sealed record Part(string Key, string[] Architectures, Func<BackboneOptions, string> Write, Func<BackboneOptions, string, BackboneOptions> Read)
    {
        public string? Usual { get; init; }
    }
}
