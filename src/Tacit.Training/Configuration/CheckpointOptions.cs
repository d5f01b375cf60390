using Tacit.Methods;

namespace Tacit.Training;

/// <summary>When the whole state goes to disk, and how much of it stays there.</summary>
public sealed record CheckpointOptions
{
    /// <summary>In optimiser steps; auto is a tenth of the run, at most 500. The last step always writes one.</summary>
    public long? Every { get; init; }

    /// <summary>How many of the newest stay; the best one stays besides.</summary>
    public int Keep { get; init; } = 2;

    internal static OptionTable<CheckpointOptions> Table { get; } = new OptionTable<CheckpointOptions>()
        .WholeOrAuto("every", o => o.Every, (o, v) => o with { Every = v }, new Interval(1, 1e12))
        .Whole("keep", o => o.Keep, (o, v) => o with { Keep = (int)v }, new Interval(1, 1000));
}
