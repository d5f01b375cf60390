using Tacit.Data.Augment;

namespace Tacit.Data.Loading;

/// <summary>How recordings become batches.</summary>
public sealed record SoundLoaderOptions
{
    /// <summary>Items per batch, where batches have no budget of seconds.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>What the encoder takes.</summary>
    public SoundInput Input { get; init; } = new();

    /// <summary>Seconds of each item that are shown, from a random place; null for whole items.</summary>
    public double? CropSeconds { get; init; }

    /// <summary>
    /// Seconds of a batch of whole items, padding included: items of like length come together, as many as the budget holds. Null: batches
    /// of <see cref="BatchSize"/>.
    /// </summary>
    public double? BatchSeconds { get; init; }

    /// <summary>Crops begin at multiples of so many samples, so that what a pass found for frames can be laid over them.</summary>
    public int AlignTo { get; init; } = 160;

    /// <summary>What is done to each view.</summary>
    public SoundAugmentationOptions Augmentation { get; init; } = SoundAugmentationOptions.None;

    /// <summary>Decoded recordings are kept up to this many bytes; null leaves the data set's own limit.</summary>
    public long? CacheBytes { get; init; }
}
