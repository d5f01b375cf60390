namespace Tacit.Methods;

/// <summary>The options of <see cref="Tera"/>; defaults are the paper's (section III-B).</summary>
public sealed record TeraOptions : MethodOptions
{
    /// <summary>The share of frames that is altered along time, where spans do not overlap; P_T.</summary>
    public double MaskRatio { get; init; } = 0.15;

    /// <summary>Frames of a span; W_T.</summary>
    public int Span { get; init; } = 7;

    /// <summary>The widest band of frequencies that becomes zeros, as a share of the mel bins: 16 of 80, W_C. 0 leaves frequencies alone.</summary>
    public double Band { get; init; } = 0.2;

    /// <summary>The share of items with noise in all frames; P_N.</summary>
    public double NoiseProbability { get; init; } = 0.15;

    /// <summary>Standard deviation of the noise, in those of the frames' numbers.</summary>
    public double NoiseDeviation { get; init; } = 0.2;

    internal static OptionTable<TeraOptions> Table { get; } = new OptionTable<TeraOptions>()
        .Real("mask-ratio", o => o.MaskRatio, (o, v) => o with { MaskRatio = v }, Reconstruction.Ratios)
        .Whole("span", o => o.Span, (o, v) => o with { Span = (int)v }, Reconstruction.Spans)
        .Real("band", o => o.Band, (o, v) => o with { Band = v }, Interval.Fraction)
        .Real("noise-probability", o => o.NoiseProbability, (o, v) => o with { NoiseProbability = v }, Interval.Fraction)
        .Real("noise-deviation", o => o.NoiseDeviation, (o, v) => o with { NoiseDeviation = v }, Interval.NotNegative);

    public override MethodOptions FitTo(DataFit fit) => this with { Span = Reconstruction.FitSpan(fit, Span) };
}
