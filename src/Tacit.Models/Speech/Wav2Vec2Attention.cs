using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// Multi-head attention of speech encoders, [N, T, D] to [N, T, D], where asked for with WavLM's gated relative position bias:
/// b·g of each query, g = s(a)·(s(c)·const − 1) + 2, with a and c two sums of a linear map of the query's head.
/// </summary>
/// <remarks>
/// Names as published models have them (<c>q_proj</c>, <c>gru_rel_pos_linear</c>, <c>gru_rel_pos_const</c>,
/// <c>rel_attn_embed</c> in the first layer). Chen et al. 2021, arXiv:2110.13900, section 3.1. Linear layers begin
/// N(0, 0.02), wider in narrow networks (<see cref="NarrowInit"/>), with biases of 0.
/// </remarks>
internal sealed class Wav2Vec2Attention : Module
{
    private const int GateOutputs = 8;

    private readonly Linear query, key, value, output;
    private readonly Linear? gate;
    private readonly Tensor? gateConstant;
    private readonly Table? table;
    private readonly int heads, maxDistance;
    private readonly float dropout;

    public Wav2Vec2Attention(Wav2Vec2Options options, bool first)
    {
        int dim = options.Dim;
        (heads, dropout, maxDistance) = (options.Heads, options.AttentionDropout, options.RelativeMaxDistance);
        key = Add("k_proj", Wav2Vec2Layer.Dense(dim, dim));
        value = Add("v_proj", Wav2Vec2Layer.Dense(dim, dim));
        query = Add("q_proj", Wav2Vec2Layer.Dense(dim, dim));
        output = Add("out_proj", Wav2Vec2Layer.Dense(dim, dim));
        if (options.RelativeBuckets > 0)
        {
            gateConstant = AddParameter("gru_rel_pos_const", new Shape(1, heads, 1, 1), Initializers.Ones);
            gate = Add("gru_rel_pos_linear", Wav2Vec2Layer.Dense(dim / heads, GateOutputs));
            table = first ? Add("rel_attn_embed", new Table(options.RelativeBuckets, heads)) : null;
        }
    }

    /// <summary>The bias [1, H, T, T] before any gate, which the first layer keeps for all; null in a model without.</summary>
    public Tensor? Bias(int frames) => table is null ? null : RelativePositions.Bias(table.Weight, frames, maxDistance);

    /// <param name="x">[N, T, D]</param>
    /// <param name="lengths">Frames that can be seen; null for all.</param>
    /// <param name="bias">What the first layer's <see cref="Bias"/> gave.</param>
    public Tensor Forward(Tensor x, int[]? lengths, Tensor? bias)
    {
        int items = x.Shape[0], frames = x.Shape[1], depth = x.Shape[2] / heads;
        Tensor Split(Linear projection) => projection.Forward(x).Reshape(items, frames, heads, depth);
        var options = new AttentionOptions
        {
            Lengths = lengths,
            Bias = bias is null ? null : Ops.Multiply(bias, Gate(x)),
            Dropout = Training ? dropout : 0,
            Path = Path,
        };
        Tensor attended = Ops.Attention(Split(query), Split(key), Split(value), options);
        return output.Forward(attended.Reshape(items, frames, heads * depth));
    }

    /// <summary>g of each query: [N, H, T, 1].</summary>
    private Tensor Gate(Tensor x)
    {
        int items = x.Shape[0], frames = x.Shape[1];
        Tensor parts = gate!.Forward(x.Reshape(items, frames, heads, -1)).Reshape(items, frames, heads, 2, GateOutputs / 2);
        Tensor gates = Ops.Sigmoid(Ops.Sum(parts, -1));                                 // [N, T, H, 2]
        Tensor a = Ops.Slice(gates, 3, 0, 1), c = Ops.Slice(gates, 3, 1, 1);
        Tensor inner = Ops.Subtract(Ops.Multiply(c, gateConstant!.Reshape(1, 1, heads, 1)), 1);
        return Ops.Transpose(Ops.Add(Ops.Multiply(a, inner), 2), 0, 2, 1, 3);
    }

    private sealed class Table : Module
    {
        public Table(int buckets, int heads) => Weight = AddParameter("weight", new Shape(buckets, heads), Initializers.Normal(0.02f));

        public Tensor Weight { get; }
    }
}
