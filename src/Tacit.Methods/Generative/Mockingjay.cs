using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Mockingjay: a transformer sees a recording's frames, spans of them hidden, from both sides, and tells them.</summary>
/// <remarks>Liu et al. 2020, arXiv:1910.12638. Frames are 80 mel bins with their first and second differences.</remarks>
public sealed class Mockingjay : Method, IPredictsFrames
{
    private readonly FbankTransformerBackbone encoder;
    private readonly FrameAlteration alteration;
    private readonly SpectrumHead head;

    public Mockingjay(Backbone backbone, MockingjayOptions options) : base(backbone)
    {
        encoder = SpeechEncoders.Transformer(backbone, "mockingjay");
        alteration = new FrameAlteration(options.MaskRatio, options.Span, backbone.Options.Mels);
        head = Add("head", new SpectrumHead(backbone.Dim, backbone.Options.FrameWidth));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "mockingjay",
            "generative",
            ["speech"],
            "Liu, Yang, Chi, Hsu and Lee: Mockingjay: Unsupervised Speech Representation Learning with Deep Bidirectional Transformer Encoders, arXiv:1910.12638",
            2020,
            "Hide spans of a recording's frames and tell them from both sides"),
        new MockingjayOptions(),
        MockingjayOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Mockingjay(backbone, (MockingjayOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.FbankTransformer,
            Model = options => options with { Deltas = 2 },
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = 2e-4, WeightDecay = 0.01, ClipNorm = 5, ExcludeOneDimensional = true },
            ReferenceBatch = 32,
            BatchSize = 32,
            Schedule = new ScheduleOptions { Name = "polynomial", Warmup = 0.07 },
        },
    };

    public override SoundPlan Sounds { get; } = new(1);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor frames = batch.View(0);                                              // [N, T, F]
        int[] lengths = FrameRows.Lengths(batch);
        RandomSequence random = Scope.NextRandom("mask", Path);
        AlteredFrames altered = alteration.Draw(frames, lengths, ref random);       // the same, some frames hidden
        Tensor told = head.Forward(encoder.Encoder.Hidden(altered.Input, lengths)[^1]);
        return Reconstruction.Loss(told, frames, altered, lengths, diagnostics);
    }

    public IReadOnlyList<FrameColumn> Predict(Tensor frames, int[] lengths)
    {
        RandomSequence random = Scope.NextRandom("mask", Path);
        AlteredFrames altered = alteration.Draw(frames, lengths, ref random);
        Tensor told = head.Forward(encoder.Encoder.Hidden(altered.Input, lengths)[^1]);
        return [new("frames", frames), new("what it heard", altered.Input), new("what it told", told)];
    }
}
