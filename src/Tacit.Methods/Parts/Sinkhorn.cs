using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Soft assignments of N items to K clusters that are used equally: the entropic optimal transport of scores.</summary>
/// <remarks>
/// Cuturi 2013, arXiv:1306.0895; Caron et al. 2020, arXiv:2006.09882, section 3.2 and listing 1. The scaling of rows and
/// columns is done on exp((s - a - b)/ε), a the row's largest score and b the column's largest of what is left, so that every
/// row and column holds a 1 and nothing overflows or dies out, however small ε; in double.
/// </remarks>
public static unsafe class Sinkhorn
{
    private const int RowsPerBlock = 16;

    /// <summary>The assignments, without history: [N, K], rows that add up to 1, columns that add up to about N/K.</summary>
    /// <param name="scores">[N, K], what is high where an item fits a cluster.</param>
    /// <param name="eps">ε: towards 0 each item goes to one cluster, above it is spread.</param>
    /// <param name="iterations">How often clusters and then items are brought to their share; 0 divides by the total alone, which leaves rows that add up to 1 only on average.</param>
    public static Tensor Assign(Tensor scores, double eps, int iterations)
    {
        if (scores.Rank != 2 || scores.Length == 0)
        {
            throw ShapeException.Unfit("Sinkhorn", scores.Shape, "it takes [N, K], an item's scores in each row");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(eps);
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        int items = scores.Shape[0], clusters = scores.Shape[1];
        Tensor result = Tensor.Empty(scores.Shape);
        using Scratch memory = Scratch.Rent(2 * (scores.Length + items + (2 * clusters)));
        double* mass = (double*)memory.Data;                        // [N, K]
        double* row = mass + scores.Length;                         // an item's factor
        double* column = row + items, sum = column + clusters;      // a cluster's factor
        Begin(scores, 1 / eps, mass, row, column);
        for (int i = 0; i < iterations; i++)
        {
            Share(items, clusters, mass, row, sum);
            for (int k = 0; k < clusters; k++)
            {
                column[k] = 1 / (sum[k] * clusters);
            }

            for (int n = 0; n < items; n++)
            {
                row[n] = 1 / (Total(mass + ((nint)n * clusters), column, clusters) * items);
            }
        }

        double scale = items;
        if (iterations == 0)
        {
            double total = 0;
            for (int n = 0; n < items; n++)
            {
                total += row[n] * Total(mass + ((nint)n * clusters), column, clusters);
            }

            scale /= total;
        }

        for (int n = 0; n < items; n++)
        {
            for (int k = 0; k < clusters; k++)
            {
                result.Data[((nint)n * clusters) + k] = (float)(scale * row[n] * mass[((nint)n * clusters) + k] * column[k]);
            }
        }

        return result;
    }

    /// <summary>exp(s/ε) as row · mass · column, up to a common factor.</summary>
    private static void Begin(Tensor scores, double sharpness, double* mass, double* row, double* column)
    {
        int items = scores.Shape[0], clusters = scores.Shape[1];
        new Span<double>(column, clusters).Fill(double.NegativeInfinity);
        double top = double.NegativeInfinity;
        for (int n = 0; n < items; n++)
        {
            float* s = scores.Data + ((nint)n * clusters);
            row[n] = float.NegativeInfinity;
            for (int k = 0; k < clusters; k++)
            {
                row[n] = Math.Max(row[n], s[k]);
            }

            top = Math.Max(top, row[n]);
            for (int k = 0; k < clusters; k++)
            {
                column[k] = Math.Max(column[k], s[k] - row[n]);
            }
        }

        var body = new Exponentials(scores.Data, sharpness, items, clusters, mass, row, column);
        WorkerPool.Shared.For((items + RowsPerBlock - 1) / RowsPerBlock, ref body);
        for (int n = 0; n < items; n++)
        {
            row[n] = Math.Exp((row[n] - top) * sharpness);
        }

        for (int k = 0; k < clusters; k++)
        {
            column[k] = Math.Exp(column[k] * sharpness);
        }
    }

    /// <summary>What each cluster has: Σ row · mass, over items in their order.</summary>
    private static void Share(int items, int clusters, double* mass, double* row, double* sum)
    {
        new Span<double>(sum, clusters).Clear();
        for (int n = 0; n < items; n++)
        {
            for (int k = 0; k < clusters; k++)
            {
                sum[k] += row[n] * mass[((nint)n * clusters) + k];
            }
        }
    }

    private static double Total(double* a, double* b, int count)
    {
        double total = 0;
        for (int k = 0; k < count; k++)
        {
            total += a[k] * b[k];
        }

        return total;
    }

    private readonly struct Exponentials(float* scores, double sharpness, int items, int clusters, double* mass, double* row, double* column) : IBlockBody
    {
        public void Invoke(int block)
        {
            for (int n = block * RowsPerBlock; n < Math.Min(items, (block + 1) * RowsPerBlock); n++)
            {
                for (int k = 0; k < clusters; k++)
                {
                    nint at = ((nint)n * clusters) + k;
                    mass[at] = Math.Exp((scores[at] - row[n] - column[k]) * sharpness);
                }
            }
        }
    }
}
