using Tacit.Models;

namespace Tacit.Methods;

/// <summary>The options of <see cref="Hubert"/>: those of HuBERT base (Hsu et al. 2021, arXiv:2106.07447, sections III and IV).</summary>
public sealed record HubertOptions : MethodOptions
{
    private const int FramesPerUnit = 10, SamplesPerState = 320;

    /// <summary>1: units of MFCC alone; 2: the units are found anew in the encoder's own states.</summary>
    public int Iterations { get; init; } = 2;

    /// <summary>The share of the run at which the second iteration begins; the paper gives it 400,000 steps after 250,000.</summary>
    public double SecondAt { get; init; } = 0.5;

    /// <summary>
    /// Whether the encoder begins afresh with the second iteration, as in the paper. No by default: both iterations share one
    /// schedule, and in a run of minutes an encoder that goes on is better than one that has half the run.
    /// </summary>
    public bool Restart { get; init; }

    /// <summary>Units of each iteration.</summary>
    public IReadOnlyList<int> Units { get; init; } = [100, 500];

    /// <summary>The layer, from 1, whose states the second iteration's units are found in; null for the middle one, as in the paper (6 of 12).</summary>
    public int? Layer { get; init; }

    /// <summary>Recordings, or pieces of them, drawn once from the seed, whose frames units are found in. All frames of all recordings get one.</summary>
    public int UnitItems { get; init; } = 2000;

    /// <summary>Frames that k-means sees at most, drawn from those; the paper has a tenth of its data.</summary>
    public int UnitFrames { get; init; } = 50_000;

    /// <summary>Moves of k-means at most; 100 in the published scripts, whose batches are small.</summary>
    public int KMeansIterations { get; init; } = 30;

    /// <summary>d, where states and units are compared; null for a third of the encoder's width (256 of base), and 768 of large ones.</summary>
    public int? FinalDim { get; init; }

    /// <summary>τ of the cosines.</summary>
    public float Temperature { get; init; } = 0.1f;

    /// <summary>Which states are hidden.</summary>
    public SpanMask Mask { get; init; } = new() { Share = 0.8 };

    /// <summary>1 − α of equation 2 over α: what frames that are not hidden weigh, beside hidden ones of weight 1.</summary>
    public float UnmaskedWeight { get; init; }

    /// <summary>What the mean square of the convolutional front's output weighs.</summary>
    public float PenaltyWeight { get; init; } = 10;

    internal static OptionTable<HubertOptions> Table { get; } = new OptionTable<HubertOptions>()
        .Whole("iterations", o => o.Iterations, (o, v) => o with { Iterations = (int)v }, new Interval(1, 2))
        .Real("second-at", o => o.SecondAt, (o, v) => o with { SecondAt = v }, new Interval(0, 1, OpenLow: true, OpenHigh: true))
        .Flag("restart", o => o.Restart, (o, v) => o with { Restart = v })
        .Wholes("units", o => o.Units, (o, v) => o with { Units = v }, new Interval(2, 1 << 20))
        .WholeOrAuto("layer", o => o.Layer, (o, v) => o with { Layer = (int?)v }, new Interval(1, 256))
        .Whole("unit-items", o => o.UnitItems, (o, v) => o with { UnitItems = (int)v }, new Interval(1, 1 << 30))
        .Whole("unit-frames", o => o.UnitFrames, (o, v) => o with { UnitFrames = (int)v }, new Interval(20, 1 << 30))
        .Whole("k-means-iterations", o => o.KMeansIterations, (o, v) => o with { KMeansIterations = (int)v }, new Interval(0, 1000))
        .WholeOrAuto("final-dim", o => o.FinalDim, (o, v) => o with { FinalDim = (int?)v }, new Interval(1, 8192))
        .Number("temperature", o => o.Temperature, (o, v) => o with { Temperature = v }, Interval.Temperature)
        .Section("mask", o => o.Mask, (o, v) => o with { Mask = v }, SpanMask.Table)
        .Number("unmasked-weight", o => o.UnmaskedWeight, (o, v) => o with { UnmaskedWeight = v }, Interval.NotNegative)
        .Number("penalty-weight", o => o.PenaltyWeight, (o, v) => o with { PenaltyWeight = v }, Interval.NotNegative);

    /// <exception cref="ConfigurationException">There are not as many numbers of units as iterations.</exception>
    public override void Validate()
    {
        if (Units.Count < Iterations)
        {
            throw new ConfigurationException($"method.units: {Iterations} iterations need {Iterations} numbers of units, and there is {Units.Count}.");
        }
    }

    public override MethodOptions FitTo(DataFit fit)
    {
        int states = SpeechEncoders.States(fit, BackboneFactory.Wav2Vec2, "hubert");
        int layer = fit.AtMost("method.layer", Layer ?? 1, fit.Model.Depth, $"the encoder has {fit.Model.Depth} layers");
        int frames = (int)Math.Min(UnitFrames, Math.Min(UnitItems, fit.Items) * fit.Seconds * fit.Rate / SamplesPerState);
        int most = fit.Given("method.units") ? frames : Math.Max(2, frames / FramesPerUnit);
        return this with
        {
            Layer = Layer is null ? null : layer,
            Mask = SpeechEncoders.FitMask(fit, Mask, states),
            Units = [.. Units.Select(units => fit.AtMost("method.units", units, most, $"they are found in about {frames} frames"))],
        };
    }

    /// <summary>At most as many units as give each ten frames on average, where a pass found so many.</summary>
    internal static int Fitting(int units, int frames) => Math.Min(units, Math.Max(1, frames / FramesPerUnit));
}
