using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>A 3×3 grid of cells with a tile anywhere in each, in whole pixels of a picture.</summary>
/// <param name="Cell">Side of a cell.</param>
/// <param name="Tile">Side of a tile, 64 of 75 of the cell: the rest is a gap of changing width.</param>
/// <remarks>Noroozi and Favaro 2016, arXiv:1603.09246, section 3.4: cells of 75, tiles of 64.</remarks>
public sealed record TileGrid(int Cell, int Tile)
{
    /// <summary>Smaller tiles show nothing.</summary>
    public const int SmallestTile = 4;

    /// <summary>The least side of a picture that such a grid has room in.</summary>
    public const int SmallestSide = 15;

    /// <summary>The largest grid that a picture of this side has room for.</summary>
    /// <exception cref="TacitException">Not even tiles of 4 pixels fit.</exception>
    public static TileGrid Within(int side)
    {
        int cell = side / 3;
        var grid = new TileGrid(cell, cell * 64 / 75);
        return grid.Tile >= SmallestTile
            ? grid
            : throw new TacitException($"A picture of {side} pixels is too small for 3×3 tiles with gaps; give at least {SmallestSide}.");
    }

    /// <summary>The nine tiles of one picture, rearranged.</summary>
    /// <param name="picture">Its number in the batch.</param>
    /// <param name="side">Of the picture.</param>
    /// <param name="permutation">Element i is the tile that place i shows.</param>
    /// <param name="random">Where in its cell each tile lies.</param>
    /// <param name="windows">Takes nine windows, place by place.</param>
    public void Arrange(int picture, int side, ReadOnlySpan<int> permutation, ref RandomSequence random, Span<PictureWindow> windows)
    {
        int top = random.NextInt(side - (3 * Cell) + 1), left = random.NextInt(side - (3 * Cell) + 1);
        for (int place = 0; place < permutation.Length; place++)
        {
            int tile = permutation[place];
            windows[place] = new PictureWindow(
                picture,
                top + (tile / 3 * Cell) + random.NextInt(Cell - Tile + 1),
                left + (tile % 3 * Cell) + random.NextInt(Cell - Tile + 1),
                Tile);
        }
    }
}
