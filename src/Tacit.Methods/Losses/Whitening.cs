using Tacit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Tacit.Methods;

/// <summary>
/// Whitens the rows of a batch by the Cholesky factor of their covariance: z = L⁻¹(x − μ) with LLᵀ = (1 − ε)Σ + εI, so that
/// the batch's covariance becomes the identity. Differentiable through mean, covariance and factor.
/// </summary>
/// <remarks>Ermolov et al. 2021, arXiv:2007.06346, section 3; Siarohin et al. 2019, arXiv:1806.00420. All inner sums are in double.</remarks>
public static unsafe class Whitening
{
    /// <summary>A pivot below this share of its dimension's variance means that the dimension follows from those before it.</summary>
    private const double SmallestPivot = 1e-9;

    /// <summary>The whitened rows [N, D].</summary>
    /// <param name="x">[N, D], more rows than dimensions where <paramref name="epsilon"/> is 0.</param>
    /// <param name="epsilon">Share of the identity in the covariance, 0 … 1 (without 1).</param>
    public static Tensor Of(Tensor x, float epsilon = 0) => Of(x, epsilon, out _);

    /// <summary>The whitened rows, and how uneven the covariance was.</summary>
    /// <param name="x">[N, D]</param>
    /// <param name="epsilon">Share of the identity in the covariance.</param>
    /// <param name="condition">(largest pivot / smallest)² of the factor's diagonal: a lower bound of the covariance's condition number, 1 for white data.</param>
    /// <exception cref="ShapeException">Not a matrix of at least two rows.</exception>
    /// <exception cref="TacitException">The covariance has no factor: too few rows, or dimensions that follow from each other.</exception>
    public static Tensor Of(Tensor x, float epsilon, out double condition)
    {
        if (x.Rank != 2 || x.Shape[0] < 2)
        {
            throw ShapeException.Unfit("Whitening", x.Shape, "it takes [N, D] with at least two rows");
        }

        int rows = x.Shape[0], width = x.Shape[1];
        Tensor centred = Doubles(rows * width), inverse = Doubles(width * width);       // Xc [N, D] and W = L⁻¹ [D, D]
        Centre(x, centred);
        double* covariance = (double*)inverse.Data;
        for (int i = 0; i < width; i++)
        {
            new Span<double>(covariance + (i * width), width).Clear();
        }

        AddProducts(centred, rows, width, covariance);
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double shrunk = (1 - (double)epsilon) * covariance[(i * width) + j] / (rows - 1);
                covariance[(i * width) + j] = i == j ? shrunk + epsilon : shrunk;
            }
        }

        condition = Factor(covariance, width, rows);
        Invert(covariance, width);
        Tensor z = Tensor.Empty(x.Shape);
        for (int n = 0; n < rows; n++)
        {
            ReadOnlySpan<double> row = Row(centred, n, width);
            for (int i = 0; i < width; i++)
            {
                z.Data[(n * width) + i] = (float)TensorPrimitives.Dot(Row(inverse, i, width)[..(i + 1)], row[..(i + 1)]);
            }
        }

        if (Tape.Wants(x, "Whitening"))
        {
            Tape.Add(new WhiteningNode(x, z, inverse, epsilon));
        }

        return z;
    }

    private static Tensor Doubles(int count) => Tensor.Empty(new Shape(2 * count));

    private static Span<double> Row(Tensor doubles, int row, int width) => new((double*)doubles.Data + ((nint)row * width), width);

    private static void Centre(Tensor x, Tensor centred)
    {
        int rows = x.Shape[0], width = x.Shape[1];
        using Scratch scratch = Scratch.Rent(2 * width);
        var mean = new Span<double>(scratch.Data, width);
        mean.Clear();
        for (int n = 0; n < rows; n++)
        {
            Span<double> row = Row(centred, n, width);
            TensorPrimitives.ConvertChecked(x.Rows(n, 1).Span, row);
            TensorPrimitives.Add(mean, row, mean);
        }

        TensorPrimitives.Divide(mean, rows, mean);
        for (int n = 0; n < rows; n++)
        {
            Span<double> row = Row(centred, n, width);
            TensorPrimitives.Subtract(row, mean, row);
        }
    }

    /// <summary>The lower triangle of XᵀX, row of X by row.</summary>
    private static void AddProducts(Tensor x, int rows, int width, double* into)
    {
        for (int n = 0; n < rows; n++)
        {
            ReadOnlySpan<double> row = Row(x, n, width);
            for (int i = 0; i < width; i++)
            {
                var sums = new Span<double>(into + ((nint)i * width), i + 1);
                TensorPrimitives.MultiplyAdd(row[..(i + 1)], row[i], sums, sums);
            }
        }
    }

    /// <summary>The Cholesky factor in place of the lower triangle; what is above the diagonal stays 0.</summary>
    private static double Factor(double* a, int width, int rows)
    {
        double least = double.MaxValue, most = 0;
        for (int i = 0; i < width; i++)
        {
            var row = new Span<double>(a + ((nint)i * width), width);
            for (int j = 0; j < i; j++)
            {
                var above = new ReadOnlySpan<double>(a + ((nint)j * width), j + 1);
                row[j] = (row[j] - TensorPrimitives.Dot<double>(row[..j], above[..j])) / above[j];
            }

            double variance = row[i];
            double pivot = variance - TensorPrimitives.SumOfSquares<double>(row[..i]);
            if (!(variance > 0 && pivot > SmallestPivot * variance))
            {
                throw new TacitException(
                    $"The {rows} projections of {width} dimensions cannot be whitened: dimension {i} {(variance > 0 ? "follows from those before it" : "does not vary")}. " +
                    "Whiten more items at once (method.sub-batch), project to fewer dimensions (method.projector), or set method.epsilon above 0, for example 0.001.");
            }

            row[i] = Math.Sqrt(pivot);
            least = Math.Min(least, row[i]);
            most = Math.Max(most, row[i]);
        }

        return most / least * (most / least);
    }

    /// <summary>The inverse of a lower triangle, in its place, row by row.</summary>
    private static void Invert(double* a, int width)
    {
        // Row i of L⁻¹ is (eᵢ − Σ_{k<i} Lᵢₖ · row k) / Lᵢᵢ, and the rows above are inverted already.
        using Scratch scratch = Scratch.Rent(2 * width);
        var sum = new Span<double>(scratch.Data, width);
        for (int i = 0; i < width; i++)
        {
            var row = new Span<double>(a + ((nint)i * width), width);
            sum[..(i + 1)].Clear();
            for (int k = 0; k < i; k++)
            {
                TensorPrimitives.MultiplyAdd(new ReadOnlySpan<double>(a + ((nint)k * width), k + 1), -row[k], sum[..(k + 1)], sum[..(k + 1)]);
            }

            sum[i] = 1;
            TensorPrimitives.Divide(sum[..(i + 1)], row[i], row[..(i + 1)]);
        }
    }

    /// <summary>
    /// dX = centred( (G − (1 − ε)/(N − 1) · Z Q) W ), where P = GᵀZ and Q is P's lower triangle mirrored to both sides.
    /// </summary>
    /// <remarks>
    /// From Z = Xc Wᵀ: W̄ = GᵀXc, so L̄ = −Wᵀ(GᵀZ) = −WᵀP on its lower triangle. Cholesky's rule gives
    /// Σ̄ = ½ Wᵀ(Φ(LᵀL̄) + Φ(LᵀL̄)ᵀ)W with Φ the lower triangle, its diagonal halved (Murray 2016, arXiv:1602.07527); LᵀWᵀ = I
    /// leaves −Φ(P), and Xc Wᵀ = Z the rest.
    /// </remarks>
    private sealed class WhiteningNode(Tensor x, Tensor z, Tensor inverse, float epsilon) : Node("Whitening", z)
    {
        public override void Backward()
        {
            int rows = x.Shape[0], width = x.Shape[1];
            using Scratch scratch = Scratch.Rent(2 * ((width * width) + (2 * width) + (2 * rows * width)));
            double* q = (double*)scratch.Data, mean = q + (width * width), along = mean + width, g = along + width, white = g + (rows * width);
            TensorPrimitives.ConvertChecked(new ReadOnlySpan<float>(Output.GradientData, rows * width), new Span<double>(g, rows * width));
            TensorPrimitives.ConvertChecked<float, double>(Output.Span, new Span<double>(white, rows * width));
            Mirrored(g, white, rows, width, q);
            new Span<double>(mean, width).Clear();
            for (int n = 0; n < rows; n++)
            {
                Through(new Span<double>(g + (n * width), width), new ReadOnlySpan<double>(white + (n * width), width), q, new Span<double>(along, width), rows);
                TensorPrimitives.Add(new Span<double>(mean, width), new Span<double>(g + (n * width), width), new Span<double>(mean, width));
            }

            Gradient target = x.GradientTarget();
            for (int n = 0; n < rows; n++)
            {
                for (int d = 0; d < width; d++)
                {
                    int at = (n * width) + d;
                    target.Data[at] = (target.Add ? target.Data[at] : 0) + (float)(g[at] - (mean[d] / rows));
                }
            }
        }

        /// <summary>Q: the lower triangle of GᵀZ, mirrored.</summary>
        private static void Mirrored(double* g, double* white, int rows, int width, double* q)
        {
            new Span<double>(q, width * width).Clear();
            for (int n = 0; n < rows; n++)
            {
                var row = new ReadOnlySpan<double>(white + (n * width), width);
                for (int i = 0; i < width; i++)
                {
                    var sums = new Span<double>(q + (i * width), i + 1);
                    TensorPrimitives.MultiplyAdd(row[..(i + 1)], g[(n * width) + i], sums, sums);
                }
            }

            for (int i = 0; i < width; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    q[(j * width) + i] = q[(i * width) + j];
                }
            }
        }

        /// <summary>g becomes (g − share · z Q) W for one row.</summary>
        private void Through(Span<double> g, ReadOnlySpan<double> row, double* q, Span<double> along, int rows)
        {
            int width = g.Length;
            double share = (1 - (double)epsilon) / (rows - 1);
            for (int i = 0; i < width; i++)
            {
                along[i] = g[i] - (share * TensorPrimitives.Dot(row, new ReadOnlySpan<double>(q + (i * width), width)));
            }

            g.Clear();
            for (int i = 0; i < width; i++)
            {
                TensorPrimitives.MultiplyAdd(Row(inverse, i, width)[..(i + 1)], along[i], g[..(i + 1)], g[..(i + 1)]);
            }
        }
    }
}
