namespace Tacit.Methods;

/// <summary>The options of <see cref="Mockingjay"/>; defaults are the paper's (section 2.2), spans those of its published configuration.</summary>
public sealed record MockingjayOptions : MethodOptions
{
    /// <summary>The share of frames that is hidden, where spans do not overlap.</summary>
    public double MaskRatio { get; init; } = 0.15;

    /// <summary>Frames of a hidden span.</summary>
    public int Span { get; init; } = 7;

    internal static OptionTable<MockingjayOptions> Table { get; } = new OptionTable<MockingjayOptions>()
        .Real("mask-ratio", o => o.MaskRatio, (o, v) => o with { MaskRatio = v }, Reconstruction.Ratios)
        .Whole("span", o => o.Span, (o, v) => o with { Span = (int)v }, Reconstruction.Spans);

    public override MethodOptions FitTo(DataFit fit) => this with { Span = Reconstruction.FitSpan(fit, Span) };
}
