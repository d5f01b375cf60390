using System.Globalization;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>wav2vec 2.0's encoder and its kin as a backbone: <c>encoder</c>, the projected frames of the convolutional front, then <c>block1</c> …</summary>
public sealed class Wav2Vec2Backbone : SequenceBackbone
{
    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    public Wav2Vec2Backbone(BackboneOptions options) : this(options, new Wav2Vec2Encoder(ToEncoder(options)))
    {
    }

    /// <summary>An encoder that is there already.</summary>
    public Wav2Vec2Backbone(Wav2Vec2Encoder encoder) : this(FromEncoder(encoder.Config), encoder)
    {
    }

    private Wav2Vec2Backbone(BackboneOptions options, Wav2Vec2Encoder encoder)
    {
        Options = options;
        Encoder = Wrap(encoder);
        Layers = ["encoder", .. Enumerable.Range(1, options.Depth).Select(i => "block" + i.ToString(CultureInfo.InvariantCulture))];
    }

    public override BackboneOptions Options { get; }

    public Wav2Vec2Encoder Encoder { get; }

    public override IReadOnlyList<string> Layers { get; }

    public override int Stride => Encoder.Stride;

    public override int States(int length) => Encoder.FrameLengths([length])[0];

    /// <summary>The encoder's own options.</summary>
    public static Wav2Vec2Options ToEncoder(BackboneOptions options) => new()
    {
        ConvDims = [.. Enumerable.Repeat(options.ConvDim, 7)],
        FrontNorm = options.FrontNorm == "layer" ? FrontNorm.Layer : FrontNorm.Group,
        ConvBias = options.ConvBias,
        Dim = options.Dim,
        Layers = options.Depth,
        Heads = options.Heads,
        FeedForward = (int)Math.Round(options.Dim * options.MlpRatio),
        PreNorm = options.PreNorm,
        PositionDepth = options.PositionDepth,
        PositionKernel = options.PositionKernel,
        PositionGroups = options.PositionGroups,
        RelativeBuckets = options.RelativeBuckets,
        Dropout = options.Dropout,
        AttentionDropout = options.Dropout,
        InputDropout = options.Dropout,
        LayerDrop = options.LayerDrop,
        FrontGradient = options.FrontGradient,
        PublishedPadding = options.PublishedPadding,
    };

    /// <summary>The same options as a backbone has them.</summary>
    public static BackboneOptions FromEncoder(Wav2Vec2Options encoder) => new()
    {
        Name = BackboneFactory.Wav2Vec2,
        ConvDim = encoder.ConvDims[0],
        FrontNorm = encoder.FrontNorm == FrontNorm.Layer ? "layer" : "group",
        ConvBias = encoder.ConvBias,
        Dim = encoder.Dim,
        Depth = encoder.Layers,
        Heads = encoder.Heads,
        MlpRatio = (float)encoder.FeedForward / encoder.Dim,
        PreNorm = encoder.PreNorm,
        PositionDepth = encoder.PositionDepth,
        PositionKernel = encoder.PositionKernel,
        PositionGroups = encoder.PositionGroups,
        RelativeBuckets = encoder.RelativeBuckets,
        Dropout = encoder.Dropout,
        LayerDrop = encoder.LayerDrop,
        FrontGradient = encoder.FrontGradient,
        PublishedPadding = encoder.PublishedPadding,
    };

    protected override int WidthAt(int layer) => Options.Dim;

    protected override IReadOnlyList<Tensor> States(Tensor x, int[]? lengths, int[] layers)
    {
        Tensor projected = Encoder.Project(Encoder.Features(x, lengths)).Projected;
        if (layers.Max() == 0)
        {
            return [.. layers.Select(_ => projected)];
        }

        var hidden = new List<Tensor>();
        _ = Encoder.Context(projected, lengths is null ? null : StateLengths(x, lengths), hidden, depth: layers.Max());
        return [.. layers.Select(layer => layer == 0 ? projected : hidden[layer])];
    }
}
