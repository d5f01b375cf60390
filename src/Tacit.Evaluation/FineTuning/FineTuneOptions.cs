using Tacit.Data.Augment;
using Tacit.Methods;

namespace Tacit.Evaluation;

/// <summary>How an encoder and a new head learn from labelled items; the only place of these defaults.</summary>
/// <remarks>
/// Layer decay, weight decay without norms and biases, mixup, cutmix and label smoothing are those of MAE's fine-tuning (He et al. 2021,
/// arXiv:2111.06377, table 9) and BEiT's; that the front of an encoder of waveforms stays as it is, is wav2vec 2.0's (Baevski et al. 2020,
/// arXiv:2006.11477, section 4.3). That a head learns alone at first keeps a random one from spoiling the features (Kumar et al. 2022,
/// arXiv:2202.10054).
/// </remarks>
public sealed record FineTuneOptions
{
    /// <summary>Optimiser steps; auto (null) is <see cref="Epochs"/> passes over the labelled items within <see cref="LeastSteps"/> and <see cref="MostSteps"/>.</summary>
    public int? Steps { get; init; }

    /// <summary>Passes over the labelled items, where steps are not given.</summary>
    public double Epochs { get; init; } = 40;

    /// <summary>So few labels that their passes are fewer steps still make so many.</summary>
    public int LeastSteps { get; init; } = 200;

    /// <summary>So many labels that their passes are more steps make no more than these.</summary>
    public int MostSteps { get; init; } = 600;

    /// <summary>Labelled items a step; all where there are fewer.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Peak learning rate of AdamW; the encoder's last layer learns at this times the layer decay.</summary>
    public double Lr { get; init; } = 3e-3;

    /// <summary>The head of a pre-trained encoder learns at so many times the rate: it begins at zero, and the features do not.</summary>
    public double HeadRate { get; init; } = 10;

    /// <summary>Peak learning rate of the network that starts from nothing.</summary>
    public double ScratchLr { get; init; } = 3e-3;

    /// <summary>Steps of linear warm-up, below 1 a share of all; then half a cosine to 0.</summary>
    public double Warmup { get; init; } = 0.1;

    /// <summary>Each layer learns at this times the rate of the layer above it.</summary>
    public double LayerDecay { get; init; } = 0.75;

    /// <summary>The first share of the steps, in which the head learns alone and the encoder stays as it is to the bit.</summary>
    public double HeadWarmup { get; init; } = 0.2;

    /// <summary>Of AdamW; norms and biases are spared.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Largest norm of the gradient; 0 for none.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>The share of each label that is spread over all classes.</summary>
    public float LabelSmoothing { get; init; } = 0.1f;

    /// <summary>α of mixup's Beta distribution, of pictures; 0 for none.</summary>
    public float Mixup { get; init; }

    /// <summary>α of cutmix's Beta distribution, of pictures; 0 for none. With mixup as well, each step takes one of them.</summary>
    public float Cutmix { get; init; }

    /// <summary>
    /// Whose mean and deviation batch norms take while the encoder learns: <c>batch</c>, <c>frozen</c> (those of pre-training, which then stay)
    /// or <c>auto</c>: the batch's where a step has at least <see cref="FewForNorms"/> items, else frozen. From scratch it is always the batch's.
    /// </summary>
    public string BatchNorm { get; init; } = Auto;

    /// <summary>Least area of a training picture's random crop; 1 with no flip and no jitter shows pictures as they are.</summary>
    public float MinScale { get; init; } = 0.3f;

    /// <summary>How often a training picture is mirrored.</summary>
    public float Flip { get; init; } = 0.5f;

    /// <summary>Strength of brightness, contrast and saturation jitter of training pictures; 0 for none.</summary>
    public float Jitter { get; init; }

    /// <summary>Seconds of a recording that a step sees, from a random place; auto (null) is the whole, of long ones 4 seconds.</summary>
    public float? Crop { get; init; }

    /// <summary>SpecAugment's masks over time, of frames and log-mel pictures.</summary>
    public int TimeMasks { get; init; } = 2;

    /// <summary>The widest of them, in frames.</summary>
    public int TimeMaskFrames { get; init; } = 20;

    /// <summary>SpecAugment's masks over frequency; of waveforms, a positive number takes out a band of every second item.</summary>
    public int FrequencyMasks { get; init; } = 2;

    /// <summary>The widest of them, in bins.</summary>
    public int FrequencyMaskBins { get; init; } = 15;

    /// <summary>Whether the convolutional front of a pre-trained encoder of waveforms stays as it is.</summary>
    public bool FreezeFront { get; init; } = true;

    /// <summary>Fewer items a step than these are too few for a batch norm's statistics.</summary>
    public const int FewForNorms = 32;

    internal const string Auto = "auto", Batch = "batch", Frozen = "frozen";

    /// <summary>How each is set from text.</summary>
    public static OptionTable<FineTuneOptions> Table { get; } = new OptionTable<FineTuneOptions>()
        .WholeOrAuto("steps", o => o.Steps, (o, v) => o with { Steps = (int?)v }, new Interval(1, 1e7))
        .Real("epochs", o => o.Epochs, (o, v) => o with { Epochs = v }, Interval.Positive)
        .Whole("least-steps", o => o.LeastSteps, (o, v) => o with { LeastSteps = (int)v }, new Interval(1, 1e7))
        .Whole("most-steps", o => o.MostSteps, (o, v) => o with { MostSteps = (int)v }, new Interval(1, 1e7))
        .Whole("batch-size", o => o.BatchSize, (o, v) => o with { BatchSize = (int)v }, new Interval(1, 65536))
        .Real("lr", o => o.Lr, (o, v) => o with { Lr = v }, Interval.Positive)
        .Real("head-rate", o => o.HeadRate, (o, v) => o with { HeadRate = v }, Interval.Positive)
        .Real("scratch-lr", o => o.ScratchLr, (o, v) => o with { ScratchLr = v }, Interval.Positive)
        .Real("warmup", o => o.Warmup, (o, v) => o with { Warmup = v }, Interval.NotNegative)
        .Real("layer-decay", o => o.LayerDecay, (o, v) => o with { LayerDecay = v }, new Interval(0, 1, OpenLow: true))
        .Real("head-warmup", o => o.HeadWarmup, (o, v) => o with { HeadWarmup = v }, Interval.Fraction)
        .Real("weight-decay", o => o.WeightDecay, (o, v) => o with { WeightDecay = v }, Interval.NotNegative)
        .Real("clip-norm", o => o.ClipNorm, (o, v) => o with { ClipNorm = v }, Interval.NotNegative)
        .Number("label-smoothing", o => o.LabelSmoothing, (o, v) => o with { LabelSmoothing = v }, Interval.BelowOne)
        .Number("mixup", o => o.Mixup, (o, v) => o with { Mixup = v }, new Interval(0, 100))
        .Number("cutmix", o => o.Cutmix, (o, v) => o with { Cutmix = v }, new Interval(0, 100))
        .Choice("batch-norm", o => o.BatchNorm, (o, v) => o with { BatchNorm = v }, Auto, Batch, Frozen)
        .Number("min-scale", o => o.MinScale, (o, v) => o with { MinScale = v }, new Interval(0, 1, OpenLow: true))
        .Number("flip", o => o.Flip, (o, v) => o with { Flip = v }, Interval.Fraction)
        .Number("jitter", o => o.Jitter, (o, v) => o with { Jitter = v }, Interval.Fraction)
        .NumberOrAuto("crop", o => o.Crop, (o, v) => o with { Crop = v }, new Interval(0.1, 3600))
        .Whole("time-masks", o => o.TimeMasks, (o, v) => o with { TimeMasks = (int)v }, new Interval(0, 1000))
        .Whole("time-mask-frames", o => o.TimeMaskFrames, (o, v) => o with { TimeMaskFrames = (int)v }, new Interval(0, 10000))
        .Whole("frequency-masks", o => o.FrequencyMasks, (o, v) => o with { FrequencyMasks = (int)v }, new Interval(0, 1000))
        .Whole("frequency-mask-bins", o => o.FrequencyMaskBins, (o, v) => o with { FrequencyMaskBins = (int)v }, new Interval(0, 10000))
        .Flag("freeze-front", o => o.FreezeFront, (o, v) => o with { FreezeFront = v });

    /// <summary>The defaults with some keys set.</summary>
    /// <param name="settings">Each <c>key=value</c>; the last of several for one key counts.</param>
    /// <exception cref="ConfigurationException">Not of that form, no such key, or a value that cannot be.</exception>
    public static FineTuneOptions From(IEnumerable<string> settings) => new FineTuneOptions().With(settings);

    /// <summary>These with some keys set.</summary>
    /// <param name="settings">Each <c>key=value</c>; the last of several for one key counts.</param>
    /// <exception cref="ConfigurationException">Not of that form, no such key, or a value that cannot be.</exception>
    public FineTuneOptions With(IEnumerable<string> settings)
    {
        FineTuneOptions options = this;
        foreach (string setting in settings)
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            options = equals > 0
                ? Table.Set(options, setting[..equals].Trim().ToLowerInvariant().Replace('_', '-'), setting[(equals + 1)..])
                : throw new ConfigurationException($"The setting '{setting}' is not of the form key=value.");
        }

        return options;
    }

    /// <summary>How training pictures are changed.</summary>
    internal AugmentationOptions Pictures => AugmentationOptions.CropAndFlip with
    {
        MinScale = MinScale,
        FlipProbability = Flip,
        MinRatio = MinScale < 1 ? 3f / 4f : 1,
        MaxRatio = MinScale < 1 ? 4f / 3f : 1,
        JitterProbability = Jitter > 0 ? 0.8f : 0,
        Brightness = Jitter,
        Contrast = Jitter,
        Saturation = Jitter,
        Hue = 0,
    };

    /// <summary>How training recordings are changed.</summary>
    /// <param name="frames">Whether the encoder takes frames or log-mel pictures, not waveforms.</param>
    internal SoundAugmentationOptions Sounds(bool frames) => frames
        ? new SoundAugmentationOptions { TimeMasks = TimeMasks, TimeMaskFrames = TimeMaskFrames, FrequencyMasks = FrequencyMasks, FrequencyMaskBins = FrequencyMaskBins }
        : new SoundAugmentationOptions { BandDropProbability = FrequencyMasks > 0 ? 0.5f : 0 };

    /// <summary>How many steps so many labelled items make.</summary>
    public int StepsFor(int items) => Steps
        ?? Math.Clamp((int)Math.Round(Epochs * items / Math.Min(BatchSize, items)), Math.Min(LeastSteps, MostSteps), MostSteps);

    /// <summary>The same for the network that starts from nothing: all of it learns from the first step, at one rate.</summary>
    internal FineTuneOptions FromScratch => this with { Lr = ScratchLr, LayerDecay = 1, HeadRate = 1, HeadWarmup = 0, BatchNorm = Batch, FreezeFront = false };
}
