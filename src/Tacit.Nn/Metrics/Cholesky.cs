using System.Numerics.Tensors;

namespace Tacit.Nn;

/// <summary>A symmetric positive definite matrix as LLᵀ with L lower triangular.</summary>
/// <remarks>Golub and Van Loan, Matrix Computations, section 4.2.</remarks>
internal static class Cholesky
{
    /// <summary>Overwrites the lower triangle with L; what lies above it is not looked at.</summary>
    /// <param name="matrix">n rows of n.</param>
    /// <exception cref="ArithmeticException">It is not positive definite.</exception>
    public static void Factor(double[][] matrix)
    {
        for (int i = 0; i < matrix.Length; i++)
        {
            double[] row = matrix[i];
            for (int j = 0; j < i; j++)
            {
                row[j] = (row[j] - TensorPrimitives.Dot<double>(row.AsSpan(0, j), matrix[j].AsSpan(0, j))) / matrix[j][j];
            }

            double left = row[i] - TensorPrimitives.Dot<double>(row.AsSpan(0, i), row.AsSpan(0, i));
            row[i] = left > 0 ? Math.Sqrt(left) : throw new ArithmeticException("A matrix that must be positive definite is not.");
        }
    }

    /// <summary>x ← L⁻¹x.</summary>
    public static void Solve(double[][] factor, Span<double> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] - TensorPrimitives.Dot<double>(factor[i].AsSpan(0, i), x[..i])) / factor[i][i];
        }
    }
}
