using System.Numerics.Tensors;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Nn;

/// <summary>‖x − y‖² of some rows of a table to all of its rows, as ‖x‖² + ‖y‖² − 2x·y by matrix products.</summary>
internal sealed unsafe class SquaredDistances
{
    /// <summary>Rows of one block: what <see cref="Fill"/> writes at most.</summary>
    public const int BlockRows = 64;

    private readonly Tensor rows;
    private readonly float[] squares;

    /// <param name="rows">[N, D], best with the origin among them.</param>
    public SquaredDistances(Tensor rows)
    {
        this.rows = rows;
        squares = new float[Count];
        for (int i = 0; i < Count; i++)
        {
            squares[i] = (float)SquareSum.Of(rows.Data + ((long)i * rows.Shape[1]), rows.Shape[1]);
        }
    }

    public int Count => rows.Shape[0];

    public int Blocks => (Count + BlockRows - 1) / BlockRows;

    /// <summary>The distances of a block's rows, N a row.</summary>
    /// <returns>How many rows the block has.</returns>
    public int Fill(int block, float* distances)
    {
        int dim = rows.Shape[1], first = block * BlockRows, count = Math.Min(BlockRows, Count - first);
        Gemm.Run(false, true, count, Count, dim, rows.Data + ((long)first * dim), dim, rows.Data, dim, distances, Count);
        for (int i = 0; i < count; i++)
        {
            var row = new Span<float>(distances + ((long)i * Count), Count);
            TensorPrimitives.MultiplyAdd(row, -2, squares, row);
            TensorPrimitives.Add(row, squares[first + i], row);
            TensorPrimitives.Max(row, 0, row);
            row[first + i] = 0;
        }

        return count;
    }
}
