namespace Tacit.Methods;

/// <summary>The options of <see cref="Bert"/>; the defaults are those of Devlin et al. 2019, section 3.1.</summary>
public sealed record BertOptions : MethodOptions
{
    /// <summary>The share of a text's tokens that is to be told.</summary>
    public double MaskRatio { get; init; } = 0.15;

    /// <summary>Of these, the share that is hidden by the mask token.</summary>
    public double HiddenShare { get; init; } = 0.8;

    /// <summary>Of these, the share that a random token stands in for; the others are shown as they are.</summary>
    public double RandomShare { get; init; } = 0.1;

    internal static OptionTable<BertOptions> Table { get; } = new OptionTable<BertOptions>()
        .Real("mask-ratio", o => o.MaskRatio, (o, v) => o with { MaskRatio = v }, new Interval(0, 1, OpenLow: true))
        .Real("hidden-share", o => o.HiddenShare, (o, v) => o with { HiddenShare = v }, Interval.Fraction)
        .Real("random-share", o => o.RandomShare, (o, v) => o with { RandomShare = v }, Interval.Fraction);

    public override void Validate()
    {
        if (HiddenShare + RandomShare > 1 + 1e-9)
        {
            throw DataFit.Refusal("method.random-share", $"{RandomShare} random and {HiddenShare} hidden tokens (method.hidden-share) are more than all; give shares that add up to at most 1");
        }
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        TextParts.Refuse(fit.Model, "bert", causal: false);
        return this;
    }
}
