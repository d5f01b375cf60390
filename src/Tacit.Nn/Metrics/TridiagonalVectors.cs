using System.Numerics.Tensors;
using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Eigenvectors of a symmetric tridiagonal matrix whose eigenvalues are known.</summary>
/// <remarks>
/// Inverse iteration (Golub and Van Loan, Matrix Computations, section 8.2.2), each vector held at right angles to those before it,
/// so that equal eigenvalues get vectors of their own.
/// </remarks>
internal static class TridiagonalVectors
{
    private const int Rounds = 4;

    /// <param name="diagonal">n numbers.</param>
    /// <param name="off">The number beside each diagonal place; the last is not read.</param>
    /// <param name="values">Eigenvalues, largest first.</param>
    /// <returns>A unit vector of n for each value.</returns>
    public static double[][] Of(double[] diagonal, double[] off, ReadOnlySpan<double> values)
    {
        int n = diagonal.Length;
        double norm = 0;
        for (int i = 0; i < n; i++)
        {
            norm = Math.Max(norm, Math.Abs(diagonal[i]) + Math.Abs(off[i]));
        }

        double tiny = Math.Max(norm * Math.Pow(2, -53), 1e-100);
        var vectors = new double[values.Length][];
        var start = new float[n];
        for (int k = 0; k < vectors.Length; k++)
        {
            Philox.FillNormal(start, 0, Philox.Hash("eigenvectors"), k);
            double[] x = [.. start.Select(v => (double)v)];
            for (int round = 0; round < Rounds; round++)
            {
                Normalize(x);
                Solve(diagonal, off, values[k], tiny, x);
                Normalize(x);
                for (int pass = 0; pass < 2; pass++)
                {
                    foreach (double[] before in vectors.AsSpan(0, k))
                    {
                        TensorPrimitives.MultiplyAdd(before, -TensorPrimitives.Dot<double>(before, x), x, x);
                    }
                }
            }

            Normalize(x);
            vectors[k] = x;
        }

        return vectors;
    }

    private static void Normalize(double[] x) => TensorPrimitives.Divide(x, Math.Max(TensorPrimitives.Norm<double>(x), 1e-200), x);

    /// <summary>x ← (T − λI)⁻¹x by elimination with row exchanges; a pivot of zero becomes a tiny one.</summary>
    private static void Solve(double[] d, double[] e, double shift, double tiny, double[] x)
    {
        int n = d.Length;
        double[] pivot = new double[n], above = new double[n], second = new double[n];
        double p = d[0] - shift, q = n > 1 ? e[0] : 0;
        for (int i = 0; i < n - 1; i++)
        {
            double below = e[i], centre = d[i + 1] - shift, right = i + 2 < n ? e[i + 1] : 0;
            if (Math.Abs(below) > Math.Abs(p))
            {
                double share = p / below;
                (pivot[i], above[i], second[i]) = (below, centre, right);
                (p, q) = (q - (share * centre), -share * right);
                (x[i], x[i + 1]) = (x[i + 1], x[i] - (share * x[i + 1]));
            }
            else
            {
                p = Math.Abs(p) < tiny ? tiny : p;
                double share = below / p;
                (pivot[i], above[i], second[i]) = (p, q, 0);
                (p, q) = (centre - (share * q), right);
                x[i + 1] -= share * x[i];
            }
        }

        pivot[n - 1] = Math.Abs(p) < tiny ? tiny : p;
        for (int i = n - 1; i >= 0; i--)
        {
            double known = (i + 1 < n ? above[i] * x[i + 1] : 0) + (i + 2 < n ? second[i] * x[i + 2] : 0);
            x[i] = (x[i] - known) / pivot[i];
        }
    }
}
