using System.Globalization;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>wav2vec's encoder as a backbone: <c>encoder</c>, the frames of the convolutions, then <c>layer1</c> … of the causal aggregator.</summary>
public sealed class Wav2VecBackbone : SequenceBackbone
{
    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    public Wav2VecBackbone(BackboneOptions options)
    {
        Options = options;
        Encoder = Wrap(new Wav2VecEncoder(ToEncoder(options)));
        Layers = ["encoder", .. Enumerable.Range(1, options.Depth).Select(i => "layer" + i.ToString(CultureInfo.InvariantCulture))];
    }

    public override BackboneOptions Options { get; }

    public Wav2VecEncoder Encoder { get; }

    public override IReadOnlyList<string> Layers { get; }

    public override int Stride => Encoder.Stride;

    public override int States(int length) => Encoder.FrameLengths([length])[0];

    /// <summary>The encoder's own options: as many causal convolutions as the depth says, of 2 frames, 3 frames ….</summary>
    public static Wav2VecOptions ToEncoder(BackboneOptions options) => Wav2VecOptions.Base with
    {
        Dim = options.Dim,
        ContextKernels = [.. Enumerable.Range(2, options.Depth)],
        PublishedPadding = options.PublishedPadding,
    };

    protected override int WidthAt(int layer) => Options.Dim;

    protected override IReadOnlyList<Tensor> States(Tensor x, int[]? lengths, int[] layers)
    {
        Tensor frames = Encoder.Features(x, lengths);
        List<Tensor> hidden = [frames];
        Encoder.Context(frames, lengths is null ? null : StateLengths(x, lengths), hidden, layers.Max());
        return [.. layers.Select(layer => hidden[layer])];
    }
}
