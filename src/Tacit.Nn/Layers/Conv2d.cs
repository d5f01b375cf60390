using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Two-dimensional convolution of channels-last pictures: [N, H, W, in] to [N, H', W', out].</summary>
/// <remarks>Names (<c>weight</c> [out, in / groups, k, k], <c>bias</c>) and default starting values as torch.nn.Conv2d.</remarks>
public sealed class Conv2d : Layer
{
    private readonly Tensor weight;
    private readonly Tensor? bias;
    private readonly int stride, padding, dilation, groups;

    public Conv2d(
        int input, int output, int kernel, int stride = 1, int padding = 0, int dilation = 1, int groups = 1, bool bias = true, Initializer? weightInitializer = null)
    {
        (this.stride, this.padding, this.dilation, this.groups) = (stride, padding, dilation, groups);
        weight = AddParameter("weight", new Shape(output, input / groups, kernel, kernel), weightInitializer ?? Initializers.KaimingUniform());
        this.bias = bias ? AddParameter("bias", new Shape(output), Initializers.Bias(Initializers.FanIn(weight.Shape))) : null;
    }

    public override Tensor Forward(Tensor x) => Ops.Conv2d(x, weight, bias, stride, padding, dilation, groups);
}
