using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>
/// LiDAR: in how many directions items differ from each other beyond what augmentation changes. Each item is a class and its views
/// are the class's members; the score is the effective rank of linear discriminant analysis.
/// </summary>
/// <remarks>
/// Thilak et al. 2023, arXiv:2312.04000, equations 1 to 4: the eigenvalues λ of Σw^-½ Σb Σw^-½ with
/// Σb = Σ(μi − μ)(μi − μ)ᵀ / (n − 1) and Σw = Σ(x − μi)(x − μi)ᵀ / (n(q − 1)) + δI; exp(H(p)) with p = λ/‖λ‖₁ + 1e-7.
/// δ is absolute, so features far smaller than its root have their noise hidden by it.
/// </remarks>
public static class Lidar
{
    /// <summary>δ of the paper.</summary>
    public const double Regularisation = 1e-4;

    private const int BlockItems = 8;

    /// <param name="views">[q · n, D]: the first view of every item, then the second of every item …</param>
    /// <param name="items">n, at least 2.</param>
    /// <param name="regularisation">δ, above 0.</param>
    /// <returns>From 1 to min(n, D); 1 where all items are alike; NaN where a feature is not finite.</returns>
    public static double Of(Tensor views, int items, double regularisation = Regularisation)
    {
        if (views.Rank != 2 || items < 2 || views.Shape[0] % items != 0 || views.Shape[0] < 2 * items || views.Shape[1] < 1)
        {
            throw ShapeException.Unfit("Lidar", views.Shape, $"it takes [q · n, D] with at least 2 views of each of n = {items} items, which are at least 2");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(regularisation);
        (Tensor deviations, double[][] centres) = Split(views, items);
        if (!Array.TrueForAll(centres, row => Array.TrueForAll(row, double.IsFinite)))
        {
            return double.NaN;
        }

        double[][] within = GramMatrix.Of(deviations, columns: true);
        for (int i = 0; i < within.Length; i++)
        {
            for (int j = 0; j < within.Length; j++)
            {
                within[i][j] = (within[i][j] / (views.Shape[0] - items)) + (i == j ? regularisation : 0);
            }
        }

        // With Σw = LLᵀ the eigenvalues are those of L⁻¹ Σb L⁻ᵀ: the squared singular values of the centres, each turned by L⁻¹.
        Cholesky.Factor(within);
        var turned = Tensor.Lasting(new Shape(items, views.Shape[1]));
        var body = new Body(within, centres, turned);
        WorkerPool.Shared.For((items + BlockItems - 1) / BlockItems, ref body);
        return EffectiveRank([.. SymmetricEigen.Values(GramMatrix.Of(turned)).Select(value => Math.Max(0, value))]);
    }

    private static double EffectiveRank(double[] values)
    {
        double sum = values.Sum();
        return sum > 0 ? Math.Exp(-values.Sum(value => ((value / sum) + 1e-7) * Math.Log((value / sum) + 1e-7))) : 1;
    }

    /// <summary>Each view less its item's mean, and each item's mean less the mean of all, over √(n − 1).</summary>
    private static (Tensor Deviations, double[][] Centres) Split(Tensor views, int items)
    {
        int dim = views.Shape[1], count = views.Shape[0] / items;
        var deviations = Tensor.Lasting(views.Shape);
        var centres = new double[items][];
        var mean = new double[dim];
        for (int i = 0; i < items; i++)
        {
            double[] own = centres[i] = new double[dim];
            for (int d = 0; d < dim; d++)
            {
                for (int v = 0; v < count; v++)
                {
                    own[d] += (double)views[(v * items) + i, d] / count;
                }

                for (int v = 0; v < count; v++)
                {
                    deviations[(v * items) + i, d] = (float)(views[(v * items) + i, d] - own[d]);
                }

                mean[d] += own[d] / items;
            }
        }

        foreach (double[] own in centres)
        {
            for (int d = 0; d < dim; d++)
            {
                own[d] = (own[d] - mean[d]) / Math.Sqrt(items - 1);
            }
        }

        return (deviations, centres);
    }

    private readonly struct Body(double[][] factor, double[][] centres, Tensor turned) : IBlockBody
    {
        public void Invoke(int block)
        {
            for (int i = block * BlockItems; i < Math.Min(centres.Length, (block + 1) * BlockItems); i++)
            {
                Cholesky.Solve(factor, centres[i]);
                System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<double, float>(centres[i], turned.Rows(i, 1).Span);
            }
        }
    }
}
