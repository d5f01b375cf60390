using System.Numerics.Tensors;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Nn;

/// <summary>What a table of features says about itself, without labels.</summary>
public static class FeatureMetrics
{
    private const int BlockRows = 128;

    /// <summary>
    /// Standard deviation of each dimension over the L2-normalised rows, averaged over dimensions: 0 when all rows point the
    /// same way, about 1/√D when they point everywhere.
    /// </summary>
    /// <param name="features">[N, D], at least two rows.</param>
    /// <remarks>Chen and He 2021, arXiv:2011.10566, section 4.1.</remarks>
    public static double Deviation(Tensor features)
    {
        Require(features, 2);
        int n = features.Shape[0], dim = features.Shape[1];
        float[] unit = Normalized(features);
        var mean = new double[dim];
        var square = new double[dim];
        for (int i = 0; i < unit.Length; i++)
        {
            mean[i % dim] += (double)unit[i] / n;
        }

        for (int i = 0; i < unit.Length; i++)
        {
            double off = unit[i] - mean[i % dim];
            square[i % dim] += off * off;
        }

        return square.Average(sum => Math.Sqrt(sum / (n - 1)));
    }

    /// <summary>Effective rank: the exponential of the entropy of the singular values, from 1 to min(N, D).</summary>
    /// <param name="features">[N, D]</param>
    /// <returns>NaN where a feature is not finite.</returns>
    /// <remarks>Garrido et al. 2023, arXiv:2210.02885: exp(H(p)) with p = σ/‖σ‖₁ + 1e-7.</remarks>
    public static double RankMe(Tensor features)
    {
        Require(features, 1);
        double[][] gram = GramMatrix.Of(features);
        if (!Array.TrueForAll(gram, row => double.IsFinite(TensorPrimitives.Sum<double>(row))))
        {
            return double.NaN;
        }

        double[] singular = [.. SymmetricEigen.Values(gram).Select(value => Math.Sqrt(Math.Max(0, value)))];
        double sum = singular.Sum();
        if (sum == 0)
        {
            return 1;
        }

        double entropy = 0;
        foreach (double value in singular)
        {
            double p = (value / sum) + 1e-7;
            entropy -= p * Math.Log(p);
        }

        return Math.Exp(entropy);
    }

    /// <summary>E‖x − y‖² over pairs of views of the same item, both L2-normalised: lower is better.</summary>
    /// <param name="x">[N, D]</param>
    /// <param name="y">[N, D], row i another view of what row i of x shows.</param>
    /// <remarks>Wang and Isola 2020, arXiv:2005.10242, with α = 2.</remarks>
    public static double Alignment(Tensor x, Tensor y)
    {
        Require(x, 1);
        if (x.Shape != y.Shape)
        {
            throw ShapeException.Mismatch("Alignment", x.Shape, y.Shape, "both views need one row for each item");
        }

        float[] a = Normalized(x), b = Normalized(y);
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double off = (double)a[i] - b[i];
            sum += off * off;
        }

        return sum / x.Shape[0];
    }

    /// <summary>log E exp(−2‖x − y‖²) over pairs of different items, L2-normalised: lower is better, 0 is full collapse.</summary>
    /// <param name="features">[N, D], at least two rows.</param>
    /// <remarks>Wang and Isola 2020, arXiv:2005.10242, with t = 2.</remarks>
    public static unsafe double Uniformity(Tensor features)
    {
        Require(features, 2);
        long n = features.Shape[0];
        int blocks = (features.Shape[0] + BlockRows - 1) / BlockRows;
        var partial = new double[blocks];
        var unit = Tensor.Lasting(features.Shape);
        Normalized(features).CopyTo(unit.Span);
        var body = new UniformityBody(unit, partial);
        WorkerPool.Shared.For(blocks, ref body);
        return Math.Log(partial.Sum() / (n * (n - 1) / 2));
    }

    private static void Require(Tensor features, int rows)
    {
        if (features.Rank != 2 || features.Shape[0] < rows || features.Shape[1] < 1)
        {
            throw ShapeException.Unfit("FeatureMetrics", features.Shape, $"it takes [N, D] with at least {rows} rows");
        }
    }

    private static float[] Normalized(Tensor features)
    {
        int dim = features.Shape[1];
        float[] unit = features.ToArray();
        for (int start = 0; start < unit.Length; start += dim)
        {
            Span<float> row = unit.AsSpan(start, dim);
            double sum = 0;
            foreach (float value in row)
            {
                sum += (double)value * value;
            }

            TensorPrimitives.Multiply(row, (float)(1 / Math.Max(Math.Sqrt(sum), 1e-12)), row);
        }

        return unit;
    }

    /// <summary>A block of rows against itself and all rows after it; each pair once.</summary>
    private readonly unsafe struct UniformityBody(Tensor unit, double[] partial) : IBlockBody
    {
        public void Invoke(int block)
        {
            int n = unit.Shape[0], dim = unit.Shape[1], first = block * BlockRows, count = Math.Min(BlockRows, n - first);
            using Scratch cosines = Scratch.Rent(BlockRows * BlockRows);
            double sum = 0;
            for (int start = first; start < n; start += BlockRows)
            {
                int width = Math.Min(BlockRows, n - start);
                Gemm.Run(false, true, count, width, dim, unit.Data + ((long)first * dim), dim, unit.Data + ((long)start * dim), dim, cosines.Data, BlockRows);
                for (int i = 0; i < count; i++)
                {
                    for (int j = start == first ? i + 1 : 0; j < width; j++)
                    {
                        // ‖x − y‖² = 2 − 2 cos
                        sum += Math.Exp(4 * ((double)cosines.Data[(i * BlockRows) + j] - 1));
                    }
                }
            }

            partial[block] = sum;
        }
    }
}
