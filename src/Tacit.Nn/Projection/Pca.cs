using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Nn;

/// <summary>Principal components of a table: the directions of greatest variance.</summary>
/// <param name="Scores">[N, components], each row's place along the components; long-lived. Columns beyond min(N, D) are 0.</param>
/// <param name="Shares">What share of the whole variance each component holds, greatest first.</param>
/// <remarks>
/// Exact, by the eigenvectors of the smaller of XᵀX and XXᵀ in double. A component's sign is chosen so that the score farthest
/// from 0 is positive.
/// </remarks>
public sealed record Pca(Tensor Scores, double[] Shares)
{
    /// <summary>The rows in a few dimensions: <see cref="Scores"/> alone.</summary>
    /// <param name="features">[N, D], at least one row.</param>
    /// <param name="components">How many columns.</param>
    /// <exception cref="TacitException">A feature is not finite.</exception>
    public static Tensor Project(Tensor features, int components = 2) => Of(features, components).Scores;

    /// <inheritdoc cref="Project"/>
    public static Pca Of(Tensor features, int components = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        Tensor x = Centred.Of(features);
        int n = x.Shape[0], dim = x.Shape[1], kept = Math.Min(components, Math.Min(n, dim));
        (double[] values, double[][] vectors) = SymmetricEigen.Leading(GramMatrix.Of(x), kept);
        double total = values.Sum(v => Math.Max(0, v));
        var scores = Tensor.Lasting(new Shape(n, components));
        for (int k = 0; k < kept; k++)
        {
            double[] column = n < dim ? [.. vectors[k].Select(u => u * Math.Sqrt(Math.Max(0, values[k])))] : Products(x, vectors[k]);
            double far = column.MaxBy(Math.Abs);
            for (int i = 0; i < n; i++)
            {
                scores[i, k] = (float)(far < 0 ? -column[i] : column[i]);
            }
        }

        return new Pca(scores, [.. Enumerable.Range(0, components).Select(k => k < kept && total > 0 ? Math.Max(0, values[k]) / total : 0)]);
    }

    private static double[] Products(Tensor x, double[] direction)
    {
        var result = new double[x.Shape[0]];
        var row = new double[direction.Length];
        for (int i = 0; i < result.Length; i++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(x.Span.Slice(i * row.Length, row.Length), row);
            result[i] = TensorPrimitives.Dot<double>(row, direction);
        }

        return result;
    }
}
