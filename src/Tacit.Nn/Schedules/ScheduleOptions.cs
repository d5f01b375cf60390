namespace Tacit.Nn;

/// <summary>How the learning rate goes over a run, as a share of its peak.</summary>
public sealed record ScheduleOptions
{
    /// <summary>One of <see cref="Schedules.Names"/>.</summary>
    public string Name { get; init; } = "cosine";

    /// <summary>Linear warm-up: below 1 a share of the run, otherwise a number of steps.</summary>
    public double Warmup { get; init; }

    /// <summary>Where the warm-up begins, a share of the peak; its first step is already one step above.</summary>
    public double WarmupStart { get; init; }

    /// <summary>Where cosine, polynomial and tri-stage end, a share of the peak.</summary>
    public double End { get; init; }

    /// <summary>Of step: where the rate falls, each below 1 a share of the run, otherwise a step.</summary>
    public IReadOnlyList<double> Milestones { get; init; } = [0.6, 0.8];

    /// <summary>Of step: what the rate is multiplied by at each milestone.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>Of polynomial.</summary>
    public double Power { get; init; } = 1;

    /// <summary>Of tri-stage: how long the peak is held after the warm-up; below 1 a share of the run, otherwise a number of steps.</summary>
    public double Hold { get; init; } = 0.4;
}
