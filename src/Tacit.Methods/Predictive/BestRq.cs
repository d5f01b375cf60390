using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>BEST-RQ: hide spans of FBANK frames behind noise and tell their codes, which a quantiser of random numbers gives.</summary>
/// <remarks>
/// Chiu et al. 2022, arXiv:2202.01855. A state of the encoder stands for four frames, whose code is told. Each utterance has spans of
/// its own.
/// </remarks>
public sealed class BestRq : Method
{
    private readonly BestRqOptions options;
    private readonly ConformerBackbone encoder;
    private readonly RandomProjection quantizer;
    private readonly Linear head;

    public BestRq(Backbone backbone, BestRqOptions options) : base(backbone)
    {
        this.options = options;
        encoder = SpeechEncoders.Conformer(backbone, "best-rq");
        quantizer = Add("quantizer", new RandomProjection(encoder.Stride * backbone.Options.FrameWidth, options.CodeDim, options.Codes));
        head = Add("head", new Linear(backbone.Dim, options.Codes));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "best-rq",
            "predictive",
            ["speech"],
            "Chiu, Qin, Zhang, Yu and Wu: Self-Supervised Learning with Random-Projection Quantizer for Speech Recognition, arXiv:2202.01855",
            2022,
            "Tell the codes that random numbers give to hidden frames"),
        new BestRqOptions(),
        BestRqOptions.Table.As<MethodOptions>(),
        (backbone, options) => new BestRq(backbone, (BestRqOptions)options))
    {
        // speechbrain's recipe: AdamW 8e-4 (0.9, 0.98), eps 1e-9, decay 0.01, 25 of 300 thousand steps of warm-up, norm at most 10.
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.Conformer,
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = 8e-4, Beta2 = 0.98, Epsilon = 1e-9, WeightDecay = 0.01, ClipNorm = 10 },
            ReferenceBatch = 16,
            BatchSize = 16,
            Schedule = new ScheduleOptions { Name = "noam", Warmup = 0.08 },
        },
    };

    public override SoundPlan Sounds { get; } = new();

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        var states = new UtteranceFrames(encoder, batch);
        Tensor frames = states.Waves;                                                   // [N, T, F]
        int longest = encoder.States(frames.Shape[1]);
        if (states.Count == 0)
        {
            return NothingToTell();
        }

        RandomSequence random = Scope.NextRandom("mask", Path);
        bool[] hidden = options.Mask.Draw(states.Lengths, longest, ref random);
        int[] rows = [.. Enumerable.Range(0, hidden.Length).Where(i => hidden[i])];
        if (rows.Length == 0)
        {
            return NothingToTell();
        }

        int[] codes = Codes(frames, rows, longest);
        Tensor context = encoder.Encoder.Forward(encoder.Subsample(Noisy(frames, rows, longest)), states.Shown);    // [N, T', D]
        Tensor logits = head.Forward(Ops.Gather(context.Reshape(hidden.Length, context.Shape[2]), rows));           // [hidden, V]
        diagnostics.Report("masked_accuracy", ClassReport.Accuracy(logits, codes));
        diagnostics.Report("code_perplexity", CodePerplexity.Of(codes, 1, options.Codes));
        diagnostics.Report("masked_share", rows.Length / (double)states.Count);
        diagnostics.Embedding(Ops.Gather(context.Reshape(hidden.Length, context.Shape[2]), rows));
        return Ops.CrossEntropy(logits, codes);
    }

    public override double? ChanceLoss(int batchSize) => Math.Log(options.Codes);

    /// <summary>The codes of the frames under some states; four frames are a row.</summary>
    /// <param name="frames">[N, T, F], as they are.</param>
    /// <param name="rows">States' numbers among [N · T'].</param>
    /// <param name="states">T'</param>
    internal int[] Codes(Tensor frames, int[] rows, int states)
    {
        using Scope scope = Scope.NoGradient();
        int width = frames.Shape[2] * encoder.Stride;
        Tensor stacks = Tensor.Empty(new Shape(rows.Length, width));
        for (int i = 0; i < rows.Length; i++)
        {
            frames.Span.Slice(Start(rows[i], frames.Shape, states), width).CopyTo(stacks.Span.Slice(i * width, width));
        }

        return quantizer.Codes(stacks);
    }

    /// <summary>The frames with noise in place of those under some states.</summary>
    private Tensor Noisy(Tensor frames, int[] rows, int states)
    {
        Tensor noisy = Tensor.Empty(frames.Shape);
        frames.Span.CopyTo(noisy.Span);
        int width = frames.Shape[2] * encoder.Stride;
        var noise = new float[rows.Length * width];
        Scope open = Scope.Current!;
        Philox.FillNormal(noise, open.Seed, Scope.NextStream("noise", Path), open.Step);
        for (int i = 0; i < noise.Length; i++)
        {
            noisy.Span[Start(rows[i / width], frames.Shape, states) + (i % width)] = options.Noise * noise[i];
        }

        return noisy;
    }

    private int Start(int row, Shape frames, int states) => ((row / states * frames[1]) + (row % states * encoder.Stride)) * frames[2];

    /// <summary>Where no recording of a batch has two states; the weights stay.</summary>
    private Tensor NothingToTell() => Ops.Multiply(Ops.Sum(head.Forward(Tensor.Zeros(new Shape(1, head.Input)))), 0);
}
