using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// A Conformer over FBANK frames, four of which become one state through two convolutions, as a backbone: <c>encoder</c>, the
/// states before the first layer, then <c>block1</c> …
/// </summary>
/// <remarks>Gulati et al. 2020, arXiv:2005.08100, section 2; BEST-RQ's encoder (Chiu et al. 2022, arXiv:2202.01855).</remarks>
public sealed class ConformerBackbone : SequenceBackbone
{
    private const int Reach = 3, Halvings = 2;

    private readonly Linear projection;

    /// <exception cref="TacitException">Sizes that cannot be.</exception>
    public ConformerBackbone(BackboneOptions options)
    {
        Options = options;
        Front = Add("subsampling", new Subsampling(options.ConvDim));
        int bins = Front.After(options.FrameWidth);
        if (bins < 1)
        {
            throw new TacitException($"A Conformer's front cannot halve frames of {options.FrameWidth} numbers twice; give at least 7 mel bins.");
        }

        projection = Add("projection", new Linear(bins * options.ConvDim, options.Dim));
        Encoder = Wrap(new Conformer(new ConformerOptions(options.Dim, options.Heads, (int)Math.Round(options.Dim * options.MlpRatio), options.Depth, options.Kernel)
        {
            Dropout = options.Dropout,
            BatchNorm = options.FrontNorm != "layer",
        }));
        Layers = ["encoder", .. Enumerable.Range(1, options.Depth).Select(i => "block" + i.ToString(CultureInfo.InvariantCulture))];
    }

    public override BackboneOptions Options { get; }

    public Conformer Encoder { get; }

    public override IReadOnlyList<string> Layers { get; }

    public override int Stride => 1 << Halvings;

    private Subsampling Front { get; }

    public override int States(int length) => Front.After(length);

    /// <summary>Frames [N, T, F] to states before the first layer [N, T', D]: no state sees padding, since none is made of a frame behind the end.</summary>
    public Tensor Subsample(Tensor x)
    {
        Tensor y = Front.Forward(x.Reshape(x.Shape[0], x.Shape[1], x.Shape[2], 1));
        return projection.Forward(y.Reshape(y.Shape[0], y.Shape[1], y.Shape[2] * y.Shape[3]));
    }

    protected override int WidthAt(int layer) => Options.Dim;

    protected override IReadOnlyList<Tensor> States(Tensor x, int[]? lengths, int[] layers)
    {
        // Shorter than one state: zeros behind it.
        int least = ((((1 - 1) * 2) + Reach - 1) * 2) + Reach;
        x = x.Shape[1] < least ? Ops.Pad(x, 1, 0, least - x.Shape[1]) : x;
        Tensor states = Subsample(x);
        Tensor[] hidden = Encoder.Hidden(states, lengths is null ? null : StateLengths(x, lengths));
        return [.. layers.Select(layer => hidden[layer])];
    }

    /// <summary>Two 3×3 convolutions of stride 2 without padding, ReLU after each.</summary>
    private sealed class Subsampling : Layer
    {
        private readonly Conv2d first, second;

        public Subsampling(int channels)
        {
            first = Add("0", new Conv2d(1, channels, Reach, 2));
            second = Add("2", new Conv2d(channels, channels, Reach, 2));
        }

        public int After(int length) => Frames.After(Frames.After(length, Reach, 2), Reach, 2);

        public override Tensor Forward(Tensor x) => Ops.Relu(second.Forward(Ops.Relu(first.Forward(x))));
    }
}
