using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>
/// One block of a pre-norm transformer, [N, T, D] to [N, T, D]: x + attention(norm(x)), then x + mlp(norm(x)), each branch with
/// layer scale and stochastic depth where asked for.
/// </summary>
/// <remarks>
/// Dosovitskiy et al. 2021, arXiv:2010.11929, eq. 2 and 3; names as torchvision's EncoderBlock (<c>ln_1</c>,
/// <c>self_attention</c>, <c>ln_2</c>, <c>mlp.0</c>, <c>mlp.3</c>), layer scale as timm's (<c>ls1</c>, <c>ls2</c>); exact GELU.
/// Linear layers begin Xavier uniform with biases of 0 (He et al. 2021, arXiv:2111.06377).
/// </remarks>
public sealed class TransformerBlock : Layer
{
    private readonly LayerNorm ln1, ln2;
    private readonly MultiHeadAttention attention;
    private readonly FeedForward mlp;
    private readonly Dropout dropout;
    private readonly LayerScale? scale1, scale2;
    private readonly DropPath dropPath1, dropPath2;
    private readonly bool causal;

    /// <param name="dim">D, a multiple of the heads.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="mlpRatio">Width of the hidden layer, in multiples of D.</param>
    /// <param name="causal">Whether a place sees only itself and those before it.</param>
    /// <param name="dropPath">Probability that a branch is left out for an item in training.</param>
    /// <param name="layerScale">What the factors of the branches begin as; null for none.</param>
    /// <param name="dropout">Probability of dropping in the multi-layer perceptron and after both branches.</param>
    /// <param name="eps">Of the norms.</param>
    /// <param name="weights">What the weights of all linear layers begin as; null for Xavier's rule.</param>
    /// <exception cref="TacitException">D cannot be shared by the heads.</exception>
    public TransformerBlock(
        int dim, int heads, double mlpRatio = 4, bool causal = false, float dropPath = 0, float? layerScale = null, float dropout = 0, float eps = VisionTransformer.NormEps, Initializer? weights = null)
    {
        if (heads < 1 || dim % heads != 0)
        {
            throw new TacitException($"A transformer of width {dim} cannot have {heads} heads: the width must be a multiple of the heads.");
        }

        this.causal = causal;
        ln1 = Add("ln_1", new LayerNorm(dim, eps));
        attention = Add("self_attention", new MultiHeadAttention(dim, heads, weights: weights));
        this.dropout = Add("dropout", new Dropout(dropout));
        scale1 = layerScale is { } first ? Add("ls1", new LayerScale(dim, first)) : null;
        dropPath1 = Add("drop_path1", new DropPath(dropPath));
        ln2 = Add("ln_2", new LayerNorm(dim, eps));
        mlp = Add("mlp", new FeedForward(dim, Math.Max(1, (int)Math.Round(dim * mlpRatio)), dropout, weights ?? Initializers.XavierUniform()));
        scale2 = layerScale is { } second ? Add("ls2", new LayerScale(dim, second)) : null;
        dropPath2 = Add("drop_path2", new DropPath(dropPath));
    }

    public override Tensor Forward(Tensor x) => Forward(x, causal);

    /// <summary>With a causality of this call's own.</summary>
    public Tensor Forward(Tensor x, bool causal) => Finish(x, attention.Forward(ln1.Forward(x), new AttentionOptions { Causal = causal }));

    /// <summary>With lengths or a causality of this call's own.</summary>
    public Tensor Forward(Tensor x, AttentionOptions options) => Finish(x, attention.Forward(ln1.Forward(x), options));

    /// <summary>One more place, [N, 1, D], after those in the cache.</summary>
    public Tensor Forward(Tensor x, AttentionCache cache) => Finish(x, attention.Forward(ln1.Forward(x), cache));

    /// <summary>What the block's attention is shown of its input: the output of the block before, normed.</summary>
    public Tensor Normed(Tensor x) => ln1.Forward(x);

    private Tensor Finish(Tensor x, Tensor attended)
    {
        Tensor branch = dropout.Forward(attended);
        x = Ops.Add(x, dropPath1.Forward(scale1?.Forward(branch) ?? branch));
        branch = mlp.Forward(ln2.Forward(x));
        return Ops.Add(x, dropPath2.Forward(scale2?.Forward(branch) ?? branch));
    }

    private sealed class FeedForward : Layer
    {
        private readonly Linear expand, contract;
        private readonly Dropout inner, outer;

        public FeedForward(int dim, int hidden, float dropout, Initializer weights)
        {
            expand = Add("0", new Linear(dim, hidden, weightInitializer: weights, biasInitializer: Initializers.Zeros));
            inner = Add("2", new Dropout(dropout));
            contract = Add("3", new Linear(hidden, dim, weightInitializer: weights, biasInitializer: Initializers.Zeros));
            outer = Add("4", new Dropout(dropout));
        }

        public override Tensor Forward(Tensor x) => outer.Forward(contract.Forward(inner.Forward(Ops.Gelu(expand.Forward(x)))));
    }
}
