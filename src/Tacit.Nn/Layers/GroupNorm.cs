using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Group norm: each item's channels in groups, [N, .., C].</summary>
/// <remarks>Wu and He 2018, arXiv:1803.08494; names as torch.nn.GroupNorm.</remarks>
public sealed class GroupNorm : Layer
{
    private readonly Tensor? weight;
    private readonly Tensor? bias;
    private readonly int groups;
    private readonly float eps;

    public GroupNorm(int groups, int channels, float eps = 1e-5f, bool affine = true)
    {
        (this.groups, this.eps) = (groups, eps);
        weight = affine ? AddParameter("weight", new Shape(channels), Initializers.Ones) : null;
        bias = affine ? AddParameter("bias", new Shape(channels), Initializers.Zeros) : null;
    }

    public override Tensor Forward(Tensor x) => Forward(x, lengths: null);

    /// <summary>[N, T, C], of which only the first lengths[n] frames are real: statistics are of those, and the others become 0.</summary>
    public Tensor Forward(Tensor x, int[]? lengths) => Ops.GroupNorm(x, groups, weight, bias, eps, lengths);
}
