using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>A learned factor for each feature of a residual branch, small at first: [.., D].</summary>
/// <remarks>Touvron et al. 2021, arXiv:2103.17239, section 3; the name <c>gamma</c> is timm's.</remarks>
public sealed class LayerScale : Layer
{
    private readonly Tensor gamma;

    public LayerScale(int features, float initial) => gamma = AddParameter("gamma", new Shape(features), Initializers.Constant(initial));

    public override Tensor Forward(Tensor x) => Ops.Multiply(x, gamma);
}
