using System.Globalization;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Mockingjay's and TERA's transformer over FBANK frames as a backbone: <c>input</c>, the frames with their positions, then <c>block1</c> …</summary>
public sealed class FbankTransformerBackbone : SequenceBackbone
{
    /// <exception cref="TacitException">The width is no multiple of the heads.</exception>
    public FbankTransformerBackbone(BackboneOptions options)
    {
        Options = options;
        Encoder = Wrap(new FbankTransformer(options.FrameWidth, options.Depth, options.Dim, options.Heads, (int)Math.Round(options.Dim * options.MlpRatio), options.Dropout));
        Layers = ["input", .. Enumerable.Range(1, options.Depth).Select(i => "block" + i.ToString(CultureInfo.InvariantCulture))];
    }

    public override BackboneOptions Options { get; }

    public FbankTransformer Encoder { get; }

    public override IReadOnlyList<string> Layers { get; }

    public override int Stride => 1;

    public override int States(int length) => length;

    protected override int WidthAt(int layer) => Options.Dim;

    protected override IReadOnlyList<Tensor> States(Tensor x, int[]? lengths, int[] layers)
    {
        Tensor[] hidden = Encoder.Hidden(x, lengths);
        return [.. layers.Select(layer => hidden[layer])];
    }
}
