using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// Barlow Twins' loss: the cross-correlation of two views' embeddings, dimension by dimension, should be the identity.
/// </summary>
/// <remarks>
/// Zbontar et al. 2021, arXiv:2103.03230, equations 1 and 2 and Algorithm 1:
/// L = Σᵢ (1 − cᵢᵢ)² + λ Σ_{i≠j} c²ᵢⱼ with c = âᵀb̂ / N, each view normalised along the batch (batch norm without scale and shift).
/// </remarks>
public static class RedundancyReduction
{
    /// <summary>The loss, a scalar.</summary>
    /// <param name="a">Projections of the first view [N, D].</param>
    /// <param name="b">Of the second, the same pictures in the same order.</param>
    /// <param name="lambda">Weight of the part that decorrelates.</param>
    /// <param name="epsilon">Added to the variances of the normalisation.</param>
    /// <exception cref="ShapeException">Two different shapes, or fewer than two rows.</exception>
    public static Tensor Loss(Tensor a, Tensor b, float lambda = 5e-3f, float epsilon = 1e-5f) => Loss(a, b, lambda, epsilon, out _);

    /// <summary>The loss and its two parts.</summary>
    public static Tensor Loss(Tensor a, Tensor b, float lambda, float epsilon, out RedundancyParts parts)
    {
        if (a.Rank != 2 || a.Shape != b.Shape || a.Shape[0] < 2)
        {
            throw ShapeException.Mismatch("RedundancyReduction", a.Shape, b.Shape, "both views are [N, D] of the same pictures, N at least 2");
        }

        a = Ops.BatchNorm(a, null, null, null, null, training: true, eps: epsilon);
        b = Ops.BatchNorm(b, null, null, null, null, training: true, eps: epsilon);
        Tensor diagonal = Ops.Mean(Ops.Multiply(a, b), 0);                                          // [D]
        Tensor on = Ops.Sum(Ops.Square(Ops.Subtract(1, diagonal)));
        Tensor correlation = Ops.Divide(Ops.MatMul(a, b, transposeA: true), a.Shape[0]);            // [D, D]
        Tensor off = OffDiagonal.SquareSum(correlation);
        parts = new RedundancyParts(on.ToScalar(), off.ToScalar());
        return Ops.Add(on, Ops.Multiply(off, lambda));
    }
}

/// <summary>The parts of <see cref="RedundancyReduction"/>, unweighted.</summary>
/// <param name="OnDiagonal">Σᵢ (1 − cᵢᵢ)²: D where the views have nothing in common, 0 where they agree.</param>
/// <param name="OffDiagonal">Σ_{i≠j} c²ᵢⱼ: what dimensions say twice.</param>
public readonly record struct RedundancyParts(double OnDiagonal, double OffDiagonal);
