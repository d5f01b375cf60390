using Tacit.Nn;

namespace Tacit.Evaluation;

/// <summary>How a head, or an encoder with its head, learns from labelled items.</summary>
public sealed record FitOptions
{
    public OptimizerOptions Optimizer { get; init; } = new() { Name = "adam", Lr = 1e-3, WeightDecay = 0, ClipNorm = 1 };

    /// <summary>Of the learning rate, over <see cref="Steps"/>.</summary>
    public ScheduleOptions Schedule { get; init; } = new() { Name = "constant" };

    public required int Steps { get; init; }

    /// <summary>Items a step; all of them where there are fewer.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Of the order of items and of dropout.</summary>
    public ulong Seed { get; init; }
}
