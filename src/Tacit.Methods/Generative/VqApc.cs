using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>VQ-APC: APC that tells the frame some steps later from one of a few codes, drawn by the state of each frame.</summary>
/// <remarks>Chung, Tang and Glass 2020, arXiv:2005.08392, section 2.2, with the code after the last layer.</remarks>
public sealed class VqApc : Method, IPredictsFrames
{
    private readonly VqApcOptions options;
    private readonly RecurrentBackbone encoder;
    private readonly VqLayer quantizer;
    private readonly Linear head;

    public VqApc(Backbone backbone, VqApcOptions options) : base(backbone)
    {
        this.options = options;
        encoder = SpeechEncoders.Recurrent(backbone, "vq-apc");
        quantizer = Add("vq_layer", new VqLayer(backbone.Dim, options.Codes, backbone.Dim, (float)options.Temperature));
        head = Add("head", new Linear(backbone.Dim, backbone.Options.FrameWidth));
    }

    public static MethodEntry Entry { get; } = new(
        new MethodInfo(
            "vq-apc",
            "generative",
            ["speech"],
            "Chung, Tang and Glass: Vector-Quantized Autoregressive Predictive Coding, arXiv:2005.08392",
            2020,
            "Tell the frame some steps later from one of a few codes"),
        new VqApcOptions(),
        VqApcOptions.Table.As<MethodOptions>(),
        (backbone, options) => new VqApc(backbone, (VqApcOptions)options))
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
        if (now.Length == 0)
        {
            return FrameRows.NothingToTell(states);
        }

        Tensor codes = quantizer.Forward(FrameRows.Pick(states, now), out Tensor choice);      // [M, D], [M, codes]
        int[] chosen = [.. Enumerable.Range(0, now.Length).Select(row => choice.Span.Slice(row * options.Codes, options.Codes).IndexOf(1))];
        CodeReadings.Report(diagnostics, chosen, 1, options.Codes);
        return FrameAhead.Loss(head.Forward(codes), frames, now, options.NFuture, diagnostics);
    }

    public IReadOnlyList<FrameColumn> Predict(Tensor frames, int[] lengths)
    {
        int[] now = FrameRows.Followed(lengths, frames.Shape[1], options.NFuture);
        Tensor states = encoder.Encoder.Hidden(frames, lengths)[^1];
        return FrameAhead.Columns(frames, now, options.NFuture, () => head.Forward(quantizer.Forward(FrameRows.Pick(states, now), out _)));
    }
}
