using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Multi-head attention with its four projections: [B, T, D] to [B, T, D].</summary>
/// <remarks>
/// Vaswani et al. 2017, arXiv:1706.03762; names (<c>in_proj_weight</c> [3D, D], <c>in_proj_bias</c>, <c>out_proj</c>) and
/// starting values as torch.nn.MultiheadAttention.
/// </remarks>
public sealed class MultiHeadAttention : Layer
{
    private readonly Tensor inWeight;
    private readonly Tensor? inBias;
    private readonly Linear output;
    private readonly int dim, heads;
    private readonly float dropout;

    /// <param name="dim">D, a multiple of the heads.</param>
    /// <param name="heads">Heads of D / heads features each.</param>
    /// <param name="bias">Whether the projections have biases.</param>
    /// <param name="dropout">The share of attention weights dropped in training.</param>
    /// <param name="weights">What the projections begin as; null for PyTorch's.</param>
    public MultiHeadAttention(int dim, int heads, bool bias = true, float dropout = 0, Initializer? weights = null)
    {
        if (heads < 1 || dim % heads != 0)
        {
            throw new ArgumentException($"{dim} features cannot be shared evenly by {heads} heads.", nameof(heads));
        }

        (this.dim, this.heads, this.dropout) = (dim, heads, dropout);
        inWeight = AddParameter("in_proj_weight", new Shape(3 * dim, dim), weights ?? Initializers.XavierUniform());
        inBias = bias ? AddParameter("in_proj_bias", new Shape(3 * dim), Initializers.Zeros) : null;
        output = Add("out_proj", new Linear(dim, dim, bias, weights, biasInitializer: Initializers.Zeros));
    }

    public override Tensor Forward(Tensor x) => Forward(x, default(AttentionOptions));

    /// <summary>Each place of a sequence attends to the sequence.</summary>
    /// <param name="x">[B, T, D]</param>
    /// <param name="options">Causality, lengths, bias and scale; dropout and path are this module's.</param>
    public Tensor Forward(Tensor x, AttentionOptions options)
    {
        int items = x.Shape[0], length = x.Shape[1];
        Tensor packed = Ops.Linear(x, inWeight, inBias).Reshape(items, length, 3, heads, dim / heads);
        return output.Forward(Ops.Attention(packed, Own(options)).Reshape(items, length, dim));
    }

    /// <summary>Each place of one sequence attends to another sequence.</summary>
    /// <param name="x">[B, T, D], who asks.</param>
    /// <param name="memory">[B, S, D], who answers.</param>
    /// <param name="options">As for one sequence; lengths are the memory's.</param>
    public Tensor Forward(Tensor x, Tensor memory, AttentionOptions options = default)
    {
        Tensor q = Project(x, 0), k = Project(memory, 1), v = Project(memory, 2);
        return output.Forward(Ops.Attention(q, k, v, Own(options)).Reshape(x.Shape[0], x.Shape[1], dim));
    }

    /// <summary>One more place of each sequence attends to itself and to those that came before it, one call a place.</summary>
    /// <param name="x">[B, 1, D]</param>
    /// <param name="cache">Keys and values of the places before, to which this place's are added.</param>
    public Tensor Forward(Tensor x, AttentionCache cache)
    {
        Tensor q = Project(x, 0);
        cache.Append(Project(x, 1), Project(x, 2));
        return output.Forward(Ops.Attention(q, cache.Keys, cache.Values, Own(new AttentionOptions { Lengths = cache.Lengths })).Reshape(x.Shape[0], 1, dim));
    }

    private Tensor Project(Tensor x, int part) =>
        Ops.Linear(x, inWeight.Rows(part * dim, dim), inBias?.Rows(part * dim, dim)).Reshape(x.Shape[0], x.Shape[1], heads, dim / heads);

    private AttentionOptions Own(AttentionOptions options) => options with { Dropout = Training ? dropout : 0, Path = Path };
}
