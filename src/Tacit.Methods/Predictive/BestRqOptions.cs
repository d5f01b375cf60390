using Tacit.Models;

namespace Tacit.Methods;

/// <summary>The options of <see cref="BestRq"/> (Chiu et al. 2022, arXiv:2202.01855, section 4.1), its mask as speechbrain's recipe has it.</summary>
public sealed record BestRqOptions : MethodOptions
{
    /// <summary>V: codes; 8192 in the paper, an eighth of them for minutes of sound.</summary>
    public int Codes { get; init; } = 1024;

    /// <summary>d, where frames and codes are compared.</summary>
    public int CodeDim { get; init; } = 16;

    /// <summary>Probability that a hidden span begins at a state; 0.15 by 4 states, which overlap, hide 0.48.</summary>
    public double MaskStart { get; init; } = 0.15;

    /// <summary>States of a span, of four frames each.</summary>
    public int MaskLength { get; init; } = 4;

    /// <summary>Standard deviation of the noise in place of hidden frames.</summary>
    public float Noise { get; init; } = 0.1f;

    internal static OptionTable<BestRqOptions> Table { get; } = new OptionTable<BestRqOptions>()
        .Whole("codes", o => o.Codes, (o, v) => o with { Codes = (int)v }, new Interval(2, 1 << 20))
        .Whole("code-dim", o => o.CodeDim, (o, v) => o with { CodeDim = (int)v }, new Interval(1, 4096))
        .Real("mask-start", o => o.MaskStart, (o, v) => o with { MaskStart = v }, new Interval(0, 1, OpenLow: true))
        .Whole("mask-length", o => o.MaskLength, (o, v) => o with { MaskLength = (int)v }, new Interval(1, 1000))
        .Number("noise", o => o.Noise, (o, v) => o with { Noise = v }, Interval.NotNegative);

    /// <summary>Spans of hidden states, each utterance's its own.</summary>
    internal SpanMask Mask => new() { Share = MaskStart * MaskLength, Length = MaskLength, Least = 1 };

    public override MethodOptions FitTo(DataFit fit)
    {
        if (fit.Model.Name != BackboneFactory.Conformer)
        {
            throw SpeechEncoders.Other("best-rq", fit.Model.Name, BackboneFactory.Conformer);
        }

        // Frames of 25 ms every 10 ms.
        int frames = 1 + (int)Math.Floor((fit.Seconds - 0.025) / 0.01), states = new ConformerBackbone(fit.Model).States(Math.Max(0, frames));
        return states < 2
            ? throw DataFit.Refusal("data.crop", $"{fit.Seconds:0.###} seconds make {states} states, of which none can be hidden and another seen; give longer views")
            : this with { MaskLength = fit.AtMost("method.mask-length", MaskLength, Math.Max(1, states / 4), $"a crop of {fit.Seconds:0.##} seconds has {states} states") };
    }
}
