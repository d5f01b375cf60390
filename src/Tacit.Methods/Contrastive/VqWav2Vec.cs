using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// vq-wav2vec, then BERT over its tokens: first wav2vec's contrast between quantised frames makes a code book, then that stands
/// still and a transformer learns to tell hidden tokens from those around them.
/// </summary>
/// <remarks>
/// Baevski et al. 2019, arXiv:1910.05453, sections 3 and 4. A token g1-g2 is told by telling its codes: -log p is the sum over
/// groups. vq-wav2vec alone has 34,145,408 parameters in published sizes.
/// </remarks>
public sealed class VqWav2Vec : Method
{
    private readonly VqWav2VecOptions options;
    private readonly VqWav2VecBackbone encoder;
    private readonly StepPredictors predictors;
    private readonly TokenHead head;
    private float temperature;
    private double lrScale = 1;
    private bool warm, begins, tokens;

    public VqWav2Vec(Backbone backbone, VqWav2VecOptions options) : base(backbone)
    {
        this.options = options;
        encoder = backbone as VqWav2VecBackbone
            ?? throw new ConfigurationException($"model.name: vq-wav2vec trains its own encoder, {BackboneFactory.VqWav2Vec}, and not {backbone.Options.Name}.");
        predictors = Add("predictors", new StepPredictors(backbone.Options.Dim, backbone.Options.Dim, options.Steps, bias: true));
        head = Add("token_head", new TokenHead(backbone.Options.TokenDim, backbone.Options.Groups * backbone.Options.Entries));
        BeforeStep(0, 1);
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "vq-wav2vec",
            "contrastive",
            ["speech"],
            "Baevski, Schneider and Auli: vq-wav2vec: Self-Supervised Learning of Discrete Speech Representations, arXiv:1910.05453",
            2019,
            "wav2vec over quantised frames, then a BERT over their codes"),
        new VqWav2VecOptions(),
        VqWav2VecOptions.Table.As<MethodOptions>(),
        (backbone, options) => new VqWav2Vec(backbone, (VqWav2VecOptions)options))
    {
        // Published: 1e-5 for 400 thousand steps, then 5e-4 for 250 thousand; here short runs must leave chance, and the parts share one peak.
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.VqWav2Vec,
            Optimizer = new OptimizerOptions { Name = "adam", Lr = 2e-3, WeightDecay = 0 },
            ReferenceBatch = 8,
            BatchSize = 8,
            Schedule = new ScheduleOptions { Name = "tri-stage", Warmup = 0.05, Hold = 0.65, End = 0.05 },
        },
    };

    public override double LrScale => lrScale;

    public override SoundPlan Sounds { get; } = new();

    public override double? ChanceLoss(int batchSize) => tokens
        ? encoder.Options.Groups * Math.Log(encoder.Options.Entries)
        : SampledContrast.BinaryChance(options.NegativeCount);

    public override void BeforeStep(long step, long steps)
    {
        double first = options.QuantizerShare * steps;
        tokens = step >= first;
        lrScale = tokens ? options.TokenRateAt(step - first, steps - first) : 1;
        long quantised = (long)Math.Ceiling(options.WarmShare * first);
        (warm, begins) = (step < quantised, step == quantised && quantised > 0);
        temperature = options.TemperatureAt(step - quantised, first - quantised);
    }

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        var frames = new UtteranceFrames(encoder, batch);
        diagnostics.Report("token_stage", tokens ? 1 : 0);
        return tokens ? Tokens(frames, diagnostics) : Contrast(frames, batch.Speakers, diagnostics);
    }

    /// <summary>wav2vec's loss with quantised frames in place of frames, for contexts and for what they predict.</summary>
    private Tensor Contrast(UtteranceFrames frames, int[]? speakers, Diagnostics diagnostics)
    {
        Tensor z = encoder.Encoder.Features(frames.Waves, frames.Samples);                      // [N, T, D]
        if (frames.Count == 0)
        {
            return Ops.Multiply(Ops.Sum(z), 0);
        }

        if (begins)
        {
            encoder.Begin(z, frames.Lengths, Scope.Current!.Seed);
            begins = false;                 // once, also where a step has several batches
        }

        VqFrames? q = warm ? null : encoder.Quantize(z, frames.Lengths, temperature);
        Tensor values = q?.Values ?? encoder.Unquantised(z, frames.Lengths);                    // [N, T, D]
        Tensor c = encoder.Encoder.Context(values, frames.Shown);                               // [N, T, D]
        Tensor loss = Tensor.Scalar(0);
        if (q is not null)
        {
            diagnostics.Report("temperature", temperature);
            CodeReadings.Report(diagnostics, q.Codes, encoder.Options.Groups, encoder.Options.Entries);
            loss = Ops.Multiply(q.Loss, encoder.Options.Quantizer == "gumbel" ? options.DiversityWeight : options.CommitmentWeight);
        }

        diagnostics.Embedding(frames.Pack(c));
        var future = new FutureContrast(Wav2Vec.Ahead(encoder.Encoder), options.Steps, options.NegativeCount, options.Negatives);
        Tensor? scores = future.Scores(predictors.Forward(frames.Pack(c)), frames.Pack(values), frames, speakers, 1, Path, diagnostics);
        return scores is null ? loss : Ops.Add(SampledContrast.Binary(scores), loss);
    }

    /// <summary>BERT's loss: the codes of hidden tokens. What makes the tokens stands still.</summary>
    private Tensor Tokens(UtteranceFrames frames, Diagnostics diagnostics)
    {
        int states;
        int[] codes;
        using (Scope.NoGradient())
        {
            Tensor z = encoder.Encoder.Features(frames.Waves, frames.Samples);
            (states, codes) = (z.Shape[1], encoder.Codes(z, frames.Lengths));
        }

        RandomSequence random = Scope.NextRandom("mask", Path);
        bool[] padded = options.Mask.Draw(frames.Lengths, states, ref random);
        bool[] hidden = [.. Enumerable.Range(0, frames.Count).Select(r => padded[(frames.Utterances[r] * states) + frames.Indices[r]])];
        int groups = encoder.Options.Groups, entries = encoder.Options.Entries;
        int[] asked = [.. Enumerable.Range(0, hidden.Length).Where(r => hidden[r])], shown = [.. codes];
        foreach (int r in asked)
        {
            // 80 % the mask, 10 % another token, 10 % itself.
            float draw = random.NextUniform();
            hidden[r] = draw < 0.8f;
            for (int g = 0; g < groups && draw is >= 0.8f and < 0.9f; g++)
            {
                shown[(r * groups) + g] = random.NextInt(entries);
            }
        }

        Tensor context = frames.Pack(encoder.Tokens.Forward(shown, frames.Lengths, frames.Shown, states, hidden));       // [R, D]
        CodeReadings.Report(diagnostics, codes, groups, entries);
        diagnostics.Report("masked_share", asked.Length / Math.Max(1.0, frames.Count));
        if (asked.Length == 0)
        {
            return Ops.Multiply(Ops.Sum(context), 0);
        }

        diagnostics.Embedding(context);
        Tensor logits = head.Forward(Ops.Gather(context, asked)).Reshape(asked.Length * groups, entries);
        int[] targets = [.. asked.SelectMany(r => codes.AsSpan(r * groups, groups).ToArray())];
        if (diagnostics.Detailed)
        {
            diagnostics.Report("token_accuracy", TokenAccuracy(logits, targets, groups));
        }

        return Ops.Multiply(Ops.CrossEntropy(logits, targets), groups);
    }

    /// <summary>The share of tokens all of whose codes are the likeliest.</summary>
    private static double TokenAccuracy(Tensor logits, int[] targets, int groups)
    {
        int entries = logits.Shape[1];
        int[] found = [.. Enumerable.Range(0, targets.Length).Select(i =>
            System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(logits.Span.Slice(i * entries, entries)) == targets[i] ? 1 : 0)];
        return found.Chunk(groups).Count(token => token.All(f => f == 1)) / (double)(targets.Length / groups);
    }

    /// <summary>RoBERTa's: linear, GELU, norm, linear.</summary>
    private sealed class TokenHead : Layer
    {
        private readonly Linear dense, output;
        private readonly LayerNorm norm;

        public TokenHead(int dim, int codes)
        {
            dense = Add("dense", new Linear(dim, dim));
            norm = Add("layer_norm", new LayerNorm(dim));
            output = Add("decoder", new Linear(dim, codes));
        }

        public override Tensor Forward(Tensor x) => output.Forward(norm.Forward(Ops.Gelu(dense.Forward(x))));
    }
}
