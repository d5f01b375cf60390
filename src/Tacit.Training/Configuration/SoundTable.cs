using Tacit.Data.Augment;
using Tacit.Methods;

namespace Tacit.Training;

/// <summary>The keys of what is done to views of recordings.</summary>
internal static class SoundTable
{
    public static OptionTable<SoundAugmentationOptions> Keys { get; } = new OptionTable<SoundAugmentationOptions>()
        .Number("mix-probability", o => o.MixProbability, (o, v) => o with { MixProbability = v }, Interval.Fraction)
        .Number("speed-probability", o => o.SpeedProbability, (o, v) => o with { SpeedProbability = v }, Interval.Fraction)
        .Number("min-speed", o => o.MinSpeed, (o, v) => o with { MinSpeed = v }, new Interval(0.5, 2))
        .Number("max-speed", o => o.MaxSpeed, (o, v) => o with { MaxSpeed = v }, new Interval(0.5, 2))
        .Number("pitch-probability", o => o.PitchProbability, (o, v) => o with { PitchProbability = v }, Interval.Fraction)
        .Number("pitch-semitones", o => o.PitchSemitones, (o, v) => o with { PitchSemitones = v }, new Interval(0, 12))
        .Number("reverb-probability", o => o.ReverbProbability, (o, v) => o with { ReverbProbability = v }, Interval.Fraction)
        .Number("noise-probability", o => o.NoiseProbability, (o, v) => o with { NoiseProbability = v }, Interval.Fraction)
        .Number("min-snr", o => o.MinSnr, (o, v) => o with { MinSnr = v }, new Interval(-50, 100))
        .Number("max-snr", o => o.MaxSnr, (o, v) => o with { MaxSnr = v }, new Interval(-50, 100))
        .Number("band-drop-probability", o => o.BandDropProbability, (o, v) => o with { BandDropProbability = v }, Interval.Fraction)
        .Number("gain-decibels", o => o.GainDecibels, (o, v) => o with { GainDecibels = v }, new Interval(0, 60))
        .Number("mixup-ratio", o => o.MixupRatio, (o, v) => o with { MixupRatio = v }, Interval.Fraction)
        .Flag("resize-crop", o => o.ResizeCrop, (o, v) => o with { ResizeCrop = v })
        .Whole("time-masks", o => o.TimeMasks, (o, v) => o with { TimeMasks = (int)v }, new Interval(0, 100))
        .Whole("time-mask-frames", o => o.TimeMaskFrames, (o, v) => o with { TimeMaskFrames = (int)v }, new Interval(1, 10000))
        .Whole("frequency-masks", o => o.FrequencyMasks, (o, v) => o with { FrequencyMasks = (int)v }, new Interval(0, 100))
        .Whole("frequency-mask-bins", o => o.FrequencyMaskBins, (o, v) => o with { FrequencyMaskBins = (int)v }, new Interval(1, 1000))
        .Whole("time-warp", o => o.TimeWarp, (o, v) => o with { TimeWarp = (int)v }, new Interval(0, 1000));
}
