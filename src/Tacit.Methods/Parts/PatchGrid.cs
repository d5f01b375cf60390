using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>A 3×3 grid of patches with gaps between them, each shifted a little, in whole pixels of a picture.</summary>
/// <param name="Patch">Side of a patch.</param>
/// <param name="Gap">Between neighbours: half a patch, so that lines cannot be followed across.</param>
/// <param name="Jitter">Each patch is shifted by up to this much either way: 7 of 96 of the patch, and at least 1.</param>
/// <remarks>Doersch et al. 2015, arXiv:1505.05192, section 3.1: patches of 96 with gaps of 48 and shifts of up to 7.</remarks>
public sealed record PatchGrid(int Patch, int Gap, int Jitter)
{
    /// <summary>Neighbours of the middle patch.</summary>
    public const int Neighbours = 8;

    /// <summary>Smaller patches show nothing.</summary>
    public const int SmallestPatch = 4;

    /// <summary>The least side of a picture that such a grid has room in.</summary>
    public static int SmallestSide => Of(SmallestPatch).Extent;

    /// <summary>What the grid covers, shifts included.</summary>
    public int Extent => (3 * Patch) + (2 * Gap) + (2 * Jitter);

    /// <summary>The largest grid that a picture of this side has room for.</summary>
    /// <exception cref="TacitException">Not even patches of 4 pixels fit.</exception>
    public static PatchGrid Within(int side)
    {
        int patch = side / 3;
        while (patch > 0 && Of(patch).Extent > side)
        {
            patch--;
        }

        return patch >= SmallestPatch
            ? Of(patch)
            : throw new TacitException($"A picture of {side} pixels is too small for a 3×3 grid of patches with gaps; give at least {SmallestSide}.");
    }

    /// <summary>Draws the middle patch and one of its neighbours in a grid that lies anywhere in the picture.</summary>
    /// <param name="picture">Its number in the batch.</param>
    /// <param name="side">Of the picture.</param>
    /// <param name="neighbour">0 … 7, row by row without the middle.</param>
    /// <param name="random">Where the grid lies, and the shifts.</param>
    public (PictureWindow Middle, PictureWindow Neighbour) Pair(int picture, int side, int neighbour, ref RandomSequence random)
    {
        int top = Jitter + random.NextInt(side - Extent + 1), left = Jitter + random.NextInt(side - Extent + 1);
        int cell = neighbour < Neighbours / 2 ? neighbour : neighbour + 1;
        PictureWindow middle = Cell(1, 1, ref random);
        return (middle, Cell(cell / 3, cell % 3, ref random));

        PictureWindow Cell(int row, int column, ref RandomSequence random) => new(
            picture,
            top + (row * (Patch + Gap)) + random.NextInt((2 * Jitter) + 1) - Jitter,
            left + (column * (Patch + Gap)) + random.NextInt((2 * Jitter) + 1) - Jitter,
            Patch);
    }

    private static PatchGrid Of(int patch) => new(patch, (patch + 1) / 2, Math.Max(1, (int)Math.Round(patch * 7 / 96.0)));
}
