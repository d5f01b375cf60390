using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Cuts pictures into square patches and joins them again.</summary>
public static class Patches
{
    /// <summary>How many rows and columns of patches pictures [N, H, W, C] have.</summary>
    /// <exception cref="TacitException">Their sides are no multiples of the patch.</exception>
    public static (int Rows, int Columns) Grid(Tensor pictures, int patch)
    {
        if (pictures.Rank != 4)
        {
            throw ShapeException.Unfit("Patches", pictures.Shape, "pictures are [N, H, W, C]");
        }

        int height = pictures.Shape[1], width = pictures.Shape[2];
        return height % patch == 0 && width % patch == 0 && height > 0 && width > 0
            ? (height / patch, width / patch)
            : throw new TacitException($"Pictures of {width} × {height} pixels cannot be cut into patches of {patch} × {patch}: give a side (data.size) that is a multiple of the patch (model.patch-size).");
    }

    /// <summary>[N, H, W, C] to [N, rows · columns, patch · patch · C], row by row; each patch row by row, its channels last.</summary>
    /// <exception cref="TacitException">The sides are no multiples of the patch.</exception>
    public static Tensor Cut(Tensor pictures, int patch)
    {
        var (rows, columns) = Grid(pictures, patch);
        int items = pictures.Shape[0], channels = pictures.Shape[3];
        Tensor cut = Ops.Transpose(pictures.Reshape(items, rows, patch, columns, patch * channels), 0, 1, 3, 2, 4);
        return cut.Reshape(items, rows * columns, patch * patch * channels);
    }

    /// <summary>The inverse of <see cref="Cut"/>: [N, rows · columns, patch · patch · C] to [N, rows · patch, columns · patch, C].</summary>
    public static Tensor Join(Tensor patches, int rows, int columns, int patch)
    {
        if (patches.Rank != 3 || patches.Shape[1] != rows * columns || patches.Shape[2] % (patch * patch) != 0)
        {
            throw ShapeException.Unfit("Patches.Join", patches.Shape, $"{rows} × {columns} patches of {patch} × {patch} are [N, {rows * columns}, {patch * patch} · C]");
        }

        int items = patches.Shape[0], channels = patches.Shape[2] / (patch * patch);
        Tensor joined = Ops.Transpose(patches.Reshape(items, rows, columns, patch, patch * channels), 0, 1, 3, 2, 4);
        return joined.Reshape(items, rows * patch, columns * patch, channels);
    }
}
