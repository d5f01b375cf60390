using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>The sine-cosine positions of every grid that is asked for, each made once.</summary>
/// <param name="dim">Their width, a multiple of 4.</param>
public sealed class GridPositions(int dim)
{
    private readonly Dictionary<(int Rows, int Columns), Tensor> grids = [];

    /// <summary>[rows · columns, dim], as <see cref="SineCosinePositions.Of"/> makes them.</summary>
    public Tensor Of(int rows, int columns)
    {
        if (!grids.TryGetValue((rows, columns), out Tensor? positions))
        {
            grids.Add((rows, columns), positions = SineCosinePositions.Of(rows, columns, dim));
        }

        return positions;
    }
}
