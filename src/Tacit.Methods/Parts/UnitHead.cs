using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Tells which unit a state belongs to, by its cosine with one learned vector a unit: [N, D] to [N, K].</summary>
/// <remarks>Hsu et al. 2021 (HuBERT), arXiv:2106.07447, equation 3; published names <c>final_proj</c> and <c>label_embs_concat</c>.</remarks>
internal sealed class UnitHead : Module
{
    private readonly Linear projection;
    private readonly Tensor embeddings;     // [K, d]
    private readonly float temperature;

    public UnitHead(int dim, int inner, int units, float temperature)
    {
        this.temperature = temperature;
        projection = Add("final_proj", new Linear(dim, inner));
        embeddings = AddParameter("label_embs_concat", new Shape(units, inner), Initializers.Uniform(0, 1));
    }

    /// <summary>cos(A·x, e_c) / τ.</summary>
    /// <param name="states">[N, D]</param>
    /// <param name="used">Only the first so many units exist.</param>
    public Tensor Forward(Tensor states, int used)
    {
        Tensor units = used < embeddings.Shape[0] ? Ops.Slice(embeddings, 0, 0, used) : embeddings;
        Tensor cosines = Ops.MatMul(Ops.L2Normalize(projection.Forward(states)), Ops.L2Normalize(units), transposeB: true);
        return Ops.Divide(cosines, temperature);
    }
}
