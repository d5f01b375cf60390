using Tacit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Tacit.Methods;

/// <summary>Σ_{i≠j} c²ᵢⱼ of a square matrix: what the losses that decorrelate dimensions push to 0.</summary>
internal static unsafe class OffDiagonal
{
    private const int RowsPerBlock = 8;

    /// <summary>The sum of the squares beside the diagonal, a scalar. The diagonal gets no gradient.</summary>
    /// <param name="c">[D, D]</param>
    public static Tensor SquareSum(Tensor c)
    {
        int side = c.Shape[0];
        if (c.Rank != 2 || c.Shape[1] != side)
        {
            throw ShapeException.Unfit("OffDiagonal", c.Shape, "it takes a square matrix");
        }

        Tensor sums = Tensor.Empty(new Shape(2 * side));            // one double a row
        var body = new SumRows(c.Data, side, (double*)sums.Data);
        WorkerPool.Shared.For((side + RowsPerBlock - 1) / RowsPerBlock, ref body);
        double total = 0;
        for (int i = 0; i < side; i++)
        {
            total += ((double*)sums.Data)[i];
        }

        Tensor result = Tensor.Scalar((float)total);
        if (Tape.Wants(c, "OffDiagonal"))
        {
            Tape.Add(new OffDiagonalNode(c, result));
        }

        return result;
    }

    private readonly struct SumRows(float* c, int side, double* sums) : IBlockBody
    {
        public void Invoke(int block)
        {
            for (int i = block * RowsPerBlock; i < Math.Min(side, (block + 1) * RowsPerBlock); i++)
            {
                // Left and right of the diagonal, not all less the diagonal: near the optimum that would cancel.
                var row = new ReadOnlySpan<float>(c + ((nint)i * side), side);
                sums[i] = (double)TensorPrimitives.SumOfSquares(row[..i]) + TensorPrimitives.SumOfSquares(row[(i + 1)..]);
            }
        }
    }

    private sealed class OffDiagonalNode(Tensor c, Tensor sum) : Node("OffDiagonal", sum)
    {
        public override void Backward()
        {
            int side = c.Shape[0];
            var body = new Slopes(c.Data, side, 2 * Output.GradientData[0], c.GradientTarget());
            WorkerPool.Shared.For((side + RowsPerBlock - 1) / RowsPerBlock, ref body);
        }
    }

    private readonly struct Slopes(float* c, int side, float factor, Gradient target) : IBlockBody
    {
        public void Invoke(int block)
        {
            for (int i = block * RowsPerBlock; i < Math.Min(side, (block + 1) * RowsPerBlock); i++)
            {
                var row = new ReadOnlySpan<float>(c + ((nint)i * side), side);
                var slope = new Span<float>(target.Data + ((nint)i * side), side);
                float diagonal = target.Add ? slope[i] : 0;
                if (target.Add)
                {
                    TensorPrimitives.MultiplyAdd(row, factor, slope, slope);
                }
                else
                {
                    TensorPrimitives.Multiply(row, factor, slope);
                }

                slope[i] = diagonal;
            }
        }
    }
}
