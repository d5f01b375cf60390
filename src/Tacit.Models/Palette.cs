using System.Numerics;
using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Colours by number: pictures to tokens of the nearest colour, and back.</summary>
/// <remarks>Chen et al. 2020 (iGPT), section 2.2: a palette of 512 colours makes a picture a sequence of 9-bit tokens.</remarks>
public static class Palette
{
    private const int BlockPixels = 1024;

    /// <summary>The number of the nearest colour (Euclidean) for each pixel in its order; of equally near ones the lowest.</summary>
    /// <param name="pictures">[.., 3]</param>
    /// <param name="palette">[K, 3], in the same space as the pictures.</param>
    public static int[] Nearest(Tensor pictures, Tensor palette)
    {
        if (pictures.Shape.Last != 3 || palette.Rank != 2 || palette.Shape[1] != 3 || palette.Shape[0] == 0)
        {
            throw ShapeException.Mismatch("Palette", pictures.Shape, palette.Shape, "pixels are [.., 3] and a palette is [K, 3]");
        }

        // Channel by channel and filled up to whole vectors with colours infinitely far away.
        int colours = palette.Shape[0], padded = (colours + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        var channels = new float[3 * padded];
        Array.Fill(channels, float.PositiveInfinity);
        for (int c = 0; c < colours; c++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                channels[(channel * padded) + c] = palette.Span[(3 * c) + channel];
            }
        }

        var tokens = new int[pictures.Length / 3];
        var body = new NearestBody(pictures, channels, padded, tokens);
        WorkerPool.Shared.For((tokens.Length + BlockPixels - 1) / BlockPixels, ref body);
        return tokens;
    }

    /// <summary>Tokens as pictures [N, side, side, 3], in the palette's space.</summary>
    /// <param name="tokens">N · side · side numbers of colours, picture by picture in raster order.</param>
    /// <param name="palette">[K, 3]</param>
    /// <param name="side">Of the pictures.</param>
    /// <exception cref="ArgumentException">A colour that the palette does not have.</exception>
    public static Tensor Pictures(int[] tokens, Tensor palette, int side) =>
        Ops.Gather(palette, tokens).Reshape(tokens.Length / (side * side), side, side, 3);

    /// <summary>A palette for a model that has seen no pictures: colours spread evenly over normalised space, [-2, 2] a channel.</summary>
    internal static void FillEvenly(Tensor palette)
    {
        int colours = palette.Shape[0], levels = 1;
        while ((long)levels * levels * levels < colours)
        {
            levels++;
        }

        long all = (long)levels * levels * levels;
        for (int c = 0; c < colours; c++)
        {
            long number = c * all / colours;
            for (int channel = 2; channel >= 0; channel--)
            {
                palette[c, channel] = levels == 1 ? 0 : -2 + (4f * (number % levels) / (levels - 1));
                number /= levels;
            }
        }
    }

    private readonly struct NearestBody(Tensor pictures, float[] channels, int colours, int[] tokens) : IBlockBody
    {
        public void Invoke(int block)
        {
            ReadOnlySpan<float> pixels = pictures.Span;
            int end = Math.Min(tokens.Length, (block + 1) * BlockPixels);
            for (int i = block * BlockPixels; i < end; i++)
            {
                tokens[i] = Nearest(pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]);
            }
        }

        private int Nearest(float red, float green, float blue)
        {
            Vector<float> r = new(red), g = new(green), b = new(blue), nearest = new(float.PositiveInfinity);
            Vector<int> number = Vector<int>.Zero, current = Vector<int>.Indices;
            for (int c = 0; c < colours; c += Vector<float>.Count, current += new Vector<int>(Vector<float>.Count))
            {
                Vector<float> dr = r - new Vector<float>(channels, c);
                Vector<float> dg = g - new Vector<float>(channels, colours + c);
                Vector<float> db = b - new Vector<float>(channels, (2 * colours) + c);
                Vector<float> distance = (dr * dr) + (dg * dg) + (db * db);
                number = Vector.ConditionalSelect(Vector.LessThan(distance, nearest), current, number);
                nearest = Vector.Min(distance, nearest);
            }

            int best = 0;
            for (int lane = 1; lane < Vector<float>.Count; lane++)
            {
                bool nearer = nearest[lane] < nearest[best] || (nearest[lane] == nearest[best] && number[lane] < number[best]);
                best = nearer ? lane : best;
            }

            return number[best];
        }
    }
}
