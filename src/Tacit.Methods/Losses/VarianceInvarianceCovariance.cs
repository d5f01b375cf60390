using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// VICReg's loss: each dimension keeps a spread (variance), views agree (invariance), dimensions say different things (covariance).
/// </summary>
/// <remarks>
/// Bardes, Ponce and LeCun 2021, arXiv:2105.04906, equations 1 to 6. Variance: a hinge at 1 on √(Var + ε), mean over
/// dimensions, of both views. The authors' code takes half of that sum, the paper the whole; the code is the default.
/// </remarks>
public static class VarianceInvarianceCovariance
{
    /// <summary>The spread that every dimension should reach: γ.</summary>
    public const float Threshold = 1;

    /// <summary>The weighted sum, a scalar.</summary>
    /// <param name="a">Projections of the first view [N, D].</param>
    /// <param name="b">Of the second, the same pictures in the same order.</param>
    /// <param name="weights">Of the three parts; a part of weight 0 has no gradient, and its value is reported all the same.</param>
    /// <param name="parts">The values of the three parts before weighting.</param>
    /// <exception cref="ShapeException">Two different shapes, or fewer than two rows, of which there is no covariance.</exception>
    public static Tensor Loss(Tensor a, Tensor b, VicRegWeights weights, out VicRegParts parts)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (a.Rank != 2 || a.Shape != b.Shape || a.Shape[0] < 2)
        {
            throw ShapeException.Mismatch("VICReg", a.Shape, b.Shape, "both views are [N, D] of the same pictures; a variance needs N of at least 2");
        }

        Tensor invariance = Part(weights.Invariance, () => Ops.Mean(Ops.Square(Ops.Subtract(a, b))));
        Tensor variance = Part(weights.Variance, () => Ops.Multiply(Ops.Add(Hinge(a, weights.Epsilon), Hinge(b, weights.Epsilon)), weights.HalvedVariance ? 0.5f : 1));
        Tensor covariance = Part(weights.Covariance, () => Ops.Add(Covariance(a), Covariance(b)));
        parts = new VicRegParts(invariance.ToScalar(), variance.ToScalar(), covariance.ToScalar());
        return Ops.Add(
            Ops.Add(Ops.Multiply(invariance, weights.Invariance), Ops.Multiply(variance, weights.Variance)),
            Ops.Multiply(covariance, weights.Covariance));
    }

    /// <summary>Mean over dimensions of max(0, γ − √(Var + ε)).</summary>
    private static Tensor Hinge(Tensor z, float epsilon) =>
        Ops.Mean(Ops.Relu(Ops.Subtract(Threshold, Ops.Sqrt(Ops.Add(Ops.Variance(z, 0), epsilon)))));

    /// <summary>The squares beside the diagonal of the covariance matrix, over D.</summary>
    private static Tensor Covariance(Tensor z)
    {
        Tensor centred = Ops.Subtract(z, Ops.Mean(z, 0, keepAxis: true));                                       // [N, D]
        Tensor covariance = Ops.Divide(Ops.MatMul(centred, centred, transposeA: true), z.Shape[0] - 1);         // [D, D]
        return Ops.Divide(OffDiagonal.SquareSum(covariance), z.Shape[1]);
    }

    private static Tensor Part(float weight, Func<Tensor> compute)
    {
        if (weight != 0)
        {
            return compute();
        }

        using Scope scope = Scope.NoGradient();
        return scope.Keep(compute());
    }
}

/// <summary>How the parts of <see cref="VarianceInvarianceCovariance"/> are put together.</summary>
/// <param name="Invariance">λ</param>
/// <param name="Variance">μ</param>
/// <param name="Covariance">ν</param>
/// <param name="HalvedVariance">Whether the two views' hinges are averaged (the authors' code) or summed (the paper).</param>
/// <param name="Epsilon">Added to the variance below the root.</param>
public sealed record VicRegWeights(float Invariance = 25, float Variance = 25, float Covariance = 1, bool HalvedVariance = true, float Epsilon = 1e-4f);

/// <summary>The three parts before weighting.</summary>
/// <param name="Invariance">Mean squared distance of the views.</param>
/// <param name="Variance">How far dimensions fall short of a deviation of 1: 0 where all reach it, 0.99 (halved) where nothing varies.</param>
/// <param name="Covariance">Squares beside the covariances' diagonals, over D, both views.</param>
public readonly record struct VicRegParts(double Invariance, double Variance, double Covariance);
