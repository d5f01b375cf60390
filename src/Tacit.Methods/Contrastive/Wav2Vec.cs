using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>wav2vec: from what was heard so far, tell each of some frames to come from others, one yes or no each.</summary>
/// <remarks>
/// Schneider et al. 2019, arXiv:1904.05862, section 2. The first frame that is predicted is the first that shares no sample with
/// the context's own, as in its authors' code: 3 ahead. Published sizes have 32,537,088 parameters.
/// </remarks>
public sealed class Wav2Vec : Method
{
    private readonly Wav2VecMethodOptions options;
    private readonly Wav2VecBackbone encoder;
    private readonly StepPredictors predictors;

    public Wav2Vec(Backbone backbone, Wav2VecMethodOptions options) : base(backbone)
    {
        this.options = options;
        encoder = backbone as Wav2VecBackbone
            ?? throw new ConfigurationException($"model.name: wav2vec trains its own encoder, {BackboneFactory.Wav2Vec}, and not {backbone.Options.Name}.");
        predictors = Add("predictors", new StepPredictors(backbone.Dim, backbone.Dim, options.Steps, bias: true));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "wav2vec",
            "contrastive",
            ["speech"],
            "Schneider, Baevski, Collobert and Auli: wav2vec: Unsupervised Pre-training for Speech Recognition, arXiv:1904.05862",
            2019,
            "From what was heard so far, tell frames to come from others, one yes or no each"),
        new Wav2VecMethodOptions(),
        Wav2VecMethodOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Wav2Vec(backbone, (Wav2VecMethodOptions)options))
    {
        // Published: 5e-3 for batches of 1.5 million samples, cosine, 500 steps of warm-up. Batches here hold a third of that at most.
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.Wav2Vec,
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 1e-3, WeightDecay = 0 },
            ReferenceBatch = 8,
            BatchSize = 8,
            Schedule = new ScheduleOptions { Warmup = 0.05 },
        },
    };

    public override SoundPlan Sounds { get; } = new();

    public override double? ChanceLoss(int batchSize) => SampledContrast.BinaryChance(options.NegativeCount);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        var frames = new UtteranceFrames(encoder, batch);
        Tensor z = encoder.Encoder.Features(frames.Waves, frames.Samples);      // [N, T, D]
        Tensor c = encoder.Encoder.Context(z, frames.Shown);                    // [N, T, D]
        var future = new FutureContrast(Ahead(encoder.Encoder), options.Steps, options.NegativeCount, options.Negatives);
        Tensor? scores = future.Scores(predictors.Forward(frames.Pack(c)), frames.Pack(z), frames, batch.Speakers, 1, Path, diagnostics);
        if (scores is null)
        {
            // No frame of the batch is so far ahead.
            return Ops.Multiply(Ops.Sum(c), 0);
        }

        diagnostics.Embedding(frames.Pack(c));
        return SampledContrast.Binary(scores);
    }

    /// <summary>Frames from a context to the first that shares no sample with it.</summary>
    internal static int Ahead(Wav2VecEncoder encoder) => (encoder.ReceptiveField + encoder.Stride - 1) / encoder.Stride;
}
