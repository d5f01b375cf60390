using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Layer norm over the last axis, [.., D].</summary>
/// <remarks>Ba et al. 2016, arXiv:1607.06450; names as torch.nn.LayerNorm.</remarks>
public sealed class LayerNorm : Layer
{
    private readonly Tensor? weight;
    private readonly Tensor? bias;
    private readonly float eps;

    public LayerNorm(int features, float eps = 1e-5f, bool affine = true)
    {
        this.eps = eps;
        weight = affine ? AddParameter("weight", new Shape(features), Initializers.Ones) : null;
        bias = affine ? AddParameter("bias", new Shape(features), Initializers.Zeros) : null;
    }

    public override Tensor Forward(Tensor x) => Ops.LayerNorm(x, weight, bias, eps);
}
