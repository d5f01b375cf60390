using System.Numerics.Tensors;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Nn;

/// <summary>
/// XᵀX or XXᵀ, whichever is smaller, in double: their eigenvalues are the squares of X's singular values, and float32 sums
/// would drown the small ones.
/// </summary>
internal static class GramMatrix
{
    private const int BlockRows = 16;
    private const int Chunk = 256;

    /// <param name="x">[N, D]</param>
    /// <param name="columns">XᵀX even where it is the larger.</param>
    /// <returns>Row-major, min(N, D) squared, or D squared.</returns>
    public static double[][] Of(Tensor x, bool columns = false)
    {
        int n = x.Shape[0], dim = x.Shape[1];
        bool rowwise = n < dim && !columns;
        int size = rowwise ? n : dim, length = rowwise ? dim : n;
        var rows = new double[size][];
        var gram = new double[size][];
        for (int i = 0; i < size; i++)
        {
            rows[i] = new double[length];
            gram[i] = new double[size];
        }

        ReadOnlySpan<float> values = x.Span;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < dim; j++)
            {
                double value = values[(i * dim) + j];
                if (rowwise)
                {
                    rows[i][j] = value;
                }
                else
                {
                    rows[j][i] = value;
                }
            }
        }

        var body = new Body(rows, gram);
        WorkerPool.Shared.For((size + BlockRows - 1) / BlockRows, ref body);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                gram[j][i] = gram[i][j];
            }
        }

        return gram;
    }

    /// <summary>Some rows of the lower triangle; along the sum in pieces that stay in cache.</summary>
    private readonly struct Body(double[][] rows, double[][] gram) : IBlockBody
    {
        public void Invoke(int block)
        {
            int first = block * BlockRows, last = Math.Min(first + BlockRows, rows.Length), length = rows[0].Length;
            for (int start = 0; start < length; start += Chunk)
            {
                int count = Math.Min(Chunk, length - start);
                for (int i = first; i < last; i++)
                {
                    ReadOnlySpan<double> a = rows[i].AsSpan(start, count);
                    for (int j = 0; j <= i; j++)
                    {
                        gram[i][j] += TensorPrimitives.Dot(a, rows[j].AsSpan(start, count));
                    }
                }
            }
        }
    }
}
