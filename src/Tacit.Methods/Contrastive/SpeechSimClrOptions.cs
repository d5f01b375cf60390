namespace Tacit.Methods;

/// <summary>The options of <see cref="SpeechSimClr"/>: those of the authors' code.</summary>
public sealed record SpeechSimClrOptions : MethodOptions
{
    /// <summary>T of NT-Xent.</summary>
    public float Temperature { get; init; } = 0.1f;

    /// <summary>Weight of NT-Xent; reconstruction has the rest.</summary>
    public float ContrastiveWeight { get; init; } = 0.5f;

    /// <summary>Frames that are hidden, as a fraction of each view's.</summary>
    public float MaskRatio { get; init; } = 0.2f;

    /// <summary>Frames that are hidden in one go: Mockingjay's 7, where single frames could be copied from their neighbours.</summary>
    public int MaskSpan { get; init; } = 7;

    /// <summary>Widths of the projector's layers, ReLU between them.</summary>
    public IReadOnlyList<int> Projector { get; init; } = [512, 256];

    internal static OptionTable<SpeechSimClrOptions> Table { get; } = new OptionTable<SpeechSimClrOptions>()
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Number("contrastive-weight", o => o.ContrastiveWeight, (o, v) => o with { ContrastiveWeight = v }, Interval.Fraction)
        .Number("mask-ratio", o => o.MaskRatio, (o, v) => o with { MaskRatio = v }, new Interval(0, 1, OpenLow: true, OpenHigh: true))
        .Whole("mask-span", o => o.MaskSpan, (o, v) => o with { MaskSpan = (int)v }, new Interval(1, 1000))
        .Wholes("projector", o => o.Projector, (o, v) => o with { Projector = v }, new Interval(1, 1 << 16));

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("a batch of one recording holds no negatives");
        int frames = Math.Max(1, (int)(fit.Seconds * 100));
        return this with { MaskSpan = fit.AtMost("method.mask-span", MaskSpan, frames, $"views have {frames} frames") };
    }
}
