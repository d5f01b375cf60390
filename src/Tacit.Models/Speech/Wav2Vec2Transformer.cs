using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Positions, norm and layers of a <see cref="Wav2Vec2Encoder"/>: projected frames [N, T, D] to [N, T, D].</summary>
internal sealed class Wav2Vec2Transformer : Module
{
    private readonly Wav2Vec2Options options;
    private readonly ConvPositions positions;
    private readonly LayerNorm norm;
    private readonly Dropout dropout;
    private readonly IReadOnlyList<Wav2Vec2Layer> layers;

    public Wav2Vec2Transformer(Wav2Vec2Options options)
    {
        this.options = options;
        positions = Add("pos_conv_embed", new ConvPositions(options));
        norm = Add("layer_norm", new LayerNorm(options.Dim));
        dropout = Add("dropout", new Dropout(options.Dropout));
        layers = Add("layers", new Stack(options)).Layers;
    }

    public Tensor Forward(Tensor x, int[]? lengths, List<Tensor>? hidden, List<Tensor>? branches, int depth, (int[] Rows, int[] Counts)? kept = null)
    {
        lengths = options.PublishedPadding && options.FrontNorm == FrontNorm.Group ? null : lengths;
        x = Frames.Mask(x, lengths);
        x = Ops.Add(x, positions.Forward(x, lengths));
        if (kept is var (rows, counts))
        {
            x = Ops.UnpackFrames(Ops.Gather(x.Reshape(x.Shape[0] * x.Shape[1], x.Shape[2]), rows), counts, counts.Max());
            lengths = counts;
        }

        x = dropout.Forward(options.PreNorm ? x : norm.Forward(x));
        hidden?.Add(x);
        Tensor? bias = layers[0].Bias(x.Shape[1]);
        for (int i = 0; i < depth; i++)
        {
            if (!Skipped())
            {
                (Tensor input, Wav2Vec2Layer layer) = (x, layers[i]);
                x = branches is null ? Scope.Part(() => layer.Forward(input, lengths, bias, null)) : layer.Forward(input, lengths, bias, branches);
            }

            x = options.PreNorm && i == layers.Count - 1 ? norm.Forward(x) : x;
            hidden?.Add(x);
        }

        return x;
    }

    /// <summary>Layer drop (Fan et al. 2019, arXiv:1909.11556): one draw for a layer and a batch, keyed as every dropout's.</summary>
    private bool Skipped() => Training && options.LayerDrop > 0 && Scope.NextRandom("layer-drop", Path).NextUniform() < options.LayerDrop;

    private sealed class Stack : Module
    {
        public Stack(Wav2Vec2Options options) => Layers = [.. Enumerable.Range(0, options.Layers)
            .Select(i => Add(i.ToString(CultureInfo.InvariantCulture), new Wav2Vec2Layer(options, i)))];

        public IReadOnlyList<Wav2Vec2Layer> Layers { get; }
    }
}
