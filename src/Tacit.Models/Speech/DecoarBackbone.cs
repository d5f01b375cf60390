using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>DeCoAR's encoder over FBANK frames as a backbone: <c>forward</c> and <c>backward</c> states, and both as <c>context</c>.</summary>
public sealed class DecoarBackbone : SequenceBackbone
{
    public DecoarBackbone(BackboneOptions options)
    {
        Options = options;
        Encoder = Wrap(new DecoarEncoder(options.FrameWidth, options.Dim, options.Depth, options.Dropout));
    }

    public override BackboneOptions Options { get; }

    public DecoarEncoder Encoder { get; }

    public override IReadOnlyList<string> Layers { get; } = ["forward", "backward", "context"];

    public override int Stride => 1;

    public override int States(int length) => length;

    protected override int WidthAt(int layer) => layer == 2 ? 2 * Options.Dim : Options.Dim;

    protected override IReadOnlyList<Tensor> States(Tensor x, int[]? lengths, int[] layers)
    {
        (Tensor forward, Tensor backward) = Encoder.Directions(x, lengths);
        return [.. layers.Select(layer => layer switch { 0 => forward, 1 => backward, _ => Ops.Concat(2, forward, backward) })];
    }
}
