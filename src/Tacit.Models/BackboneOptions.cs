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
