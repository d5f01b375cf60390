namespace Tacit.Methods;

/// <summary>The options of <see cref="Cpc"/>: those of CPC_audio (Rivière et al. 2020, arXiv:2002.02848), its predictors linear as in the first paper.</summary>
public sealed record CpcOptions : MethodOptions
{
    /// <summary>K, frames ahead that are predicted, each by a predictor of its own.</summary>
    public int Steps { get; init; } = 12;

    /// <summary><c>linear</c> maps (van den Oord et al.), or a <c>transformer</c> layer each (Rivière et al.), which takes several times as long.</summary>
    public string Predictor { get; init; } = "linear";

    /// <summary>Hidden features of a transformer predictor.</summary>
    public int PredictorHidden { get; init; } = 2048;

    /// <summary>Share that a transformer predictor drops.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>
    /// Where negatives come from. Frames of the batch are easy to tell by their speaker and room; of one speaker, which is what
    /// CPC_audio's batches hold, and of one utterance, what is said must be told.
    /// </summary>
    public NegativeSource Negatives { get; init; } = NegativeSource.Utterance;

    /// <summary>Negatives of each frame, drawn with replacement.</summary>
    public int NegativeCount { get; init; } = 128;

    internal static OptionTable<CpcOptions> Table { get; } = new OptionTable<CpcOptions>()
        .Whole("steps", o => o.Steps, (o, v) => o with { Steps = (int)v }, new Interval(1, 1000))
        .Choice("predictor", o => o.Predictor, (o, v) => o with { Predictor = v }, "linear", "transformer")
        .Whole("predictor-hidden", o => o.PredictorHidden, (o, v) => o with { PredictorHidden = (int)v }, new Interval(1, 1 << 16))
        .Number("dropout", o => o.Dropout, (o, v) => o with { Dropout = v }, Interval.BelowOne)
        .Choice("negatives", o => o.Negatives, (o, v) => o with { Negatives = v }, NegativeSampler.Words)
        .Whole("negative-count", o => o.NegativeCount, (o, v) => o with { NegativeCount = (int)v }, new Interval(1, 1 << 16));

    public override MethodOptions FitTo(DataFit fit)
    {
        // At least half of a crop's frames predict all steps.
        int states = FrameFit.States(fit, "cpc");
        int negatives = Negatives == NegativeSource.Utterance
            ? fit.AtMost("method.negative-count", NegativeCount, states - 1, $"a crop of {fit.Seconds:0.##} seconds has {states} frames")
            : NegativeCount;
        return this with { Steps = fit.AtMost("method.steps", Steps, states / 2, $"a crop of {fit.Seconds:0.##} seconds has {states} frames"), NegativeCount = negatives };
    }
}
