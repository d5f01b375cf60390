using System.Globalization;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>DeCoAR: a slice of a recording is told from what a forward network heard before it and a backward network after it.</summary>
/// <remarks>Ling, Liu, Salazar and Kirchhoff 2020, arXiv:1912.01679, section 2. The loss is the paper's sum over its number of terms.</remarks>
public sealed class Decoar : Method
{
    private readonly DecoarOptions options;
    private readonly DecoarBackbone encoder;
    private readonly Mlp[] heads;

    public Decoar(Backbone backbone, DecoarOptions options) : base(backbone)
    {
        this.options = options;
        encoder = SpeechEncoders.TwoStacks(backbone, "decoar");
        MlpBlock[] blocks = Heads.Blocks([options.Hidden ?? Math.Max(1, backbone.Dim / 4), backbone.Options.FrameWidth], Norm.None, Norm.None);
        heads = [.. Enumerable.Range(0, options.Slice + 1).Select(i => Add("head" + i.ToString(CultureInfo.InvariantCulture), new Mlp(backbone.Dim, blocks)))];
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "decoar",
            "generative",
            ["speech"],
            "Ling, Liu, Salazar and Kirchhoff: Deep Contextualized Acoustic Representations for Semi-Supervised Speech Recognition, arXiv:1912.01679",
            2020,
            "Tell a slice of frames from a forward network before it and a backward one after it"),
        new DecoarOptions(),
        DecoarOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Decoar(backbone, (DecoarOptions)options))
    {
        Setup = FrameAhead.Setup with { Architecture = BackboneFactory.Decoar },
    };

    public override SoundPlan Sounds { get; } = new(1);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor frames = batch.View(0);                                                          // [N, T, F]
        int[] lengths = FrameRows.Lengths(batch);
        (Tensor forward, Tensor backward) = encoder.Encoder.Directions(frames, lengths);        // [N, T, H] each
        int[] starts = FrameRows.Followed(lengths, frames.Shape[1], options.Slice);
        if (starts.Length == 0)
        {
            return FrameRows.NothingToTell(Ops.Concat(2, forward, backward));
        }

        Tensor context = Ops.Concat(1, FrameRows.Pick(forward, starts), FrameRows.Pick(backward, starts, options.Slice));      // [M, 2H]
        Tensor[] errors = [.. heads.Select((head, i) => FrameErrors.MeanAbsolute(head.Forward(context), FrameRows.Pick(frames, starts, i)))];
        Report(errors, diagnostics);
        return Ops.Multiply(errors.Aggregate(Ops.Add), 1f / errors.Length);
    }

    /// <summary>The first and the last frame of a slice were heard by one of the networks, those between by none.</summary>
    private static void Report(Tensor[] errors, Diagnostics diagnostics)
    {
        diagnostics.Report("masked_error", errors[1..^1].Average(error => error.ToScalar()));
        diagnostics.Report("visible_error", (errors[0].ToScalar() + errors[^1].ToScalar()) / 2);
    }
}
