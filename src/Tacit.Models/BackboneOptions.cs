namespace Tacit.Models;

/// <summary>What a backbone is built from.</summary>
public sealed record BackboneOptions
{
    /// <summary>One of <see cref="BackboneFactory.Names"/>.</summary>
    public string Name { get; init; } = "resnet18";

    /// <summary>How a residual network begins: <c>cifar</c> (3×3, stride 1, no pooling) or <c>imagenet</c> (7×7, stride 2, max-pooling).</summary>
    public string Stem { get; init; } = "cifar";

    /// <summary>Channels of a residual network's first stage; 64 is the published width, 16 suits two cores.</summary>
    public int Width { get; init; } = 16;

    /// <summary>Pictures' sides must be multiples of this: the patch of a transformer, 1 for others.</summary>
    public int SideUnit => 1;

    /// <summary>Whether each residual branch begins as zero, so that the network begins as the identity.</summary>
    public bool ZeroInitLastGamma { get; init; }
}
