namespace Tacit.Models;

/// <summary>What a backbone is built from. Parts that an architecture does not have are not looked at.</summary>
public sealed record BackboneOptions
{
    /// <summary>One of <see cref="BackboneFactory.Names"/>.</summary>
    public string Name { get; init; } = "resnet18";

    /// <summary>How a residual network begins: <c>cifar</c> (3×3, stride 1, no pooling) or <c>imagenet</c> (7×7, stride 2, max-pooling).</summary>
    public string Stem { get; init; } = "cifar";

    /// <summary>Channels of a residual network's first stage; 64 is the published width, 16 suits two cores.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Channels of the pictures that a residual network takes: 3 colours, or 1 for log-mel pictures of sound.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Mel bins of the frames or log-mel pictures of sound that it takes.</summary>
    public int Mels { get; init; } = 80;

    /// <summary>How many times differences over time are appended to its frames.</summary>
    public int Deltas { get; init; }

    /// <summary>Numbers of a frame: mel bins and their differences.</summary>
    public int FrameWidth => Mels * (1 + Deltas);

    /// <summary>Channels of the convolutions that an encoder of sound begins with.</summary>
    public int ConvDim { get; init; } = 128;

    /// <summary>Norm of a waveform encoder's front: <c>group</c> (the first convolution's channels over time) or <c>layer</c> (every frame's channels).</summary>
    public string FrontNorm { get; init; } = "group";

    /// <summary>Whether the convolutions of a waveform encoder's front have biases.</summary>
    public bool ConvBias { get; init; }

    /// <summary>Whether layers normalise what goes into their branches, not what comes out.</summary>
    public bool PreNorm { get; init; }

    /// <summary>Convolutions that tell positions in a waveform encoder: 1 (wav2vec 2.0) or several (data2vec).</summary>
    public int PositionDepth { get; init; } = 1;

    /// <summary>Frames that each of them sees.</summary>
    public int PositionKernel { get; init; } = 32;

    /// <summary>Groups of their channels.</summary>
    public int PositionGroups { get; init; } = 16;

    /// <summary>Buckets of WavLM's gated relative position bias; 0 for none.</summary>
    public int RelativeBuckets { get; init; }

    /// <summary>Share of states and attention weights that training drops.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>Probability that training skips a layer of a waveform encoder.</summary>
    public float LayerDrop { get; init; } = 0.05f;

    /// <summary>What the gradient of a waveform encoder's front is multiplied by.</summary>
    public float FrontGradient { get; init; } = 0.1f;

    /// <summary>Whether padding is treated as published waveform encoders treat it, where it changes results.</summary>
    public bool PublishedPadding { get; init; }

    /// <summary>What makes codes of vq-wav2vec's frames: <c>gumbel</c> or <c>kmeans</c>.</summary>
    public string Quantizer { get; init; } = "gumbel";

    /// <summary>Code books of that, and so codes of a token.</summary>
    public int Groups { get; init; } = 2;

    /// <summary>Entries of each book.</summary>
    public int Entries { get; init; } = 320;

    /// <summary>Blocks of the BERT over vq-wav2vec's tokens.</summary>
    public int TokenDepth { get; init; } = 4;

    /// <summary>Its width.</summary>
    public int TokenDim { get; init; } = 192;

    /// <summary>CPC's context network: <c>lstm</c> or <c>gru</c>.</summary>
    public string Recurrent { get; init; } = "lstm";

    /// <summary>Frames that a Conformer's convolution sees.</summary>
    public int Kernel { get; init; } = 31;

    /// <summary>What people call its width: a residual network's <see cref="Width"/>, a transformer's <see cref="Dim"/>.</summary>
    public int OwnWidth => BackboneFactory.Architecture(Name) == BackboneFactory.ResNet ? Width : Dim;

    /// <summary>Pictures' sides must be multiples of this: the patch of a transformer, 1 for others.</summary>
    public int SideUnit => Name == BackboneFactory.Vit ? PatchSize : 1;

    /// <summary>Whether each residual branch begins as zero, so that the network begins as the identity.</summary>
    public bool ZeroInitLastGamma { get; init; }

    /// <summary>Side of a vision transformer's patches in pixels.</summary>
    public int PatchSize { get; init; } = 4;

    /// <summary>Blocks of a transformer.</summary>
    public int Depth { get; init; } = 6;

    /// <summary>Width of a transformer: the features of one token.</summary>
    public int Dim { get; init; } = 192;

    /// <summary>Attention heads of a transformer.</summary>
    public int Heads { get; init; } = 3;

    /// <summary>Width of the hidden layer in a transformer's blocks, in multiples of <see cref="Dim"/>.</summary>
    public float MlpRatio { get; init; } = 4;

    /// <summary>A vision transformer's positions: <c>sincos</c> (fixed) or <c>learned</c>.</summary>
    public string Positions { get; init; } = "sincos";

    /// <summary>A vision transformer's features: the <c>mean</c> of all patches, or a class <c>token</c>.</summary>
    public string Pool { get; init; } = "mean";

    /// <summary>Probability that a transformer's last residual branch is left out for an item; it rises linearly from 0 at the first.</summary>
    public float DropPath { get; init; }

    /// <summary>What the factors of a transformer's residual branches begin as; null for none.</summary>
    public float? LayerScale { get; init; }

    /// <summary>Side of the pictures, in pixels, that learned positions are made for; the only one that a pixel transformer takes.</summary>
    public int Side { get; init; } = 32;

    /// <summary>Colours in a pixel transformer's palette.</summary>
    public int Colours { get; init; } = 512;

    /// <summary>The block of a pixel transformer, from 1, whose output is its features; null for the middle one.</summary>
    public int? FeatureLayer { get; init; }

    /// <summary>Tokens that stand for text in a token transformer; those for padding and for hidden places are not counted.</summary>
    public int Vocabulary { get; init; } = 1024;

    /// <summary>Most tokens of a text that a token transformer sees at once.</summary>
    public int Length { get; init; } = 64;

    /// <summary>Whether each place of a token transformer sees only itself and those before it.</summary>
    public bool Causal { get; init; }
}
