using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// AudioNTT over log-mel pictures as a backbone: its convolutions <c>conv1</c> … <c>conv3</c> and <c>frames</c>, whose largest and mean
/// values over time describe a clip.
/// </summary>
/// <remarks>Its convolutions see padding: clips of different lengths do not share a batch.</remarks>
public sealed class AudioNttBackbone : Backbone
{
    /// <exception cref="TacitException">The mel bins cannot be halved three times.</exception>
    public AudioNttBackbone(BackboneOptions options)
    {
        Options = options;
        Encoder = Wrap(new AudioNtt(options.Dim, options.Mels, options.Dropout));
    }

    public override BackboneOptions Options { get; }

    public AudioNtt Encoder { get; }

    public override IReadOnlyList<string> Layers { get; } = ["conv1", "conv2", "conv3", "frames"];

    protected override int WidthAt(int layer) => layer == 3 ? Options.Dim : Encoder.DepthWidth(layer + 1);

    protected override Tensor[] Features(Tensor x, int[]? lengths, int[] layers)
    {
        // A clip shorter than one frame of the result is padded to one.
        Tensor clip = x.Shape[1] < AudioNtt.Stride ? Ops.Pad(x, 1, 0, AudioNtt.Stride - x.Shape[1]) : x;
        IReadOnlyList<Tensor> depths = Encoder.Depths(clip, layers.Max() + 1);
        return [.. layers.Select(layer => AudioNtt.Pool(depths[layer]))];
    }
}
