using Tacit.Models;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Data2Vec2Audio"/>: the base model's for speech (Baevski et al. 2022, arXiv:2212.07525, table 6).</summary>
public sealed record Data2Vec2AudioOptions : MethodOptions
{
    /// <summary>M: masks of one utterance that share a pass of the teacher and of the front; 8 published, half of them here, since a step of two cores has few utterances anyway.</summary>
    public int Clones { get; init; } = 4;

    /// <summary>R: the share of an utterance's frames that is hidden, rounded.</summary>
    public double MaskRatio { get; init; } = 0.5;

    /// <summary>A: so much more is asked of the spans, which overlap, before single frames are added or taken back.</summary>
    public double MaskAdjust { get; init; } = 0.05;

    /// <summary>B: frames of a hidden span.</summary>
    public int MaskLength { get; init; } = 5;

    /// <summary>Standard deviation of the noise that the decoder gets in place of hidden frames.</summary>
    public float Noise { get; init; } = 0.01f;

    /// <summary>Channels of the decoder; null for half of the encoder's width (384 of base).</summary>
    public int? DecoderDim { get; init; }

    /// <summary>Frames that each of its convolutions sees.</summary>
    public int DecoderKernel { get; init; } = 7;

    public int DecoderLayers { get; init; } = 4;

    public SpeechTeacherOptions Teacher { get; init; } = new();

    internal static OptionTable<Data2Vec2AudioOptions> Table { get; } = new OptionTable<Data2Vec2AudioOptions>()
        .Whole("clones", o => o.Clones, (o, v) => o with { Clones = (int)v }, new Interval(1, 64))
        .Real("mask-ratio", o => o.MaskRatio, (o, v) => o with { MaskRatio = v }, new Interval(0, 1, OpenLow: true, OpenHigh: true))
        .Real("mask-adjust", o => o.MaskAdjust, (o, v) => o with { MaskAdjust = v }, Interval.Fraction)
        .Whole("mask-length", o => o.MaskLength, (o, v) => o with { MaskLength = (int)v }, new Interval(1, 1000))
        .Number("noise", o => o.Noise, (o, v) => o with { Noise = v }, Interval.NotNegative)
        .WholeOrAuto("decoder-dim", o => o.DecoderDim, (o, v) => o with { DecoderDim = (int?)v }, new Interval(1, 8192))
        .Whole("decoder-kernel", o => o.DecoderKernel, (o, v) => o with { DecoderKernel = (int)v }, new Interval(1, 1023))
        .Whole("decoder-layers", o => o.DecoderLayers, (o, v) => o with { DecoderLayers = (int)v }, new Interval(1, 64))
        .Section("", o => o.Teacher, (o, v) => o with { Teacher = v }, SpeechTeacherOptions.Table);

    public override void Validate()
    {
        if (DecoderKernel % 2 == 0)
        {
            throw new ConfigurationException($"method.decoder-kernel: a convolution of {DecoderKernel} frames has no middle one; give an odd number.");
        }
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        fit.RefuseBatchOfOne("whether the targets of one recording are constant cannot be told");
        int states = SpeechEncoders.States(fit, BackboneFactory.Wav2Vec2, "data2vec2-audio");
        return fit.Model.RelativeBuckets > 0
            ? throw DataFit.Refusal("model.relative-buckets", "data2vec2-audio leaves hidden frames out, and distances would be those without them; give 0")
            : this with
            {
                MaskLength = fit.AtMost("method.mask-length", MaskLength, Math.Max(1, states / 4), $"a crop of {fit.Seconds:0.##} seconds has {states} states"),
                Teacher = Teacher.FitTo(fit),
            };
    }

    /// <summary>Which frames are hidden, [N · T]: spans, then single frames until each utterance hides the very share, at least one and not all.</summary>
    /// <param name="lengths">Frames of each utterance.</param>
    /// <param name="states">T</param>
    /// <param name="random">Drawn from utterance by utterance.</param>
    internal bool[] Draw(int[] lengths, int states, ref Tensors.RandomSequence random)
    {
        bool[] hidden = new SpanMask { Share = Math.Min(1, MaskRatio + MaskAdjust), Length = MaskLength, Least = 1 }.Draw(lengths, states, ref random);
        for (int n = 0; n < lengths.Length; n++)
        {
            Span<bool> own = hidden.AsSpan(n * states, lengths[n]);
            int wanted = lengths[n] < 2 ? 0 : Math.Clamp((int)Math.Round(MaskRatio * lengths[n]), 1, lengths[n] - 1), there = own.Count(true);
            while (there != wanted)
            {
                bool more = there < wanted;
                int skip = random.NextInt(more ? lengths[n] - there : there), t = 0;
                while (own[t] == more || skip-- > 0)
                {
                    t++;
                }

                own[t] = more;
                there += more ? 1 : -1;
            }
        }

        return hidden;
    }
}
