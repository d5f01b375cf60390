using Tacit.Data.Augment;

namespace Tacit.Methods;

/// <summary>The keys of a view's augmentation.</summary>
public static class AugmentationTable
{
    private static readonly Interval Factor = Interval.NotNegative;

    public static OptionTable<AugmentationOptions> Keys { get; } = new OptionTable<AugmentationOptions>()
        .Number("min-scale", o => o.MinScale, (o, v) => o with { MinScale = v }, new Interval(0, 1, OpenLow: true))
        .Number("max-scale", o => o.MaxScale, (o, v) => o with { MaxScale = v }, new Interval(0, 1, OpenLow: true))
        .Number("min-ratio", o => o.MinRatio, (o, v) => o with { MinRatio = v }, Interval.Positive)
        .Number("max-ratio", o => o.MaxRatio, (o, v) => o with { MaxRatio = v }, Interval.Positive)
        .Choice("interpolation", o => o.Interpolation, (o, v) => o with { Interpolation = v }, ("bilinear", Interpolation.Bilinear), ("bicubic", Interpolation.Bicubic))
        .Number("flip-probability", o => o.FlipProbability, (o, v) => o with { FlipProbability = v }, Interval.Fraction)
        .Number("jitter-probability", o => o.JitterProbability, (o, v) => o with { JitterProbability = v }, Interval.Fraction)
        .Number("brightness", o => o.Brightness, (o, v) => o with { Brightness = v }, Factor)
        .Number("contrast", o => o.Contrast, (o, v) => o with { Contrast = v }, Factor)
        .Number("saturation", o => o.Saturation, (o, v) => o with { Saturation = v }, Factor)
        .Number("hue", o => o.Hue, (o, v) => o with { Hue = v }, new Interval(0, 0.5))
        .Number("grey-probability", o => o.GreyProbability, (o, v) => o with { GreyProbability = v }, Interval.Fraction)
        .Number("blur-probability", o => o.BlurProbability, (o, v) => o with { BlurProbability = v }, Interval.Fraction)
        .Number("min-sigma", o => o.MinSigma, (o, v) => o with { MinSigma = v }, Interval.Positive)
        .Number("max-sigma", o => o.MaxSigma, (o, v) => o with { MaxSigma = v }, Interval.Positive)
        .Whole("blur-kernel", o => o.BlurKernel, (o, v) => o with { BlurKernel = (int)v }, new Interval(0, 255))
        .Number("solarize-probability", o => o.SolarizeProbability, (o, v) => o with { SolarizeProbability = v }, Interval.Fraction)
        .Number("solarize-threshold", o => o.SolarizeThreshold, (o, v) => o with { SolarizeThreshold = v }, new Interval(0, 256))
        .Number("equalize-probability", o => o.EqualizeProbability, (o, v) => o with { EqualizeProbability = v }, Interval.Fraction)
        .Number("turn-probability", o => o.TurnProbability, (o, v) => o with { TurnProbability = v }, Interval.Fraction);
}
