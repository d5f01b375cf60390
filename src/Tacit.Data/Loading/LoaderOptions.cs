using Tacit.Data.Augment;

namespace Tacit.Data.Loading;

/// <summary>How pictures become batches.</summary>
public sealed record LoaderOptions
{
    /// <summary>Items per batch (a batch holds this many times the plan's views).</summary>
    public int BatchSize { get; init; } = 256;

    public Normalization Normalization { get; init; } = Normalization.ImageNet;

    /// <summary>The views' side over the run; null for the plan's own size throughout.</summary>
    public ViewSizePlan? ViewSizes { get; init; }

    /// <summary>How many steps the run has, which <see cref="ViewSizes"/> counts its fractions in.</summary>
    public long TotalSteps { get; init; }

    /// <summary>Decoded pictures are kept up to this many bytes; null leaves the data set's own limit.</summary>
    public long? CacheBytes { get; init; }
}
