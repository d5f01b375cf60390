using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Multi-head attention that knows places by their distance, [N, T, D] to [N, T, D].</summary>
/// <remarks>
/// Dai et al. 2019 (Transformer-XL), arXiv:1901.02860, section 3.3: the product of query i and key j is
/// (q_i + u)·k_j + (q_i + v)·(W r_{i-j}), over √(D / heads), with r the sinusoids of the distance. Names: <c>linear_q</c>,
/// <c>linear_k</c>, <c>linear_v</c>, <c>linear_out</c>, <c>linear_pos</c>, <c>pos_bias_u</c> and <c>pos_bias_v</c> [heads, D / heads].
/// </remarks>
public sealed class RelativeAttention : Layer
{
    private readonly Linear query, key, value, output, position;
    private readonly Tensor biasU, biasV;
    private readonly int heads;
    private readonly float dropout;
    private Tensor? distances;

    /// <param name="dim">D, a multiple of the heads.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="dropout">The share of attention weights dropped in training.</param>
    /// <exception cref="TacitException">D cannot be shared by the heads.</exception>
    public RelativeAttention(int dim, int heads, float dropout = 0)
    {
        if (heads < 1 || dim % heads != 0)
        {
            throw new TacitException($"Attention of width {dim} cannot have {heads} heads: the width must be a multiple of the heads.");
        }

        (this.heads, this.dropout) = (heads, dropout);
        biasU = AddParameter("pos_bias_u", new Shape(heads, dim / heads), Initializers.XavierUniform());
        biasV = AddParameter("pos_bias_v", new Shape(heads, dim / heads), Initializers.XavierUniform());
        query = Add("linear_q", new Linear(dim, dim));
        key = Add("linear_k", new Linear(dim, dim));
        value = Add("linear_v", new Linear(dim, dim));
        output = Add("linear_out", new Linear(dim, dim));
        position = Add("linear_pos", new Linear(dim, dim, bias: false));
    }

    public override Tensor Forward(Tensor x) => Forward(x, null);

    /// <summary>With the frames of each item that are real: nothing attends to the others.</summary>
    public Tensor Forward(Tensor x, int[]? lengths)
    {
        int items = x.Shape[0], frames = x.Shape[1], dim = x.Shape[2], depth = dim / heads;
        Tensor Heads(Linear linear) => linear.Forward(x).Reshape(items, frames, heads, depth);
        Tensor q = Heads(query);
        Tensor byDistance = Ops.Transpose(Ops.Add(q, biasV), 2, 0, 1, 3).Reshape(heads, items * frames, depth);
        Tensor projected = Ops.Transpose(position.Forward(Distances(frames, dim)).Reshape((2 * frames) - 1, heads, depth), 1, 0, 2);
        Tensor scores = Ops.MatMul(byDistance, projected, transposeB: true).Reshape(heads, items, frames, (2 * frames) - 1);
        Tensor bias = Ops.Multiply(Ops.Transpose(Ops.RelativeShift(scores), 1, 0, 2, 3), 1 / MathF.Sqrt(depth));       // [N, heads, T, T]
        var options = new AttentionOptions { Lengths = lengths, Bias = bias, Dropout = Training ? dropout : 0, Path = Path };
        return output.Forward(Ops.Attention(Ops.Add(q, biasU), Heads(key), Heads(value), options).Reshape(items, frames, dim));
    }

    /// <summary>Sinusoids of the distances T - 1 … 1 - T: the middle of those of the longest batch so far.</summary>
    private Tensor Distances(int frames, int dim)
    {
        if (distances is null || distances.Shape[0] < (2 * frames) - 1)
        {
            distances = Sinusoids.Of(frames - 1, -1, (2 * frames) - 1, dim);
        }

        int longest = (distances.Shape[0] + 1) / 2;
        return distances.Rows(longest - frames, (2 * frames) - 1);
    }
}
