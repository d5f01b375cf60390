using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>In training sets each number to 0 with probability p and divides the others by 1 - p; in evaluation does nothing.</summary>
/// <remarks>Masks are keyed by the scope's seed and step, this module's path, and the call's number within the step.</remarks>
public sealed class Dropout : Layer
{
    private readonly float p;

    public Dropout(float p)
    {
        if (!(p >= 0 && p < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "A dropout probability is at least 0 and below 1.");
        }

        this.p = p;
    }

    public override Tensor Forward(Tensor x) => Training && p > 0 ? Ops.Dropout(x, p, Path) : x;
}
