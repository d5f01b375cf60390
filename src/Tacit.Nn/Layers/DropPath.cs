using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>
/// Stochastic depth: in training a residual branch is left out for whole items with probability p, and divided by 1 - p for
/// the others; in evaluation nothing is done.
/// </summary>
/// <remarks>
/// Huang et al. 2016, arXiv:1603.09382, per item and scaled as in timm and torchvision. Draws are keyed by the scope's seed and
/// step, this module's path, and the call's number within the step.
/// </remarks>
public sealed class DropPath : Layer
{
    private readonly float p;

    public DropPath(float p)
    {
        if (!(p >= 0 && p < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "A drop path probability is at least 0 and below 1.");
        }

        this.p = p;
    }

    /// <param name="x">[N, ..], the branch before it is added.</param>
    public override Tensor Forward(Tensor x)
    {
        if (!Training || p == 0)
        {
            return x;
        }

        ulong stream = Scope.NextStream("drop-path", Path);
        int items = x.Shape[0];
        Tensor keep = Tensor.Empty(new Shape(items, 1));
        Philox.FillUniform(keep.Span, Scope.Current!.Seed, stream, Scope.Current.Step);
        foreach (ref float value in keep.Span)
        {
            value = value < p ? 0 : 1 / (1 - p);
        }

        return Ops.Multiply(x.Reshape(items, -1), keep).Reshape(x.Shape.ToArray());
    }
}
