namespace Tacit.Models;

/// <summary>Where the convolutional front of a <see cref="Wav2Vec2Encoder"/> normalises.</summary>
public enum FrontNorm
{
    /// <summary>Each channel over an utterance's time, after the first convolution only.</summary>
    Group,

    /// <summary>Each frame over its channels, after every convolution.</summary>
    Layer,
}

/// <summary>What a <see cref="Wav2Vec2Encoder"/> is built from; the defaults are wav2vec 2.0 base, as published.</summary>
/// <remarks>
/// Baevski et al. 2020, arXiv:2006.11477, section 4.2, and the configurations that its authors published with it; HuBERT's
/// (Hsu et al. 2021, arXiv:2106.07447), WavLM's (Chen et al. 2021, arXiv:2110.13900) and data2vec's (Baevski et al. 2022,
/// arXiv:2202.03555) encoders are variants of it.
/// </remarks>
public sealed record Wav2Vec2Options
{
    /// <summary>wav2vec 2.0 base, and HuBERT base: 94,371,712 parameters.</summary>
    public static Wav2Vec2Options Base { get; } = new();

    /// <summary>wav2vec 2.0 large as trained on Libri-Light: 315,438,720 parameters.</summary>
    public static Wav2Vec2Options Large { get; } = new()
    {
        FrontNorm = FrontNorm.Layer,
        ConvBias = true,
        Dim = 1024,
        Layers = 24,
        Heads = 16,
        FeedForward = 4096,
        PreNorm = true,
        Dropout = 0,
        AttentionDropout = 0,
        InputDropout = 0,
        LayerDrop = 0,
        FrontGradient = 1,
    };

    /// <summary>HuBERT large: as <see cref="Large"/>, without biases in its convolutions; 315,435,136 parameters.</summary>
    public static Wav2Vec2Options HubertLarge { get; } = Large with { ConvBias = false };

    /// <summary>WavLM base: 94,381,936 parameters.</summary>
    public static Wav2Vec2Options WavLmBase { get; } = Base with { RelativeBuckets = 320 };

    /// <summary>WavLM large: 315,453,120 parameters.</summary>
    public static Wav2Vec2Options WavLmLarge { get; } = HubertLarge with { RelativeBuckets = 320 };

    /// <summary>data2vec audio base: 93,164,288 parameters.</summary>
    public static Wav2Vec2Options Data2VecBase { get; } = Base with { FrontNorm = FrontNorm.Layer, PositionDepth = 5, PositionKernel = 19, FrontGradient = 1 };

    /// <summary>Made for two cores: 7 convolutions of 128 channels, 4 layers of 192 features.</summary>
    public static Wav2Vec2Options Small { get; } = new()
    {
        ConvDims = [128, 128, 128, 128, 128, 128, 128],
        Dim = 192,
        Layers = 4,
        Heads = 3,
        FeedForward = 768,
        PositionKernel = 32,
    };

    /// <summary>Channels of each convolution.</summary>
    public IReadOnlyList<int> ConvDims { get; init; } = [512, 512, 512, 512, 512, 512, 512];

    /// <summary>Samples, then frames, that each convolution sees.</summary>
    public IReadOnlyList<int> ConvKernels { get; init; } = [10, 3, 3, 3, 3, 2, 2];

    /// <summary>Steps of each convolution.</summary>
    public IReadOnlyList<int> ConvStrides { get; init; } = [5, 2, 2, 2, 2, 2, 2];

    public FrontNorm FrontNorm { get; init; } = FrontNorm.Group;

    /// <summary>Whether the convolutions of the front have biases.</summary>
    public bool ConvBias { get; init; }

    /// <summary>Features of a frame in the transformer.</summary>
    public int Dim { get; init; } = 768;

    /// <summary>Transformer layers.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads; they divide <see cref="Dim"/>.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Width of the feed-forward networks' hidden layer.</summary>
    public int FeedForward { get; init; } = 3072;

    /// <summary>Whether layers normalise what goes into their branches (large models) or what comes out of them (base models).</summary>
    public bool PreNorm { get; init; }

    /// <summary>Convolutions that tell positions: 1 with weight norm (wav2vec 2.0), or a stack of plain ones with layer norms (data2vec).</summary>
    public int PositionDepth { get; init; } = 1;

    /// <summary>Frames that each of them sees.</summary>
    public int PositionKernel { get; init; } = 128;

    /// <summary>Groups of their channels.</summary>
    public int PositionGroups { get; init; } = 16;

    /// <summary>Buckets of WavLM's gated relative position bias, half of them for each direction; 0 for none.</summary>
    public int RelativeBuckets { get; init; }

    /// <summary>Distance in frames from which on all places share the last bucket.</summary>
    public int RelativeMaxDistance { get; init; } = 800;

    /// <summary>Share dropped before the first layer, and of each branch's result.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>Share of attention weights dropped.</summary>
    public float AttentionDropout { get; init; } = 0.1f;

    /// <summary>Share of the feed-forward networks' hidden layer dropped.</summary>
    public float ActivationDropout { get; init; }

    /// <summary>Share of the projected frames dropped.</summary>
    public float InputDropout { get; init; } = 0.1f;

    /// <summary>Probability that training skips a layer.</summary>
    public float LayerDrop { get; init; } = 0.05f;

    /// <summary>What the gradient of the convolutional front is multiplied by; 0 to leave it as it is.</summary>
    public float FrontGradient { get; init; } = 0.1f;

    /// <summary>
    /// Whether padding is treated as published models do. With <see cref="FrontNorm.Group"/> it is then sound like any other, in the
    /// norm's statistics and in attention; a stack of position convolutions lets its middle layers' padding through. The
    /// longest item of a batch changes the others' results. Otherwise padding never changes a result.
    /// </summary>
    public bool PublishedPadding { get; init; }

    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    internal void Require()
    {
        int count = ConvDims.Count;
        if (count == 0 || ConvKernels.Count != count || ConvStrides.Count != count || ConvDims.Concat(ConvKernels).Concat(ConvStrides).Any(v => v < 1))
        {
            throw new TacitException("A speech encoder's front needs channels, a kernel and a stride, all at least 1, for each of its convolutions.");
        }

        if (Dim < 1 || Layers < 1 || FeedForward < 1 || Heads < 1 || Dim % Heads != 0)
        {
            throw new TacitException(
                $"A speech encoder of {Layers} layers of width {Dim} with {Heads} heads and feed-forward width {FeedForward} cannot be built: all are positive, and the heads divide the width.");
        }

        if (PositionDepth < 1 || PositionKernel < 1 || PositionGroups < 1 || Dim % PositionGroups != 0)
        {
            throw new TacitException(
                $"Positions from {PositionDepth} convolutions of {PositionKernel} frames in {PositionGroups} groups do not fit width {Dim}: all are positive, and the groups divide the width.");
        }

        if (RelativeBuckets < 0 || RelativeBuckets % 4 != 0 || (RelativeBuckets > 0 && RelativeMaxDistance <= RelativeBuckets / 4))
        {
            throw new TacitException(
                $"A relative position bias cannot have {RelativeBuckets} buckets up to distance {RelativeMaxDistance}: the buckets are a multiple of 4, and the distance more than a quarter of them.");
        }

        if (new[] { Dropout, AttentionDropout, ActivationDropout, InputDropout, LayerDrop }.Any(p => !(p is >= 0 and < 1)) || !(FrontGradient >= 0))
        {
            throw new TacitException(
                $"A speech encoder cannot drop {Dropout}, {AttentionDropout} of attention, {ActivationDropout} of activations, {InputDropout} of its input and {LayerDrop} of its layers, and multiply its front's gradient by {FrontGradient}: shares are at least 0 and below 1, and the factor is at least 0.");
        }
    }
}
