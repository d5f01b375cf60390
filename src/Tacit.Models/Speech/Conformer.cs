using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>How a Conformer is built.</summary>
/// <param name="Dim">D, a multiple of the heads.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="FeedForward">Hidden width of the half-step branches.</param>
/// <param name="Layers">How many.</param>
/// <param name="Kernel">Frames that the depthwise convolution sees, odd.</param>
public sealed record ConformerOptions(int Dim, int Heads, int FeedForward, int Layers, int Kernel = 31)
{
    /// <summary>Probability of dropping in all branches, in training.</summary>
    public float Dropout { get; init; }

    /// <summary>Whether attention adds scores of distances (as the paper does) or knows no places (as torchaudio).</summary>
    public bool RelativePositions { get; init; } = true;

    /// <summary>The convolution branch's norm: batch norm over the real frames (the paper), or layer norm, which no other item influences.</summary>
    public bool BatchNorm { get; init; } = true;

    /// <summary>Whether the convolution branch comes before attention.</summary>
    public bool ConvolutionFirst { get; init; }
}

/// <summary>One layer: half a feed-forward step, attention, convolution, half a feed-forward step, norm.</summary>
/// <remarks>
/// Gulati et al. 2020, arXiv:2005.08100, section 2.4; names as torchaudio's ConformerLayer (<c>ffn1</c>, <c>self_attn_layer_norm</c>,
/// <c>self_attn</c>, <c>conv_module</c>, <c>ffn2</c>, <c>final_layer_norm</c>).
/// </remarks>
internal sealed class ConformerLayer : Module
{
    private readonly ConformerFeedForward first, second;
    private readonly LayerNorm attentionNorm, final;
    private readonly MultiHeadAttention? plain;
    private readonly RelativeAttention? relative;
    private readonly Dropout dropout;
    private readonly ConformerConvolution convolution;
    private readonly bool convolutionFirst;

    public ConformerLayer(ConformerOptions options)
    {
        convolutionFirst = options.ConvolutionFirst;
        first = Add("ffn1", new ConformerFeedForward(options.Dim, options.FeedForward, options.Dropout));
        attentionNorm = Add("self_attn_layer_norm", new LayerNorm(options.Dim));
        if (options.RelativePositions)
        {
            relative = Add("self_attn", new RelativeAttention(options.Dim, options.Heads, options.Dropout));
        }
        else
        {
            plain = Add("self_attn", new MultiHeadAttention(options.Dim, options.Heads, dropout: options.Dropout));
        }

        dropout = Add("self_attn_dropout", new Dropout(options.Dropout));
        convolution = Add("conv_module", new ConformerConvolution(options.Dim, options.Kernel, options.Dropout, options.BatchNorm));
        second = Add("ffn2", new ConformerFeedForward(options.Dim, options.FeedForward, options.Dropout));
        final = Add("final_layer_norm", new LayerNorm(options.Dim));
    }

    /// <summary>Real frames [M, D] to [M, D].</summary>
    public Tensor Forward(Tensor x, ValidFrames frames)
    {
        x = Ops.Add(x, Ops.Multiply(first.Forward(x), 0.5f));
        x = convolutionFirst ? Ops.Add(x, convolution.Forward(x, frames)) : x;
        x = Ops.Add(x, Attend(x, frames));
        x = convolutionFirst ? x : Ops.Add(x, convolution.Forward(x, frames));
        x = Ops.Add(x, Ops.Multiply(second.Forward(x), 0.5f));
        return final.Forward(x);
    }

    private Tensor Attend(Tensor x, ValidFrames frames)
    {
        Tensor places = frames.Unpack(attentionNorm.Forward(x));
        Tensor attended = relative?.Forward(places, frames.Lengths) ?? plain!.Forward(places, new AttentionOptions { Lengths = frames.Lengths });
        return dropout.Forward(frames.Pack(attended));
    }
}

/// <summary>A stack of Conformer layers, [N, T, D] to [N, T, D]: attention for what is far, convolution for what is near.</summary>
/// <remarks>
/// Gulati et al. 2020, arXiv:2005.08100; names as torchaudio.models.Conformer (<c>conformer_layers.0.…</c>). Padding takes part in
/// nothing: not in attention, in convolution or in statistics; there the result is 0.
/// </remarks>
public sealed class Conformer : Layer
{
    private readonly ConformerLayer[] layers;

    /// <exception cref="TacitException">The width is no multiple of the heads, or the kernel is even.</exception>
    public Conformer(ConformerOptions options)
    {
        if (options.Heads < 1 || options.Dim % options.Heads != 0)
        {
            throw new TacitException($"A Conformer of width {options.Dim} cannot have {options.Heads} heads: the width must be a multiple of the heads.");
        }

        if (options.Kernel < 1 || options.Kernel % 2 == 0)
        {
            throw new TacitException($"A Conformer's convolution sees as many frames before as after: its kernel must be odd, not {options.Kernel}.");
        }

        Parts parts = Add("conformer_layers", new Parts());
        layers = [.. Enumerable.Range(0, options.Layers).Select(i => parts.Put(i.ToString(CultureInfo.InvariantCulture), new ConformerLayer(options)))];
    }

    public override Tensor Forward(Tensor x) => Forward(x, null);

    /// <param name="x">[N, T, D]</param>
    /// <param name="lengths">Real frames of each item, at least 1; null: all T.</param>
    public Tensor Forward(Tensor x, int[]? lengths) => Hidden(x, lengths)[^1];

    /// <summary>The input, and the result of every layer: Layers + 1 tensors [N, T, D], 0 in padding.</summary>
    public Tensor[] Hidden(Tensor x, int[]? lengths)
    {
        var frames = new ValidFrames(x, lengths);
        Tensor packed = frames.Pack(x);
        var hidden = new Tensor[layers.Length + 1];
        hidden[0] = frames.Unpack(packed);
        for (int i = 0; i < layers.Length; i++)
        {
            packed = layers[i].Forward(packed, frames);
            hidden[i + 1] = frames.Unpack(packed);
        }

        return hidden;
    }
}
