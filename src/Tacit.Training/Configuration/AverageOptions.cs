using Tacit.Methods;

namespace Tacit.Training;

/// <summary>An exponential moving average of the encoder's weights, watched and exported in place of the last weights.</summary>
public sealed record AverageOptions
{
    /// <summary>Share of the old average that each step keeps; 0 switches averaging off. Early on it is at most (1 + t) / (10 + t).</summary>
    public double Decay { get; init; }

    internal static OptionTable<AverageOptions> Table { get; } = new OptionTable<AverageOptions>()
        .Real("decay", o => o.Decay, (o, v) => o with { Decay = v }, Interval.BelowOne);
}
