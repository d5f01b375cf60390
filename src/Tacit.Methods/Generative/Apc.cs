using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>APC: a recurrent network hears a recording frame by frame and tells the frame that comes some steps later.</summary>
/// <remarks>Chung et al. 2019, arXiv:1904.03240, equation 1.</remarks>
public sealed class Apc : Method, IPredictsFrames
{
    private readonly ApcOptions options;
    private readonly RecurrentBackbone encoder;
    private readonly Linear head;

    public Apc(Backbone backbone, ApcOptions options) : base(backbone)
    {
        this.options = options;
        encoder = SpeechEncoders.Recurrent(backbone, "apc");
        head = Add("head", new Linear(backbone.Dim, backbone.Options.FrameWidth));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "apc",
            "generative",
            ["speech"],
            "Chung, Hsu, Tang and Glass: An Unsupervised Autoregressive Model for Speech Representation Learning, arXiv:1904.03240",
            2019,
            "Hear a recording frame by frame and tell the frame some steps later"),
        new ApcOptions(),
        ApcOptions.Table.As<MethodOptions>(),
        (backbone, options) => new Apc(backbone, (ApcOptions)options))
    {
        Setup = FrameAhead.Setup,
    };

    public override SoundPlan Sounds { get; } = new(1);

    public override Tensor Loss(Batch batch, Diagnostics diagnostics)
    {
        Tensor frames = batch.View(0);                                              // [N, T, F]
        int[] lengths = FrameRows.Lengths(batch);
        Tensor states = encoder.Encoder.Hidden(frames, lengths)[^1];                // [N, T, D]
        int[] now = FrameRows.Followed(lengths, frames.Shape[1], options.NFuture);
        return now.Length == 0
            ? FrameRows.NothingToTell(states)
            : FrameAhead.Loss(head.Forward(FrameRows.Pick(states, now)), frames, now, options.NFuture, diagnostics);
    }

    public IReadOnlyList<FrameColumn> Predict(Tensor frames, int[] lengths)
    {
        int[] now = FrameRows.Followed(lengths, frames.Shape[1], options.NFuture);
        Tensor states = encoder.Encoder.Hidden(frames, lengths)[^1];
        return FrameAhead.Columns(frames, now, options.NFuture, () => head.Forward(FrameRows.Pick(states, now)));
    }
}
