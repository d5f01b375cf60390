using Tacit.Data.Augment;
using Tacit.Models;
using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>What surrounds a method where nobody says otherwise: the kind of encoder, the optimiser and its schedule.</summary>
public sealed record MethodSetup
{
    /// <summary>The architecture whose presets <c>model.preset</c> names: resnet, vit, pixel-transformer, wav2vec2 ….</summary>
    public string Architecture { get; init; } = "resnet";

    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>The batch that the default learning rate is meant for; with other batches it is scaled in proportion.</summary>
    /// <remarks>0.06 · batch / 128 with SGD is what the published CIFAR-10 benchmark of lightly uses.</remarks>
    public int ReferenceBatch { get; init; } = 128;

    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>Batches where nobody says otherwise.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>What is done to the backbone's preset: the input that the method's paper has, a depth of its own.</summary>
    public Func<BackboneOptions, BackboneOptions> Model { get; init; } = options => options;

    /// <summary>Seconds of each recording that are shown, from a random place; null for whole pieces of recordings.</summary>
    public float? CropSeconds { get; init; } = 2.5f;

    /// <summary>What is done to the views of recordings.</summary>
    public SoundAugmentationOptions Sound { get; init; } = new();

    /// <summary>The largest side of pictures that is chosen without being asked for: what two cores can train on.</summary>
    public int LargestSide { get; init; } = 32;

    /// <summary>What a run must have to learn by the published settings; null where short runs learn too.</summary>
    public LongRun? LongRun { get; init; }
}
