using Tacit.Data.Augment;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Pictures apart: their lightness for a network to see, their colours for it to find.</summary>
public static class ColourField
{
    /// <summary>The lightness of each pixel on three equal channels, (L − 50) / 25: about the range of normalised pictures.</summary>
    /// <param name="pictures">[N, H, W, 3], normalised.</param>
    /// <param name="normalization">What was done to them.</param>
    /// <returns>[N, H, W, 3]</returns>
    public static Tensor Lightness(Tensor pictures, Normalization normalization)
    {
        Tensor light = Tensor.Empty(Pictures(pictures));
        var body = new LightnessBody(pictures, normalization, light);
        WorkerPool.Shared.For(pictures.Shape[0], ref body);
        return light;
    }

    /// <summary>Mean a and b of each cell of stride × stride pixels; cells at the right and lower edge may hold fewer.</summary>
    /// <param name="pictures">[N, H, W, 3], normalised.</param>
    /// <param name="normalization">What was done to them.</param>
    /// <param name="stride">Pixels of a cell along each axis.</param>
    /// <returns>[N, ⌈H / stride⌉, ⌈W / stride⌉, 2]</returns>
    public static Tensor Colours(Tensor pictures, Normalization normalization, int stride)
    {
        Shape shape = Pictures(pictures);
        Tensor colours = Tensor.Zeros(new Shape(shape[0], (shape[1] + stride - 1) / stride, (shape[2] + stride - 1) / stride, 2));
        var body = new ColoursBody(pictures, normalization, stride, colours);
        WorkerPool.Shared.For(shape[0], ref body);
        return colours;
    }

    /// <summary>Each colour spread over its nearest bins.</summary>
    /// <param name="colours">[.., 2]</param>
    /// <param name="weights">[<see cref="ColourBins.Count"/>]: each row is multiplied by the weight of its nearest bin.</param>
    /// <returns>[M, <see cref="ColourBins.Count"/>], one row a colour; without weights rows add up to 1.</returns>
    public static Tensor Targets(Tensor colours, ReadOnlySpan<float> weights = default)
    {
        Tensor targets = Tensor.Zeros(new Shape(colours.Length / 2, ColourBins.Count));
        Span<int> bins = stackalloc int[ColourBins.Neighbours];
        Span<float> shares = stackalloc float[ColourBins.Neighbours];
        for (int row = 0; row < targets.Shape[0]; row++)
        {
            ColourBins.Encode(colours.Span[2 * row], colours.Span[(2 * row) + 1], bins, shares);
            float weight = weights.IsEmpty ? 1 : weights[bins[0]];
            for (int i = 0; i < bins.Length; i++)
            {
                targets.Span[(row * ColourBins.Count) + bins[i]] = weight * shares[i];
            }
        }

        return targets;
    }

    /// <summary>Pictures of their own lightness and found colours, which are spread smoothly over them.</summary>
    /// <param name="pictures">[N, H, W, 3], normalised.</param>
    /// <param name="normalization">What was done to them.</param>
    /// <param name="colours">[N, h, w, 2]</param>
    /// <returns>[N, H, W, 3], levels 0 … 1.</returns>
    public static Tensor Paint(Tensor pictures, Normalization normalization, Tensor colours)
    {
        Tensor painted = Tensor.Empty(Pictures(pictures));
        var body = new PaintBody(pictures, normalization, colours, painted);
        WorkerPool.Shared.For(pictures.Shape[0], ref body);
        return painted;
    }

    private static Shape Pictures(Tensor pictures) =>
        pictures.Rank == 4 && pictures.Shape[3] == 3
            ? pictures.Shape
            : throw ShapeException.Unfit("ColourField", pictures.Shape, "it takes pictures [N, H, W, 3]");

    private static unsafe (float L, float A, float B) Lab(float* pixel, Normalization n) => LabColour.FromRgb(
        (pixel[0] * n.Deviation[0]) + n.Mean[0], (pixel[1] * n.Deviation[1]) + n.Mean[1], (pixel[2] * n.Deviation[2]) + n.Mean[2]);

    private readonly unsafe struct LightnessBody(Tensor pictures, Normalization normalization, Tensor light) : IBlockBody
    {
        public void Invoke(int picture)
        {
            int length = pictures.Length / pictures.Shape[0];
            float* from = pictures.Data + ((long)picture * length), to = light.Data + ((long)picture * length);
            for (int i = 0; i < length; i += 3)
            {
                to[i] = to[i + 1] = to[i + 2] = (Lab(from + i, normalization).L - 50) / 25;
            }
        }
    }

    private readonly unsafe struct ColoursBody(Tensor pictures, Normalization normalization, int stride, Tensor colours) : IBlockBody
    {
        public void Invoke(int picture)
        {
            int height = pictures.Shape[1], width = pictures.Shape[2], rows = colours.Shape[1], columns = colours.Shape[2];
            float* from = pictures.Data + ((long)picture * height * width * 3);
            float* to = colours.Data + ((long)picture * rows * columns * 2);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    int row = y / stride, column = x / stride;
                    float share = 1f / (Math.Min(stride, height - (row * stride)) * Math.Min(stride, width - (column * stride)));
                    (_, float a, float b) = Lab(from + (((y * width) + x) * 3), normalization);
                    float* cell = to + (((row * columns) + column) * 2);
                    cell[0] += share * a;
                    cell[1] += share * b;
                }
            }
        }
    }

    private readonly unsafe struct PaintBody(Tensor pictures, Normalization normalization, Tensor colours, Tensor painted) : IBlockBody
    {
        public void Invoke(int picture)
        {
            int height = pictures.Shape[1], width = pictures.Shape[2], rows = colours.Shape[1], columns = colours.Shape[2];
            long first = (long)picture * height * width * 3;
            float* cells = colours.Data + ((long)picture * rows * columns * 2);
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    float row = Math.Clamp(((y + 0.5f) * rows / height) - 0.5f, 0, rows - 1), column = Math.Clamp(((x + 0.5f) * columns / width) - 0.5f, 0, columns - 1);
                    int top = (int)row, left = (int)column, bottom = Math.Min(top + 1, rows - 1), right = Math.Min(left + 1, columns - 1);
                    long at = first + (((y * width) + x) * 3);
                    (float r, float g, float b) = LabColour.ToRgb(Lab(pictures.Data + at, normalization).L, Smooth(0), Smooth(1));
                    (painted.Data[at], painted.Data[at + 1], painted.Data[at + 2]) = (r, g, b);

                    float Smooth(int channel)
                    {
                        float upper = float.Lerp(Cell(top, left, channel), Cell(top, right, channel), column - left);
                        float lower = float.Lerp(Cell(bottom, left, channel), Cell(bottom, right, channel), column - left);
                        return float.Lerp(upper, lower, row - top);
                    }
                }
            }

            float Cell(int row, int column, int channel) => cells[(((row * columns) + column) * 2) + channel];
        }
    }
}
