using Tacit.Methods;

namespace Tacit.Training;

/// <summary>How long, how much at once, and from which seed. At most one of steps, epochs and minutes is set before a run is resolved.</summary>
public sealed record TrainOptions
{
    /// <summary>Passes over the data where nothing is said about the length: what the quick published tables use.</summary>
    public const float DefaultEpochs = 100;

    public ulong Seed { get; init; }

    /// <summary>Items of one batch: the ones that contrast with each other.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Batches whose gradients are averaged into one optimiser step.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Optimiser steps; set on every resolved configuration.</summary>
    public long? Steps { get; init; }

    public float? Epochs { get; init; }

    /// <summary>Minutes of wall-clock time, turned into steps once by timing a few.</summary>
    public float? Minutes { get; init; }

    internal static OptionTable<TrainOptions> Table { get; } = new OptionTable<TrainOptions>()
        .Whole("seed", o => (long)o.Seed, (o, v) => o with { Seed = (ulong)v }, Interval.NotNegative)
        .Whole("batch-size", o => o.BatchSize, (o, v) => o with { BatchSize = (int)v }, new Interval(2, 1 << 20))
        .Whole("accumulate", o => o.Accumulate, (o, v) => o with { Accumulate = (int)v }, new Interval(1, 1 << 16))
        .WholeOrAuto("steps", o => o.Steps, (o, v) => o with { Steps = v }, new Interval(1, 1e12))
        .NumberOrAuto("epochs", o => o.Epochs, (o, v) => o with { Epochs = v }, Interval.Positive)
        .NumberOrAuto("minutes", o => o.Minutes, (o, v) => o with { Minutes = v }, Interval.Positive);
}
