using Tacit.Models;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Wav2Vec2"/>: the base model's (Baevski et al. 2020, arXiv:2006.11477, section 4.2), its Gumbel temperature as fits the run.</summary>
public sealed record Wav2Vec2MethodOptions : MethodOptions
{
    /// <summary>Which states are hidden.</summary>
    public SpanMask Mask { get; init; } = new();

    /// <summary>Where negatives come from: other hidden frames of the utterance, the speaker or the batch.</summary>
    public NegativeSource Negatives { get; init; } = NegativeSource.Utterance;

    /// <summary>Negatives of each hidden frame, drawn with replacement.</summary>
    public int NegativeCount { get; init; } = 100;

    /// <summary>κ of the contrast.</summary>
    public float Temperature { get; init; } = 0.1f;

    /// <summary>G, code books.</summary>
    public int Groups { get; init; } = 2;

    /// <summary>V, entries of each.</summary>
    public int Entries { get; init; } = 320;

    /// <summary>Numbers of a quantised frame, a multiple of the groups.</summary>
    public int QuantizedDim { get; init; } = 256;

    /// <summary>Numbers that are compared.</summary>
    public int FinalDim { get; init; } = 256;

    /// <summary>α of the diversity loss; large models: 0.1 too.</summary>
    public float DiversityWeight { get; init; } = 0.1f;

    /// <summary>Of the mean square of the convolutions' frames; 0 in large models.</summary>
    public float PenaltyWeight { get; init; } = 10;

    /// <summary>τ of the Gumbel softmax at the first step.</summary>
    public float GumbelStart { get; init; } = 2;

    /// <summary>τ never falls below; 0.1 in large models.</summary>
    public float GumbelFloor { get; init; } = 0.5f;

    /// <summary>The share of the run after which τ is at its floor; 0 for the published 0.999995 a step, which takes 277,259 steps.</summary>
    public double GumbelFall { get; init; } = 0.7;

    internal static OptionTable<Wav2Vec2MethodOptions> Table { get; } = new OptionTable<Wav2Vec2MethodOptions>()
        .Section("mask", o => o.Mask, (o, v) => o with { Mask = v }, SpanMask.Table)
        .Choice("negatives", o => o.Negatives, (o, v) => o with { Negatives = v }, NegativeSampler.Words)
        .Whole("negative-count", o => o.NegativeCount, (o, v) => o with { NegativeCount = (int)v }, new Interval(1, 1 << 16))
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Whole("groups", o => o.Groups, (o, v) => o with { Groups = (int)v }, new Interval(1, 64))
        .Whole("entries", o => o.Entries, (o, v) => o with { Entries = (int)v }, new Interval(2, 1 << 16))
        .Whole("quantized-dim", o => o.QuantizedDim, (o, v) => o with { QuantizedDim = (int)v }, new Interval(1, 1 << 16))
        .Whole("final-dim", o => o.FinalDim, (o, v) => o with { FinalDim = (int)v }, new Interval(1, 1 << 16))
        .Number("diversity-weight", o => o.DiversityWeight, (o, v) => o with { DiversityWeight = v }, Interval.NotNegative)
        .Number("penalty-weight", o => o.PenaltyWeight, (o, v) => o with { PenaltyWeight = v }, Interval.NotNegative)
        .Number("gumbel-start", o => o.GumbelStart, (o, v) => o with { GumbelStart = v }, Interval.Temperature)
        .Number("gumbel-floor", o => o.GumbelFloor, (o, v) => o with { GumbelFloor = v }, Interval.Temperature)
        .Real("gumbel-fall", o => o.GumbelFall, (o, v) => o with { GumbelFall = v }, Interval.Fraction);

    /// <summary>τ of one step.</summary>
    public float TemperatureAt(long step, long steps) => GumbelFall == 0
        ? new GumbelTemperature(GumbelStart, GumbelFloor).At(step)
        : GumbelTemperature.Over(GumbelStart, GumbelFloor, GumbelFall * steps).At(step);

    public override void Validate()
    {
        if (QuantizedDim % Groups != 0)
        {
            throw new ConfigurationException($"method.quantized-dim: {QuantizedDim} numbers cannot be shared evenly by {Groups} code books (method.groups).");
        }

        if (GumbelFloor > GumbelStart)
        {
            throw new ConfigurationException($"method.gumbel-floor: the temperature falls from {GumbelStart} (method.gumbel-start) and cannot end above it, at {GumbelFloor}.");
        }
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        int states = FrameFit.States(fit, "wav2vec2");
        int length = fit.AtMost("method.mask.length", Mask.Length, Math.Max(1, states / 4), $"a crop of {fit.Seconds:0.##} seconds has {states} states");
        return this with { Mask = Mask with { Length = length } };
    }
}
