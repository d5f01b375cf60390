using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>A linear map of each patch: pictures [N, H, W, 3] to [N, P, D].</summary>
/// <remarks>
/// Stored as the convolution it equals, <c>weight</c> [D, 3, patch, patch] and <c>bias</c>, as torchvision's <c>conv_proj</c>; begins
/// as MAE's: Xavier uniform as of a linear layer.
/// </remarks>
public sealed class PatchEmbedding : Layer
{
    private readonly Tensor weight, bias;
    private readonly int dim, patch;

    internal PatchEmbedding(int dim, int patch)
    {
        (this.dim, this.patch) = (dim, patch);
        weight = AddParameter("weight", new Shape(dim, 3, patch, patch), (parameter, seed, stream) =>
            Initializers.XavierUniform()(parameter.Reshape(dim, -1), seed, stream));
        bias = AddParameter("bias", new Shape(dim), Initializers.Zeros);
    }

    public override Tensor Forward(Tensor x)
    {
        Tensor matrix = Ops.Transpose(weight, 0, 2, 3, 1).Reshape(dim, -1);     // channels last, as the patches
        return Ops.Linear(Patches.Cut(x, patch), matrix, bias);
    }
}
