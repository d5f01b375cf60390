using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Speech SimCLR: two views of the same seconds agree as wholes, and hidden frames of each are reconstructed.</summary>
/// <remarks>
/// Jiang et al. 2020, arXiv:2010.13991: L = ½ · L1 of the hidden frames + ½ · NT-Xent of the means over time. Views are changed as
/// waveforms; hidden frames are 0, the mean of normalised ones, and one pass serves both losses.
/// </remarks>
public sealed class SpeechSimClr : Method
{
    private readonly SpeechSimClrOptions options;
    private readonly SequenceBackbone encoder;
    private readonly Mlp projector;
    private readonly Linear reconstruction;

    public SpeechSimClr(Backbone backbone, SpeechSimClrOptions options) : base(backbone)
    {
        this.options = options;
        encoder = backbone is SequenceBackbone { Stride: 1 } frames && BackboneFactory.SoundKind(backbone.Options.Name) == "frames"
            ? frames
            : throw new ConfigurationException($"model.name: speech-simclr reconstructs frames, and {backbone.Options.Name} has no state for each; choose fbank-transformer or gru.");
        projector = Add("projector", new Mlp(backbone.Dim, Heads.Blocks(options.Projector, Norm.None, Norm.None)));
        reconstruction = Add("reconstruction", new Linear(backbone.Dim, backbone.Options.FrameWidth));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "speech-simclr",
            "contrastive",
            ["speech"],
            "Jiang, Li, Cao, Zhang, Zou and Li: Speech SimCLR: Combining Contrastive and Reconstruction Objective for Self-supervised Speech Representation Learning, arXiv:2010.13991",
            2020,
            "Agree on two changed views of an utterance, and reconstruct their hidden frames"),
        new SpeechSimClrOptions(),
        SpeechSimClrOptions.Table.As<MethodOptions>(),
        (backbone, options) => new SpeechSimClr(backbone, (SpeechSimClrOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.FbankTransformer,
            Model = options => options with { Mels = 40 },
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = 5e-4, WeightDecay = 0.01 },
            Schedule = new ScheduleOptions { Warmup = 0.1 },
            ReferenceBatch = 32,
            BatchSize = 32,
            CropSeconds = 2,
            Sound = new SoundAugmentationOptions
            {
                NoiseProbability = 0.5f, ReverbProbability = 0.3f, PitchProbability = 0.3f, BandDropProbability = 0.3f, SpeedProbability = 0.3f, GainDecibels = 6,
            },
        },
    };

    public override SoundPlan Sounds { get; } = new(2);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor x = batch.Views;                                                                         // [2N, T, F]
        int[] lengths = batch.Lengths ?? [.. Enumerable.Repeat(x.Shape[1], x.Shape[0])];
        RandomSequence random = Scope.NextRandom("mask", Path);
        int[] hidden = HiddenFrames(lengths, x.Shape[1], options.MaskRatio, options.MaskSpan, ref random);

        Tensor states = encoder.Hidden(Hide(x, hidden), lengths, [Backbone.Last])[0];                   // [2N, T, D]
        Tensor guesses = reconstruction.Forward(Ops.Gather(states.Reshape(-1, Backbone.Dim), hidden));
        Tensor truth = Ops.Gather(x.Detach().Reshape(-1, x.Shape[2]), hidden);
        Tensor error = Ops.Mean(Ops.Abs(Ops.Subtract(guesses, truth)));

        Tensor z = projector.Forward(Ops.MeanOverTime(states, lengths));                                // [2N, P], pairs (i, i + N)
        Tensor contrast = NtXent.Loss(z, options.Temperature, out NtXentStatistics found);
        diagnostics.Report(found);
        diagnostics.Report("reconstruction_loss", error.ToScalar());
        diagnostics.Report("contrastive_loss", contrast.ToScalar());
        diagnostics.Embedding(z);
        return Ops.Add(Ops.Multiply(error, 1 - options.ContrastiveWeight), Ops.Multiply(contrast, options.ContrastiveWeight));
    }

    /// <summary>
    /// Rows of [N · T, ..] that are hidden: in each item round(ratio · length / span) spans, at least one, from starts that differ and where
    /// a span fits; they may overlap. Never padding.
    /// </summary>
    internal static int[] HiddenFrames(int[] lengths, int frames, float ratio, int span, ref RandomSequence random)
    {
        var rows = new List<int>();
        for (int n = 0; n < lengths.Length; n++)
        {
            int length = lengths[n], width = Math.Min(span, length), starts = length - width + 1;
            int spans = Math.Min(starts, Math.Max(1, (int)Math.Round(ratio * length / width)));
            bool[] hide = new bool[length];
            int[] order = [.. Enumerable.Range(0, starts)];
            for (int s = 0; s < spans; s++)
            {
                int other = s + random.NextInt(starts - s);
                (order[s], order[other]) = (order[other], order[s]);
                hide.AsSpan(order[s], width).Fill(true);
            }

            rows.AddRange(Enumerable.Range(0, length).Where(t => hide[t]).Select(t => (n * frames) + t));
        }

        return [.. rows];
    }

    private static Tensor Hide(Tensor x, int[] rows)
    {
        Tensor shown = Tensor.From(x.Span, x.Shape);
        foreach (int row in rows)
        {
            shown.Span.Slice(row * x.Shape[2], x.Shape[2]).Clear();
        }

        return shown;
    }
}
