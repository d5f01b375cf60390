using System.Numerics.Tensors;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Nn;

/// <summary>The centroid nearest to each row; of equally near ones the first.</summary>
/// <remarks>
/// argmax x·c − ½‖c‖², by matrix products in blocks whose products stay in cache. Rows and centroids are moved by the
/// centroids' mean first: the answer is the same, and data far from the origin loses no digits.
/// </remarks>
internal static class NearestCentroid
{
    private const int RowBlock = 256;
    private const int CentroidBlock = 1024;

    /// <param name="rows">[N, D]</param>
    /// <param name="centroids">[K, D], of unit length where spherical.</param>
    /// <param name="spherical">Compare rows brought to unit length.</param>
    /// <param name="nearest">[N] takes the centroids' numbers.</param>
    /// <returns>Σ ‖x − c‖² over rows and their nearest centroids.</returns>
    public static unsafe double Assign(Tensor rows, Tensor centroids, bool spherical, int[] nearest)
    {
        int count = rows.Shape[0], k = centroids.Shape[0], dim = centroids.Shape[1];
        var mean = Tensor.Lasting(new Shape(dim));
        Mean(centroids, mean.Span);
        var moved = Tensor.Lasting(centroids.Shape);
        var halves = Tensor.Lasting(new Shape(k));
        for (int j = 0; j < k; j++)
        {
            Span<float> row = moved.Span.Slice(j * dim, dim);
            TensorPrimitives.Subtract(centroids.Span.Slice(j * dim, dim), mean.Span, row);
            halves.Span[j] = (float)(-0.5 * SquareSum.Of(moved.Data + ((long)j * dim), dim));
        }

        var inertia = new double[(count + RowBlock - 1) / RowBlock];
        var body = new Body(rows, moved, mean, halves, spherical, nearest, inertia);
        WorkerPool.Shared.For(inertia.Length, ref body);
        double sum = 0;
        foreach (double part in inertia)
        {
            sum += part;
        }

        return sum;
    }

    private static void Mean(Tensor centroids, Span<float> mean)
    {
        int k = centroids.Shape[0], dim = centroids.Shape[1];
        ReadOnlySpan<float> values = centroids.Span;
        for (int d = 0; d < dim; d++)
        {
            double sum = 0;
            for (int j = 0; j < k; j++)
            {
                sum += values[(j * dim) + d];
            }

            mean[d] = (float)(sum / k);
        }
    }

    private readonly unsafe struct Body(Tensor rows, Tensor centroids, Tensor mean, Tensor halves, bool spherical, int[] nearest, double[] inertia) : IBlockBody
    {
        public void Invoke(int block)
        {
            int dim = centroids.Shape[1], k = centroids.Shape[0];
            int first = block * RowBlock, count = Math.Min(RowBlock, rows.Shape[0] - first), stride = Math.Min(k, CentroidBlock);
            using Scratch moved = Scratch.Rent(RowBlock * dim);
            using Scratch products = Scratch.Rent(RowBlock * stride);
            for (int i = 0; i < count; i++)
            {
                float* source = rows.Data + ((long)(first + i) * dim);
                var row = new Span<float>(moved.Data + ((nint)i * dim), dim);
                new Span<float>(source, dim).CopyTo(row);
                if (spherical)
                {
                    TensorPrimitives.Multiply(row, UnitLength.Scale(source, dim), row);
                }

                TensorPrimitives.Subtract(row, mean.Span, row);
            }

            Span<float> best = stackalloc float[RowBlock];
            best.Fill(float.NegativeInfinity);
            nearest.AsSpan(first, count).Clear();
            for (int start = 0; start < k; start += CentroidBlock)
            {
                int width = Math.Min(CentroidBlock, k - start);
                Gemm.Run(false, true, count, width, dim, moved.Data, dim, centroids.Data + ((long)start * dim), dim, products.Data, stride, bias: halves.Data + start);
                for (int i = 0; i < count; i++)
                {
                    var scores = new ReadOnlySpan<float>(products.Data + ((nint)i * stride), width);
                    int at = TensorPrimitives.IndexOfMax(scores);
                    if (scores[at] > best[i])
                    {
                        best[i] = scores[at];
                        nearest[first + i] = start + at;
                    }
                }
            }

            double sum = 0;
            for (int i = 0; i < count; i++)
            {
                float* x = moved.Data + ((nint)i * dim);
                float* c = centroids.Data + ((long)nearest[first + i] * dim);
                for (int d = 0; d < dim; d++)
                {
                    double off = (double)x[d] - c[d];
                    sum += off * off;
                }
            }

            inertia[block] = sum;
        }
    }
}
