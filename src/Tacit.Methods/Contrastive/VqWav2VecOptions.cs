using Tacit.Models;

namespace Tacit.Methods;

/// <summary>The options of <see cref="VqWav2Vec"/>: the published ones (Baevski et al. 2019, arXiv:1910.05453, section 5), but for the diversity loss.</summary>
public sealed record VqWav2VecOptions : MethodOptions
{
    /// <summary>The share of the run that trains vq-wav2vec; after it the BERT is trained, and what makes its tokens stands still.</summary>
    public double QuantizerShare { get; init; } = 0.5;

    /// <summary>
    /// The share of the quantiser's steps in which frames are not quantised yet, which is wav2vec; then the books begin from the frames. The paper
    /// has none: from nothing a short run's codes tell nothing, and what tells nothing learns nothing.
    /// </summary>
    public double WarmShare { get; init; } = 0.5;

    /// <summary>The BERT's learning rate over the scheduled one, which it reaches in <see cref="TokenWarmup"/> of its steps: what suits convolutions is too much for it.</summary>
    public double TokenLr { get; init; } = 0.25;

    /// <summary>The share of the BERT's steps in which its learning rate rises.</summary>
    public double TokenWarmup { get; init; } = 0.1;

    /// <summary>K, frames that are predicted of each context.</summary>
    public int Steps { get; init; } = 12;

    /// <summary>Where negatives come from.</summary>
    public NegativeSource Negatives { get; init; } = NegativeSource.Utterance;

    /// <summary>Negatives of each frame, drawn with replacement.</summary>
    public int NegativeCount { get; init; } = 10;

    /// <summary>Of the Gumbel quantiser's diversity loss: wav2vec 2.0's, since short runs lose their codes without it; the paper has none.</summary>
    public float DiversityWeight { get; init; } = 0.1f;

    /// <summary>Of the k-means quantiser's loss.</summary>
    public float CommitmentWeight { get; init; } = 1;

    /// <summary>τ of the Gumbel softmax at the first step.</summary>
    public float GumbelStart { get; init; } = 2;

    /// <summary>τ never falls below.</summary>
    public float GumbelFloor { get; init; } = 0.5f;

    /// <summary>The share of vq-wav2vec's steps after which τ is at its floor; 0 for the published 0.999995 a step.</summary>
    public double GumbelFall { get; init; } = 0.7;

    /// <summary>Which tokens BERT does not see: half of them in spans of 10 ± 10, which overlap.</summary>
    public SpanMask Mask { get; init; } = new() { Share = 0.5, Least = 1, Deviation = 10 };

    internal static OptionTable<VqWav2VecOptions> Table { get; } = new OptionTable<VqWav2VecOptions>()
        .Real("quantizer-share", o => o.QuantizerShare, (o, v) => o with { QuantizerShare = v }, Interval.Fraction)
        .Real("warm-share", o => o.WarmShare, (o, v) => o with { WarmShare = v }, Interval.Fraction)
        .Real("token-lr", o => o.TokenLr, (o, v) => o with { TokenLr = v }, Interval.Positive)
        .Real("token-warmup", o => o.TokenWarmup, (o, v) => o with { TokenWarmup = v }, Interval.Fraction)
        .Whole("steps", o => o.Steps, (o, v) => o with { Steps = (int)v }, new Interval(1, 1000))
        .Choice("negatives", o => o.Negatives, (o, v) => o with { Negatives = v }, NegativeSampler.Words)
        .Whole("negative-count", o => o.NegativeCount, (o, v) => o with { NegativeCount = (int)v }, new Interval(1, 1 << 16))
        .Number("diversity-weight", o => o.DiversityWeight, (o, v) => o with { DiversityWeight = v }, Interval.NotNegative)
        .Number("commitment-weight", o => o.CommitmentWeight, (o, v) => o with { CommitmentWeight = v }, Interval.NotNegative)
        .Number("gumbel-start", o => o.GumbelStart, (o, v) => o with { GumbelStart = v }, Interval.Temperature)
        .Number("gumbel-floor", o => o.GumbelFloor, (o, v) => o with { GumbelFloor = v }, Interval.Temperature)
        .Real("gumbel-fall", o => o.GumbelFall, (o, v) => o with { GumbelFall = v }, Interval.Fraction)
        .Section("mask", o => o.Mask, (o, v) => o with { Mask = v }, SpanMask.Table);

    /// <summary>τ of one step.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="steps">Those that train the quantiser.</param>
    public float TemperatureAt(long step, double steps) => GumbelFall == 0
        ? new GumbelTemperature(GumbelStart, GumbelFloor).At(step)
        : GumbelTemperature.Over(GumbelStart, GumbelFloor, GumbelFall * steps).At(step);

    /// <summary>What a step of the BERT takes of the scheduled learning rate.</summary>
    /// <param name="step">Of its own steps, those done.</param>
    /// <param name="steps">Its own steps.</param>
    public double TokenRateAt(double step, double steps) => TokenLr * Math.Min(1, (step + 1) / Math.Max(1, TokenWarmup * steps));

    public override void Validate()
    {
        if (WarmShare == 1)
        {
            throw new ConfigurationException("method.warm-share: 1 leaves no step in which frames are quantised; give less, or train wav2vec.");
        }

        if (GumbelFloor > GumbelStart)
        {
            throw new ConfigurationException($"method.gumbel-floor: the temperature falls from {GumbelStart} (method.gumbel-start) and cannot end above it, at {GumbelFloor}.");
        }
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        int states = FrameFit.States(fit, "vq-wav2vec");
        int length = fit.AtMost("method.mask.length", Mask.Length, Math.Max(1, states / 4), $"a crop of {fit.Seconds:0.##} seconds has {states} states");
        return this with { Steps = Wav2VecMethodOptions.StepsIn(fit, "vq-wav2vec", Steps), Mask = Mask with { Length = length } };
    }
}
