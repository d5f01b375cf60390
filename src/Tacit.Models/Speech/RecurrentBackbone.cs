using System.Globalization;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>APC's stack of forward GRUs over FBANK frames as a backbone: <c>layer1</c>, <c>layer2</c> …</summary>
public sealed class RecurrentBackbone : SequenceBackbone
{
    public RecurrentBackbone(BackboneOptions options)
    {
        Options = options;
        Encoder = Wrap(new RecurrentStack(options.FrameWidth, options.Dim, options.Depth, options.Dropout));
        Layers = [.. Enumerable.Range(1, options.Depth).Select(i => "layer" + i.ToString(CultureInfo.InvariantCulture))];
    }

    public override BackboneOptions Options { get; }

    public RecurrentStack Encoder { get; }

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
