using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>How far predictions point away from their targets: −cos, from −1 (the same way) over 0 (at right angles) to 1.</summary>
/// <remarks>
/// Chen and He 2021, arXiv:2011.10566, equation 1. BYOL's loss (Grill et al. 2020, arXiv:2006.07733, equation 2), the squared
/// distance of unit vectors, is 2 − 2 cos.
/// </remarks>
public static class NegativeCosine
{
    /// <summary>The mean of −cos over rows, a scalar. Nothing is detached here: a target that must not learn comes in without history.</summary>
    /// <param name="predictions">[N, D]</param>
    /// <param name="targets">[N, D]</param>
    /// <exception cref="ShapeException">No rows, no matrices, or two shapes.</exception>
    public static Tensor Loss(Tensor predictions, Tensor targets)
    {
        if (predictions.Rank != 2 || predictions.Length == 0)
        {
            throw ShapeException.Unfit("NegativeCosine", predictions.Shape, "it takes [N, D] with at least one row");
        }

        return Ops.Negate(Ops.Mean(Ops.CosineSimilarity(predictions, targets)));
    }

    /// <summary>SimSiam's loss: each view's prediction against the other's projection, half and half.</summary>
    /// <remarks>Equation 2 of arXiv:2011.10566.</remarks>
    public static Tensor Symmetric(Tensor p1, Tensor p2, Tensor z1, Tensor z2) =>
        Ops.Multiply(Ops.Add(Loss(p1, z2), Loss(p2, z1)), 0.5f);

    /// <summary>BYOL's loss: 2 − 2 cos of each view's prediction and the other's projection, summed.</summary>
    /// <remarks>Equation 2 of arXiv:2006.07733 and its symmetric form below it.</remarks>
    public static Tensor SquaredDistances(Tensor p1, Tensor p2, Tensor z1, Tensor z2) =>
        Ops.Add(Ops.Multiply(Symmetric(p1, p2, z1, z2), 4), 4);
}
