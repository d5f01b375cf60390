using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// The weight gradient of a convolution of three kernel columns with stride 1 that keeps the width, part by part of the images, each with sums
/// of its own. Source and dY are read where they lie: a few rows at a time, which the second cache holds for all kernel rows, channels and outputs.
/// </summary>
internal readonly unsafe struct StripWeights<V>(CorrelationGrid grid, float* source, float* dy, int outputs, int parts, float* partial) : IBlockBody
    where V : struct, IVec<V>
{
    private const int Places = 128;             // of a unit, about
    private const int MostSums = 1 << 18;       // floats that the second cache holds beside a unit

    /// <summary>Whether the strips can do it.</summary>
    public static bool Fits(CorrelationGrid grid, int outputs) => StripOuter<V>.Fits(grid, outputs) && grid.Depth * outputs <= MostSums;

    /// <summary>Groups of output rows, of one image each.</summary>
    public static int Units(CorrelationGrid grid) => grid.Batch * UnitsAnImage(grid);

    public void Invoke(int block)
    {
        int units = Units(grid), perImage = UnitsAnImage(grid);
        int from = (int)((long)units * block / parts), to = (int)((long)units * (block + 1) / parts);
        for (int unit = from; unit < to; unit++)
        {
            int first = (int)((long)grid.Rows * (unit % perImage) / perImage), end = (int)((long)grid.Rows * ((unit % perImage) + 1) / perImage);
            Unit(unit / perImage, first, end, partial + ((nint)block * grid.Depth * outputs), unit > from);
        }
    }

    private static int UnitsAnImage(CorrelationGrid grid) => Math.Clamp(grid.Rows * grid.Columns / Places, 1, grid.Rows);

    /// <summary>Adds what some output rows of one image give, kernel row by kernel row.</summary>
    private void Unit(int image, int first, int end, float* o, bool add)
    {
        for (int k = 0; k < grid.KernelRows; k++, o += (nint)grid.Inner * outputs)
        {
            // Output row y reads source row y + k - Top, where there is one.
            int from = Math.Max(first, grid.Top - k), to = Math.Min(end, grid.Height + grid.Top - k), rows = Math.Max(0, to - from);
            float* x = source + (((((nint)image * grid.Height) + from + k - grid.Top) * grid.Width) * grid.Channels);
            float* d = dy + ((((nint)image * grid.Rows) + from) * grid.Columns * outputs);
            for (int c = 0; c < grid.Channels; c += StripOuter<V>.Channels)
            {
                for (int n = 0; n < outputs; n += V.Count)
                {
                    StripOuter<V>.Run(
                        new StripSide((nint)(x + c), grid.Channels, 0), new StripSide((nint)(d + n), outputs, 0), 1, rows, grid.Width,
                        o + ((nint)c * outputs) + n, grid.Channels, outputs, add);
                }
            }
        }
    }
}
