namespace Tacit.Data.Features;

/// <summary>Options of <see cref="KaldiFbank"/>.</summary>
public sealed record KaldiFbankOptions : KaldiMelOptions
{
    /// <summary>Whether the logarithm is taken.</summary>
    public bool UseLogFbank { get; init; } = true;

    /// <summary>Power, or magnitude.</summary>
    public bool UsePower { get; init; } = true;
}
