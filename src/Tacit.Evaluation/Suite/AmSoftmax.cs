using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// Additive-margin softmax: cross-entropy of scale · (cos θ − margin at the right class), θ between an embedding and the class's vector, so that
/// classes are told by angle and with room between them.
/// </summary>
/// <remarks>Wang et al. 2018, arXiv:1801.05599, eq. 6; scale 30 and margin 0.4 as in the benchmark.</remarks>
internal sealed class AmSoftmax : Module
{
    private readonly Tensor weight;         // [K, E]
    private readonly float scale, margin;

    /// <param name="width">E</param>
    /// <param name="classes">K</param>
    /// <param name="scale">s</param>
    /// <param name="margin">m</param>
    public AmSoftmax(int width, int classes, float scale = 30, float margin = 0.4f)
    {
        weight = AddParameter("weight", new Shape(classes, width), Initializers.XavierNormal());
        (this.scale, this.margin) = (scale, margin);
    }

    /// <summary>The mean loss of embeddings [N, E].</summary>
    public Tensor Loss(Tensor embeddings, int[] targets)
    {
        Tensor cosines = Ops.Linear(Ops.L2Normalize(embeddings), Ops.L2Normalize(weight), null);
        Tensor margins = Tensor.Zeros(cosines.Shape);
        for (int i = 0; i < targets.Length; i++)
        {
            margins[i, targets[i]] = margin;
        }

        return Ops.CrossEntropy(Ops.Multiply(Ops.Subtract(cosines, margins), scale), targets);
    }
}
