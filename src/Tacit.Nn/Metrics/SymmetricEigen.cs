using System.Numerics.Tensors;
using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Eigenvalues of a real symmetric matrix, and the eigenvectors of the largest.</summary>
/// <remarks>
/// Householder reflections to tridiagonal form, then the implicit QL iteration (Golub and Van Loan, Matrix Computations,
/// sections 8.3.1 and 8.3.3). Errors are of the order of 1e-16 times the largest eigenvalue.
/// </remarks>
internal static class SymmetricEigen
{
    private const int BlockRows = 32;
    private const int MaxSweeps = 100;

    /// <summary>All eigenvalues, largest first. The matrix is overwritten.</summary>
    /// <param name="matrix">n rows of n, symmetric and finite.</param>
    public static double[] Values(double[][] matrix)
    {
        double[] diagonal = new double[matrix.Length], off = new double[matrix.Length];
        Reduce(matrix, diagonal, off, null);
        Iterate(diagonal, off);
        Array.Sort(diagonal, (a, b) => b.CompareTo(a));
        return diagonal;
    }

    /// <summary>All eigenvalues, largest first, and unit eigenvectors of the first ones. The matrix is overwritten.</summary>
    /// <param name="matrix">n rows of n, symmetric and finite.</param>
    /// <param name="count">How many vectors, at most n.</param>
    public static (double[] Values, double[][] Vectors) Leading(double[][] matrix, int count)
    {
        double[] diagonal = new double[matrix.Length], off = new double[matrix.Length];
        var reflections = new List<double[]>(matrix.Length);
        Reduce(matrix, diagonal, off, reflections);
        double[] values = [.. diagonal];
        Iterate(values, [.. off]);
        Array.Sort(values, (a, b) => b.CompareTo(a));
        double[][] vectors = TridiagonalVectors.Of(diagonal, off, values.AsSpan(0, count));
        foreach (double[] vector in vectors)
        {
            for (int k = reflections.Count - 1; k >= 0; k--)
            {
                Span<double> tail = vector.AsSpan(k + 1);
                TensorPrimitives.MultiplyAdd(reflections[k], -2 * TensorPrimitives.Dot<double>(reflections[k], tail), tail, tail);
            }
        }

        return (values, vectors);
    }

    /// <summary>
    /// A ← HAH for one reflection H = I − 2uuᵀ after the other, each clearing one row beyond its off-diagonal place. With
    /// p = 2Au and w = p − (uᵀp)u that is A − uwᵀ − wuᵀ; it is applied to each row together with the next product Au, so that
    /// the matrix passes through the cache once a step.
    /// </summary>
    /// <param name="reflections">Takes each u from the place after its row on, where given.</param>
    private static void Reduce(double[][] a, double[] diagonal, double[] off, List<double[]>? reflections)
    {
        int n = a.Length;
        double[] u = new double[n], w = new double[n], next = new double[n], p = new double[n];
        for (int k = 0; k < n; k++)
        {
            // Row k is up to date once the last reflection has reached it.
            Update(a[k], u[k], w[k], u, w, k);
            diagonal[k] = a[k][k];
            if (k == n - 1)
            {
                return;
            }

            Array.Clear(next);
            off[k] = Reflection(a[k].AsSpan(k + 1), next.AsSpan(k + 1));
            reflections?.Add(next[(k + 1)..]);
            var body = new Body(a, u, w, next, p, k + 1);
            WorkerPool.Shared.For((n - k - 1 + BlockRows - 1) / BlockRows, ref body);
            (u, next) = (next, u);

            Array.Clear(w, 0, k + 1);
            Span<double> tail = w.AsSpan(k + 1);
            double product = TensorPrimitives.Dot<double>(u.AsSpan(k + 1), p.AsSpan(k + 1));
            TensorPrimitives.MultiplyAdd(u.AsSpan(k + 1), -product, p.AsSpan(k + 1), tail);
        }
    }

    /// <summary>The unit vector u for which (I − 2uuᵀ)x is zero but for its first number, which is returned; u = 0 where nothing is to be cleared.</summary>
    private static double Reflection(ReadOnlySpan<double> x, Span<double> u)
    {
        double norm = TensorPrimitives.Norm(x);
        if (x.Length == 1 || TensorPrimitives.Norm(x[1..]) == 0)
        {
            return x[0];
        }

        x.CopyTo(u);
        double first = x[0] > 0 ? -norm : norm;
        u[0] -= first;
        TensorPrimitives.Divide(u, TensorPrimitives.Norm<double>(u), u);
        return first;
    }

    /// <summary>row −= u_i·w + w_i·u from column k on.</summary>
    private static void Update(double[] row, double ui, double wi, double[] u, double[] w, int k)
    {
        Span<double> tail = row.AsSpan(k);
        TensorPrimitives.MultiplyAdd(w.AsSpan(k), -ui, tail, tail);
        TensorPrimitives.MultiplyAdd(u.AsSpan(k), -wi, tail, tail);
    }

    private static void Iterate(double[] d, double[] e)
    {
        int n = d.Length;
        double scale = 0;
        for (int i = 0; i < n; i++)
        {
            scale = Math.Max(scale, Math.Abs(d[i]) + Math.Abs(e[i]));
        }

        double negligible = scale * Math.Pow(2, -53);
        for (int first = 0; first < n; first++)
        {
            for (int sweep = 0; ; sweep++)
            {
                int last = first;
                while (last < n - 1 && Math.Abs(e[last]) > negligible)
                {
                    last++;
                }

                if (last == first)
                {
                    break;
                }

                if (sweep == MaxSweeps)
                {
                    throw new ArithmeticException("The eigenvalues of a matrix could not be found.");
                }

                Sweep(d, e, first, last);
            }
        }
    }

    /// <summary>One implicit QL sweep with Wilkinson's shift over the unreduced part [first, last].</summary>
    private static void Sweep(double[] d, double[] e, int first, int last)
    {
        double half = (d[first + 1] - d[first]) / (2 * e[first]);
        double shift = d[first] - (e[first] / (half + Math.CopySign(double.Hypot(half, 1), half)));
        double g = d[last] - shift, sine = 1, cosine = 1, carried = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double f = sine * e[i], b = cosine * e[i];
            double r = double.Hypot(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                // The part splits here.
                d[i + 1] -= carried;
                e[last] = 0;
                return;
            }

            (sine, cosine) = (f / r, g / r);
            g = d[i + 1] - carried;
            double t = ((d[i] - g) * sine) + (2 * cosine * b);
            carried = sine * t;
            d[i + 1] = g + carried;
            g = (cosine * t) - b;
        }

        d[first] -= carried;
        e[first] = g;
        e[last] = 0;
    }

    /// <summary>Some rows: apply the last reflection, then multiply by the next one's vector.</summary>
    private readonly struct Body(double[][] a, double[] u, double[] w, double[] next, double[] p, int start) : IBlockBody
    {
        public void Invoke(int block)
        {
            int first = start + (block * BlockRows), last = Math.Min(first + BlockRows, a.Length);
            for (int i = first; i < last; i++)
            {
                Update(a[i], u[i], w[i], u, w, start);
                p[i] = 2 * TensorPrimitives.Dot<double>(a[i].AsSpan(start), next.AsSpan(start));
            }
        }
    }
}
