using System.Globalization;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>A BERT over frames of features: [N, T, F] to the hidden states [N, T, D] of every layer.</summary>
/// <remarks>
/// Liu et al. 2020 (Mockingjay), arXiv:1910.12638, and 2021 (TERA), arXiv:2007.06028: a linear layer, sinusoid positions, a layer
/// norm, then post-norm transformer layers with exact GELU; norms with eps 1e-12; matrices begin N(0, 0.02), wider in narrow networks (<see cref="NarrowInit"/>), biases 0. Names as
/// s3prl's (<c>input_representations.spec_transform</c>, <c>encoder.layer.0.attention.self.query</c> …).
/// </remarks>
public sealed class FbankTransformer : Layer
{
    private readonly Linear transform;
    private readonly LayerNorm norm;
    private readonly Dropout dropout;
    private readonly FbankTransformerLayer[] layers;
    private Tensor? positions;

    /// <param name="input">F</param>
    /// <param name="layers">3 in Mockingjay and TERA, 12 in the large ones.</param>
    /// <param name="dim">D, a multiple of the heads.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="hidden">Width of the feed-forward layers.</param>
    /// <param name="dropout">Of states and attention weights, in training.</param>
    /// <exception cref="TacitException">D cannot be shared by the heads.</exception>
    public FbankTransformer(int input, int layers = 3, int dim = 768, int heads = 12, int hidden = 3072, float dropout = 0.1f)
    {
        if (heads < 1 || dim % heads != 0)
        {
            throw new TacitException($"A transformer of width {dim} cannot have {heads} heads: the width must be a multiple of the heads.");
        }

        Parts first = Add("input_representations", new Parts());
        transform = first.Put("spec_transform", FbankTransformerLayer.Linear(input, dim));
        norm = first.Put("LayerNorm", new LayerNorm(dim, FbankTransformerLayer.Eps));
        this.dropout = first.Put("dropout", new Dropout(dropout));
        Parts stack = Add("encoder", new Parts()).Put("layer", new Parts());
        this.layers = [.. Enumerable.Range(0, layers).Select(i => stack.Put(i.ToString(CultureInfo.InvariantCulture), new FbankTransformerLayer(dim, heads, hidden, dropout)))];
        Dim = dim;
    }

    public int Dim { get; }

    /// <summary>The last layer's states.</summary>
    public override Tensor Forward(Tensor x) => Hidden(x, null)[^1];

    /// <summary>The normed input and the result of every layer: layers + 1 tensors [N, T, D], 0 in padding, which takes part in nothing.</summary>
    /// <param name="x">[N, T, F]</param>
    /// <param name="lengths">Real frames of each item, at least 1; null: all T.</param>
    public Tensor[] Hidden(Tensor x, int[]? lengths)
    {
        var frames = new ValidFrames(x, lengths);
        Tensor embedded = Ops.Add(frames.Unpack(transform.Forward(frames.Pack(x))), Positions(x.Shape[1]));
        Tensor states = dropout.Forward(norm.Forward(frames.Pack(embedded)));
        var hidden = new Tensor[layers.Length + 1];
        hidden[0] = frames.Unpack(states);
        for (int i = 0; i < layers.Length; i++)
        {
            states = layers[i].Forward(states, frames);
            hidden[i + 1] = frames.Unpack(states);
        }

        return hidden;
    }

    private Tensor Positions(int count)
    {
        if (positions is null || positions.Shape[0] < count)
        {
            positions = Sinusoids.Of(0, 1, count, Dim);
        }

        return positions.Rows(0, count);
    }
}

/// <summary>A post-norm transformer layer under BERT's names.</summary>
/// <remarks>Devlin et al. 2019, arXiv:1810.04805.</remarks>
internal sealed class FbankTransformerLayer : Module
{
    public const float Eps = 1e-12f;

    private readonly Linear query, key, value, output, expand, contract;
    private readonly LayerNorm attentionNorm, outputNorm;
    private readonly Dropout attentionDropout, outputDropout;
    private readonly int heads;
    private readonly float dropout;

    public FbankTransformerLayer(int dim, int heads, int hidden, float dropout)
    {
        (this.heads, this.dropout) = (heads, dropout);
        Parts attention = Add("attention", new Parts()), self = attention.Put("self", new Parts()), after = attention.Put("output", new Parts());
        query = self.Put("query", Linear(dim, dim));
        key = self.Put("key", Linear(dim, dim));
        value = self.Put("value", Linear(dim, dim));
        output = after.Put("dense", Linear(dim, dim));
        attentionNorm = after.Put("LayerNorm", new LayerNorm(dim, Eps));
        attentionDropout = after.Put("dropout", new Dropout(dropout));
        expand = Add("intermediate", new Parts()).Put("dense", Linear(dim, hidden));
        Parts last = Add("output", new Parts());
        contract = last.Put("dense", Linear(hidden, dim));
        outputNorm = last.Put("LayerNorm", new LayerNorm(dim, Eps));
        outputDropout = last.Put("dropout", new Dropout(dropout));
    }

    public static Linear Linear(int input, int output) => new(input, output, weightInitializer: NarrowInit.For(input, output), biasInitializer: Initializers.Zeros);

    /// <summary>Real frames [M, D] to [M, D].</summary>
    public Tensor Forward(Tensor x, ValidFrames frames)
    {
        Tensor Heads(Linear linear)
        {
            Tensor y = frames.Unpack(linear.Forward(x));
            return y.Reshape(y.Shape[0], y.Shape[1], heads, y.Shape[2] / heads);
        }

        var options = new AttentionOptions { Lengths = frames.Lengths, Dropout = Training ? dropout : 0, Path = Path };
        Tensor attended = Ops.Attention(Heads(query), Heads(key), Heads(value), options);
        attended = frames.Pack(attended.Reshape(attended.Shape[0], attended.Shape[1], x.Shape.Last));
        x = attentionNorm.Forward(Ops.Add(x, attentionDropout.Forward(output.Forward(attended))));
        return outputNorm.Forward(Ops.Add(x, outputDropout.Forward(contract.Forward(Ops.Gelu(expand.Forward(x))))));
    }
}
