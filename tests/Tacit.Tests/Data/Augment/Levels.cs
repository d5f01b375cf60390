using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Tensors;

namespace Tacit.Tests.Data.Augment;

/// <summary>Runs canvas operations on pictures, for comparison with pictures of levels 0 … 255 as [H, W, 3].</summary>
internal static unsafe class Levels
{
    private static readonly Normalization Unchanged = new([0, 0, 0], [1 / 255f, 1 / 255f, 1 / 255f]);

    public delegate void Operation(in Canvas canvas);

    public static SafetensorsContent Oracle { get; } = Tests.Oracle.Read("augment.safetensors");

    /// <summary>An oracle's picture; <see cref="Tensor"/>s hold its bytes as numbers.</summary>
    public static Picture Picture(string name)
    {
        Tensor tensor = Oracle.Tensors[name];
        return new Picture(tensor.Shape[1], tensor.Shape[0], 3, [.. tensor.ToArray().Select(v => (byte)v)]);
    }

    /// <summary>The picture after an operation.</summary>
    public static float[] After(Picture picture, Operation operation, bool flip = false, int turns = 0)
    {
        // The whole picture at its own size: the resize changes nothing, which a test of its own shows.
        return Render(picture.Width, picture.Height, (in Canvas canvas) =>
        {
            Resize.Run(picture, new CropBox(0, 0, picture.Width, picture.Height), Interpolation.Bilinear, canvas);
            operation(canvas);
        }, flip, turns);
    }

    /// <summary>What an operation leaves on an empty canvas.</summary>
    public static float[] Render(int width, int height, Operation operation, bool flip = false, int turns = 0)
    {
        using Scratch scratch = Scratch.Rent(Canvas.Floats(width, height));
        var canvas = new Canvas(scratch.Data, width, height);
        operation(canvas);
        float[] levels = new float[3 * width * height];
        fixed (float* p = levels)
        {
            ViewWriter.Write(canvas, flip, turns, Unchanged, p);
        }

        return levels;
    }
}
