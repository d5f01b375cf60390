using Tacit.Nn;

namespace Tacit.Methods;

/// <summary>What surrounds a method where nobody says otherwise: the kind of encoder, the optimiser and its schedule.</summary>
public sealed record MethodSetup
{
    /// <summary>The architecture whose presets <c>model.preset</c> names: resnet, vit or pixel-transformer.</summary>
    public string Architecture { get; init; } = "resnet";

    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>The batch that the default learning rate is meant for; with other batches it is scaled in proportion.</summary>
    /// <remarks>0.06 · batch / 128 with SGD is what the published CIFAR-10 benchmark of lightly uses.</remarks>
    public int ReferenceBatch { get; init; } = 128;

    public ScheduleOptions Schedule { get; init; } = new();

    /// <summary>The largest side of pictures that is chosen without being asked for: what two cores can train on.</summary>
    public int LargestSide { get; init; } = 32;
}
