using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>wav2vec 2.0: hide spans of frames, and from what the transformer makes of the rest tell each hidden frame's quantised self from others.</summary>
/// <remarks>
/// Baevski et al. 2020, arXiv:2006.11477, section 3: L = Σ InfoNCE / hidden frames + 0.1 · diversity + 10 · mean z². Names as
/// published (<c>quantizer</c>, <c>project_q</c>, <c>project_hid</c>); published sizes have 95,044,608 parameters.
/// </remarks>
public sealed class Wav2Vec2 : Method
{
    private readonly Wav2Vec2MethodOptions options;
    private readonly Wav2Vec2Backbone backbone;
    private readonly GumbelQuantizer quantizer;
    private readonly Dropout dropout;
    private readonly Linear projectQuantized, projectContext;
    private float temperature;

    public Wav2Vec2(Backbone backbone, Wav2Vec2MethodOptions options) : base(backbone)
    {
        this.options = options;
        this.backbone = backbone as Wav2Vec2Backbone
            ?? throw new ConfigurationException($"model.name: wav2vec2 trains its own encoder, {BackboneFactory.Wav2Vec2}, and not {backbone.Options.Name}.");
        int features = this.backbone.Encoder.FeatureDim;
        dropout = Add("feature_dropout", new Dropout(backbone.Options.Dropout));
        quantizer = Add("quantizer", new GumbelQuantizer(features, new GumbelQuantizerOptions { Groups = options.Groups, Entries = options.Entries, Dim = options.QuantizedDim }));
        projectQuantized = Add("project_q", new Linear(options.QuantizedDim, options.FinalDim));
        projectContext = Add("project_hid", new Linear(backbone.Dim, options.FinalDim));
        temperature = options.GumbelStart;
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "wav2vec2",
            "contrastive",
            ["speech"],
            "Baevski, Zhou, Mohamed and Auli: wav2vec 2.0: A Framework for Self-Supervised Learning of Speech Representations, arXiv:2006.11477",
            2020,
            "Tell the quantised self of each hidden frame from other frames of the utterance"),
        new Wav2Vec2MethodOptions(),
        Wav2Vec2MethodOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Wav2Vec2(backbone, (Wav2Vec2MethodOptions)options))
    {
        // Published: Adam 5e-4 (0.9, 0.98), eps 1e-6, decay 0.01, 32 of 400 thousand steps of warm-up, then a line to 0.
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.Wav2Vec2,
            LongRun = new LongRun(10_000, "method.mask.length"),
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 5e-4, WeightDecay = 0.01, Beta2 = 0.98, Epsilon = 1e-6 },
            ReferenceBatch = 8,
            BatchSize = 8,
            Schedule = new ScheduleOptions { Name = "polynomial", Warmup = 0.08 },
        },
    };

    public override SoundPlan Sounds { get; } = new();

    public override double? ChanceLoss(int batchSize) => SampledContrast.Chance(options.NegativeCount);

    public override void BeforeStep(long step, long steps) => temperature = options.TemperatureAt(step, steps);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        var frames = new UtteranceFrames(backbone, batch);
        Tensor features = backbone.Encoder.Features(frames.Waves, frames.Samples);              // [N, T, C]
        (Tensor projected, Tensor normed) = backbone.Encoder.Project(features);                 // [N, T, D], [N, T, C]
        Tensor penalty = frames.Count > 0 ? Ops.Mean(Ops.Square(frames.Pack(features))) : Ops.Multiply(Ops.Sum(features), 0);

        RandomSequence random = Scope.NextRandom("mask", Path);
        int states = features.Shape[1];
        bool[] mask = options.Mask.Draw(frames.Lengths, states, ref random);
        int[] hidden = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i])];
        Tensor context = backbone.Encoder.Context(Frames.Replace(projected, mask, backbone.Encoder.MaskEmbedding), frames.Shown);
        diagnostics.Report("masked_share", hidden.Length / Math.Max(1.0, frames.Count));
        diagnostics.Report("feature_penalty", penalty.ToScalar());
        Tensor loss = Ops.Multiply(penalty, options.PenaltyWeight);
        return hidden.Length == 0 ? loss : Ops.Add(loss, Contrast(context, normed, hidden, batch.Speakers, diagnostics));
    }

    /// <summary>InfoNCE and diversity of the hidden frames.</summary>
    private Tensor Contrast(Tensor context, Tensor normed, int[] hidden, int[]? speakers, Diagnostics diagnostics)
    {
        int states = context.Shape[1], samples = 1 + options.NegativeCount;
        Tensor Pick(Tensor x) => Ops.Gather(x.Reshape(x.Shape[0] * states, x.Shape[2]), hidden);
        GumbelQuantized quantized = quantizer.Forward(dropout.Forward(Pick(normed)), temperature);
        Tensor q = Ops.L2Normalize(projectQuantized.Forward(quantized.Values));                 // [M, final]
        Tensor c = Ops.L2Normalize(projectContext.Forward(Pick(context)));                      // [M, final]

        RandomSequence random = Scope.NextRandom("negatives", Path);
        int[] groups = NegativeSampler.Groups(options.Negatives, Array.ConvertAll(hidden, i => i / states), speakers);
        int[] lists = NegativeSampler.Draw(groups, options.NegativeCount, ref random), asked = [.. NegativeSampler.Contrasted(lists, options.NegativeCount)];
        Tensor diversity = Ops.Multiply(quantized.Diversity, options.DiversityWeight);
        Report(quantized, diagnostics);
        diagnostics.Embedding(c);
        if (asked.Length == 0)
        {
            return diversity;
        }

        Tensor queries = Ops.Gather(c, asked), scores = Ops.SampledProducts(queries, q, lists, samples, asked);     // [M, 1 + S]
        bool[] same = SampledContrast.Same(lists, asked, samples, quantized.Codes, options.Groups);
        SampledContrast.Report(diagnostics, scores, queries, q, lists, asked, same);
        Tensor contrast = SampledContrast.InfoNce(scores, options.Temperature, same);
        diagnostics.Report("contrastive_loss", contrast.ToScalar());
        diagnostics.Report("identical_negatives", same.Count(s => s) / (double)(same.Length - asked.Length));
        return Ops.Add(contrast, diversity);
    }

    private void Report(GumbelQuantized quantized, Diagnostics diagnostics)
    {
        diagnostics.Report("temperature", temperature);
        diagnostics.Report("soft_perplexity", quantized.Perplexity.ToScalar());
        CodeReadings.Report(diagnostics, quantized.Likeliest, options.Groups, options.Entries);
    }
}
