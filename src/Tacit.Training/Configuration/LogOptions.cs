using Tacit.Methods;

namespace Tacit.Training;

/// <summary>How often metrics.jsonl gets a line.</summary>
public sealed record LogOptions
{
    /// <summary>In optimiser steps; the first and the last step are always logged.</summary>
    public long Every { get; init; } = 10;

    internal static OptionTable<LogOptions> Table { get; } = new OptionTable<LogOptions>()
        .Whole("every", o => o.Every, (o, v) => o with { Every = v }, new Interval(1, 1e12));
}
