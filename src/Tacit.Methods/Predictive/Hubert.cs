using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// HuBERT: sort all frames of sound into units by k-means, hide stretches of a recording and tell which units lie there; then sort
/// them anew by what the encoder has learned, and go on.
/// </summary>
/// <remarks>
/// Hsu et al. 2021, arXiv:2106.07447. WavLM (Chen et al. 2021, arXiv:2110.13900) is the same with a gated relative position bias
/// and with parts of other recordings mixed in, whose units are not told.
/// </remarks>
public sealed class Hubert : Method
{
    private readonly HubertOptions options;
    private readonly Wav2Vec2Backbone encoder;
    private readonly UnitHead[] heads;
    private readonly FoundUnits units;

    public Hubert(Backbone backbone, HubertOptions options) : base(backbone)
    {
        this.options = options;
        encoder = SpeechEncoders.Waves(backbone, "hubert");
        int dim = backbone.Dim, inner = options.FinalDim ?? (dim >= 1024 ? 768 : Math.Max(1, dim / 3));
        int[] counts = [.. options.Units.Take(options.Iterations)];
        heads = [.. counts.Select((count, i) => Add($"head{i + 1}", new UnitHead(dim, inner, count, options.Temperature)))];
        units = Add("units", new FoundUnits(counts, dim));
        Stage = new UnitStage(encoder, units, options);
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "hubert",
            "predictive",
            ["speech"],
            "Hsu, Bolte, Tsai et al.: HuBERT: Self-Supervised Speech Representation Learning by Masked Prediction of Hidden Units, arXiv:2106.07447",
            2021,
            "Tell the units of hidden frames, first clusters of MFCC, then of the encoder's own states"),
        new HubertOptions(),
        HubertOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Hubert(backbone, (HubertOptions)options))
    {
        Setup = Setup,
    };

    public static MethodEntry WavLm { get; } = new(
        new MethodInfo(
            "wavlm",
            "predictive",
            ["speech"],
            "Chen, Wang, Chen et al.: WavLM: Large-Scale Self-Supervised Pre-Training for Full Stack Speech Processing, arXiv:2110.13900",
            2021,
            "HuBERT on overlapped speech, with attention that knows distances"),
        new HubertOptions(),
        HubertOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Hubert(backbone, (HubertOptions)options))
    {
        Setup = Setup with
        {
            Model = model => model with { RelativeBuckets = 320 },
            Sound = new SoundAugmentationOptions { MixProbability = 0.2f },
        },
    };

    public override SoundPlan Sounds { get; } = new();

    public override Stage Stage { get; }

    /// <summary>The published optimiser and schedule; there a batch holds 2,800 seconds.</summary>
    private static MethodSetup Setup => new()
    {
        Architecture = BackboneFactory.Wav2Vec2,
        LongRun = new LongRun(10_000, "method.mask.length"),
        Optimizer = new OptimizerOptions { Name = "adamw", Lr = 5e-4, Beta2 = 0.98, Epsilon = 1e-6, WeightDecay = 0.01, ClipNorm = 10 },
        ReferenceBatch = 8,
        BatchSize = 8,
        Schedule = new ScheduleOptions { Name = "polynomial", Warmup = 0.08 },
    };

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        var frames = new UtteranceFrames(encoder, batch);
        Tensor features = encoder.Encoder.Features(frames.Waves, frames.Samples);       // [N, T, C]
        Tensor projected = encoder.Encoder.Project(features).Projected;                 // [N, T, D]
        int longest = projected.Shape[1];
        RandomSequence random = Scope.NextRandom("mask", Path);
        bool[] hidden = options.Mask.Draw(frames.Lengths, longest, ref random);
        Tensor states = encoder.Encoder.Context(Frames.Replace(projected, hidden, encoder.Encoder.MaskEmbedding), frames.Shown);

        int[] targets = Targets(batch, frames.Lengths, longest);
        Tensor penalty = Ops.Mean(Ops.Square(Ops.PackFrames(features, frames.Shown)));
        Tensor loss = Ops.Multiply(penalty, options.PenaltyWeight);
        loss = Told(loss, states, Rows(hidden, targets, true), targets, 1, "masked", diagnostics);
        loss = options.UnmaskedWeight > 0
            ? Told(loss, states, Rows(hidden, targets, false), targets, options.UnmaskedWeight, "unmasked", diagnostics)
            : loss;
        diagnostics.Report("feature_penalty", penalty.ToScalar());
        diagnostics.Report("masked_share", hidden.Count(h => h) / (double)Math.Max(1, frames.Count));
        units.Report(diagnostics);
        return loss;
    }

    public override double? ChanceLoss(int batchSize) => units.Iteration < 0 ? null : Math.Log(units.Used);

    /// <summary>Where the second iteration begins afresh, the encoder gets other starting values; the optimiser's moments stay.</summary>
    public override void BeforeStep(long step, long steps)
    {
        if (options.Restart && units.Fresh is { } seed)
        {
            Backbone.Load(BackboneFactory.Create(Backbone.Options, seed).StateDict());
        }

        units.Fresh = null;
    }

    /// <summary>The unit of each frame [N · T], -1 for none and for padding.</summary>
    private static int[] Targets(Batch batch, int[] lengths, int frames)
    {
        int[][] found = batch.FrameTargets ?? throw new TacitException("The batch has no units to tell: the pass over the data that finds them has not run.");
        var targets = new int[lengths.Length * frames];
        Array.Fill(targets, PrototypePrediction.None);
        for (int n = 0; n < lengths.Length; n++)
        {
            found[n].AsSpan(0, Math.Min(lengths[n], found[n].Length)).CopyTo(targets.AsSpan(n * frames));
        }

        return targets;
    }

    private static int[] Rows(bool[] hidden, int[] targets, bool which) => [.. Enumerable.Range(0, hidden.Length).Where(i => hidden[i] == which && targets[i] >= 0)];

    /// <summary>Adds the mean over some frames of −log p(unit), equation 1; nothing where no recording of the batch is long enough to have any.</summary>
    private Tensor Told(Tensor loss, Tensor states, int[] rows, int[] targets, float weight, string name, Diagnostics diagnostics)
    {
        if (rows.Length == 0)
        {
            return loss;
        }

        Tensor chosen = Ops.Gather(states.Reshape(targets.Length, states.Shape[2]), rows);
        int[] answers = Array.ConvertAll(rows, row => targets[row]);
        Tensor logits = heads[units.Iteration].Forward(chosen, units.Used);
        diagnostics.Report($"{name}_accuracy", ClassReport.Accuracy(logits, answers));
        if (name == "masked")
        {
            diagnostics.Embedding(chosen);
        }

        return Ops.Add(loss, Ops.Multiply(Ops.CrossEntropy(logits, answers), weight));
    }
}
