namespace Tacit.Methods;

/// <summary>The options of <see cref="Wav2Vec"/>: the published ones.</summary>
public sealed record Wav2VecMethodOptions : MethodOptions
{
    /// <summary>K, frames that are predicted of each context.</summary>
    public int Steps { get; init; } = 12;

    /// <summary>Where negatives come from.</summary>
    public NegativeSource Negatives { get; init; } = NegativeSource.Utterance;

    /// <summary>Negatives of each frame, drawn with replacement.</summary>
    public int NegativeCount { get; init; } = 10;

    internal static OptionTable<Wav2VecMethodOptions> Table { get; } = new OptionTable<Wav2VecMethodOptions>()
        .Whole("steps", o => o.Steps, (o, v) => o with { Steps = (int)v }, new Interval(1, 1000))
        .Choice("negatives", o => o.Negatives, (o, v) => o with { Negatives = v }, NegativeSampler.Words)
        .Whole("negative-count", o => o.NegativeCount, (o, v) => o with { NegativeCount = (int)v }, new Interval(1, 1 << 16));

    public override MethodOptions FitTo(DataFit fit) => this with { Steps = StepsIn(fit, "wav2vec", Steps) };

    /// <summary>Steps that at least half of a crop's frames can predict.</summary>
    internal static int StepsIn(DataFit fit, string method, int steps)
    {
        int states = FrameFit.States(fit, method);
        return fit.AtMost("method.steps", steps, Math.Max(1, (states / 2) - 3), $"a crop of {fit.Seconds:0.##} seconds has {states} frames");
    }
}
