using System.Globalization;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>CPC: from what was heard so far tell each of the next K frames from others.</summary>
/// <remarks>
/// van den Oord et al. 2018, arXiv:1807.03748, section 3.1; scores, negatives and transformer predictors as Rivière et al. 2020,
/// arXiv:2002.02848, section 3. The loss is the mean over predictors; the papers' sum is K times as large.
/// </remarks>
public sealed class Cpc : Method
{
    private readonly CpcOptions options;
    private readonly CpcBackbone encoder;
    private readonly StepPredictors? linear;
    private readonly (TransformerBlock Block, Linear Map)[] transformers = [];

    public Cpc(Backbone backbone, CpcOptions options) : base(backbone)
    {
        this.options = options;
        encoder = backbone as CpcBackbone ?? throw new ConfigurationException($"model.name: CPC trains its own encoder, {BackboneFactory.Cpc}, and not {backbone.Options.Name}.");
        int dim = backbone.Dim;
        if (options.Predictor == "linear")
        {
            linear = Add("predictors", new StepPredictors(dim, dim, options.Steps, bias: false));
            return;
        }

        transformers = [.. Enumerable.Range(1, options.Steps).Select(k => (
            Add(string.Create(CultureInfo.InvariantCulture, $"predictor{k}"), new TransformerBlock(dim, Heads(dim), options.PredictorHidden / (double)dim, causal: true, dropout: options.Dropout)),
            Add(string.Create(CultureInfo.InvariantCulture, $"map{k}"), new Linear(dim, dim, bias: false))))];
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "cpc",
            "contrastive",
            ["speech"],
            "van den Oord, Li and Vinyals: Representation Learning with Contrastive Predictive Coding, arXiv:1807.03748",
            2018,
            "From what was heard so far, tell each of the next frames from others"),
        new CpcOptions(),
        CpcOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Cpc(backbone, (CpcOptions)options))
    {
        // CPC_audio: Adam 2e-4, batches of 8 windows of 20,480 samples; raised with the batch for runs of thousands of steps.
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.Cpc,
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 5e-4, WeightDecay = 0 },
            ReferenceBatch = 16,
            BatchSize = 16,
            CropSeconds = 1.28f,
            Schedule = new ScheduleOptions { Warmup = 0.05 },
        },
    };

    public override SoundPlan Sounds { get; } = new();

    public override double? ChanceLoss(int batchSize) => SampledContrast.Chance(options.NegativeCount);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        var frames = new UtteranceFrames(encoder, batch);
        Tensor z = encoder.Encoder.Features(frames.Waves, frames.Samples);      // [N, T, D]
        Tensor c = encoder.Context.Forward(z, frames.Shown);                    // [N, T, D]
        Tensor keys = frames.Pack(z);                                           // [R, D]
        var future = new FutureContrast(1, options.Steps, options.NegativeCount, options.Negatives);
        Tensor? scores = future.Scores(Predictions(c, frames), keys, frames, batch.Speakers, 1f / Backbone.Dim, Path, diagnostics);
        if (scores is null)
        {
            // Nothing in the batch is two frames long.
            return Ops.Multiply(Ops.Sum(c), 0);
        }

        diagnostics.Embedding(frames.Pack(c));
        return SampledContrast.InfoNce(scores, 1);
    }

    /// <summary>[R · K, D]</summary>
    private Tensor Predictions(Tensor context, UtteranceFrames frames) => linear is not null
        ? linear.Forward(frames.Pack(context))
        : Ops.Concat(1, [.. transformers.Select(t => t.Map.Forward(frames.Pack(t.Block.Forward(context))))]).Reshape(frames.Count * options.Steps, Backbone.Dim);

    /// <summary>CPC_audio's 8, or as many as divide the width.</summary>
    private static int Heads(int dim) => Enumerable.Range(1, 8).Last(heads => dim % heads == 0);
}
