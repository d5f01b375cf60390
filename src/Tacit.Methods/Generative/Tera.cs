using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>TERA: a recording's frames are altered along time, along frequency and in magnitude, and told as they were.</summary>
/// <remarks>Liu, Li and Lee 2021, arXiv:2007.06028, section III.</remarks>
public sealed class Tera : Method, IPredictsFrames
{
    private readonly FbankTransformerBackbone encoder;
    private readonly FrameAlteration alteration;
    private readonly SpectrumHead head;

    public Tera(Backbone backbone, TeraOptions options) : base(backbone)
    {
        encoder = SpeechEncoders.Transformer(backbone, "tera");
        alteration = new FrameAlteration(options.MaskRatio, options.Span, backbone.Options.Mels, options.Band, options.NoiseProbability, options.NoiseDeviation);
        head = Add("head", new SpectrumHead(backbone.Dim, backbone.Options.FrameWidth));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "tera",
            "generative",
            ["speech"],
            "Liu, Li and Lee: TERA: Self-Supervised Learning of Transformer Encoder Representation for Speech, arXiv:2007.06028",
            2021,
            "Alter frames along time, frequency and in magnitude, and tell them as they were"),
        new TeraOptions(),
        TeraOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Tera(backbone, (TeraOptions)options))
    {
        Setup = new MethodSetup
        {
            Architecture = BackboneFactory.FbankTransformer,
            Optimizer = new OptimizerOptions { Name = "adamw", Lr = 5e-4, WeightDecay = 0.01, ClipNorm = 5, ExcludeOneDimensional = true },
            ReferenceBatch = 64,
            BatchSize = 32,
            Schedule = new ScheduleOptions { Name = "polynomial", Warmup = 0.08 },
        },
    };

    public override SoundPlan Sounds { get; } = new(1);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor frames = batch.View(0);                                              // [N, T, F]
        int[] lengths = FrameRows.Lengths(batch);
        RandomSequence random = Scope.NextRandom("mask", Path);
        AlteredFrames altered = alteration.Draw(frames, lengths, ref random);       // the same, altered
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
