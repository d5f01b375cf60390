using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>A square part of one picture of a batch, in whole pixels.</summary>
/// <param name="Picture">Its number in the batch.</param>
/// <param name="Top">First row.</param>
/// <param name="Left">First column.</param>
/// <param name="Side">Rows and columns.</param>
public readonly record struct PictureWindow(int Picture, int Top, int Left, int Side);

/// <summary>Cuts patches and tiles out of pictures and brings them to one size.</summary>
public static class Windows
{
    /// <summary>Windows cut out smaller than this are enlarged to it: encoders halve their input several times.</summary>
    public const int LeastShown = 12;

    /// <summary>The side at which an encoder sees windows of a side, where nobody says otherwise.</summary>
    public static int ShownSide(int side, BackboneOptions model)
    {
        int shown = Math.Max(LeastShown, side), unit = model.SideUnit;
        return (shown + unit - 1) / unit * unit;
    }

    /// <summary>Refuses a side that the encoder cannot cut into its patches.</summary>
    /// <exception cref="ConfigurationException">It cannot.</exception>
    internal static void RequireWhole(DataFit fit, string key, int? side)
    {
        int unit = fit.Model.SideUnit;
        if (side % unit is > 0)
        {
            throw DataFit.Refusal(key, $"{side} pixels cannot be cut into the encoder's patches of {unit} (model.patch-size); give a multiple of {unit}");
        }
    }

    /// <param name="pictures">[N, H, W, C]; no gradient flows back to them.</param>
    /// <param name="windows">M parts that lie within their pictures.</param>
    /// <param name="side">Of what is cut out; windows of another side are resized bilinearly.</param>
    /// <returns>[M, side, side, C]. No pixel outside a window has a part in it: gaps between windows stay gaps.</returns>
    public static Tensor Cut(Tensor pictures, PictureWindow[] windows, int side)
    {
        if (pictures.Rank != 4)
        {
            throw ShapeException.Unfit("Windows", pictures.Shape, "it takes pictures [N, H, W, C]");
        }

        foreach (PictureWindow w in windows)
        {
            if (w.Picture < 0 || w.Picture >= pictures.Shape[0] || w.Side < 1 || w.Top < 0 || w.Left < 0 || w.Top + w.Side > pictures.Shape[1] || w.Left + w.Side > pictures.Shape[2])
            {
                throw ShapeException.Unfit("Windows", pictures.Shape, $"{w} does not lie within it");
            }
        }

        Tensor cut = Tensor.Empty(new Shape(windows.Length, side, side, pictures.Shape[3]));
        var body = new Body(pictures, windows, cut);
        WorkerPool.Shared.For(windows.Length, ref body);
        return cut;
    }

    /// <summary>Brings each channel of each picture to mean 0 and deviation 1, in place; what is flat becomes 0.</summary>
    /// <param name="pictures">[N, H, W, C]</param>
    /// <remarks>Noroozi and Favaro 2016, arXiv:1603.09246, section 3.4: colour statistics would give neighbouring tiles away.</remarks>
    public static void Standardize(Tensor pictures)
    {
        var body = new Standard(pictures);
        WorkerPool.Shared.For(pictures.Shape[0], ref body);
    }

    private readonly unsafe struct Body(Tensor pictures, PictureWindow[] windows, Tensor cut) : IBlockBody
    {
        public void Invoke(int index)
        {
            PictureWindow w = windows[index];
            int width = pictures.Shape[2], channels = pictures.Shape[3], side = cut.Shape[1];
            float* from = pictures.Data + ((((long)w.Picture * pictures.Shape[1]) + w.Top) * width * channels) + (w.Left * channels);
            float* to = cut.Data + ((long)index * side * side * channels);
            for (int row = 0; row < side; row++)
            {
                (int top, int bottom, float below) = At(row, side, w.Side);
                for (int column = 0; column < side; column++)
                {
                    (int left, int right, float beside) = At(column, side, w.Side);
                    for (int c = 0; c < channels; c++)
                    {
                        float upper = Between(from[(((top * width) + left) * channels) + c], from[(((top * width) + right) * channels) + c], beside);
                        float lower = Between(from[(((bottom * width) + left) * channels) + c], from[(((bottom * width) + right) * channels) + c], beside);
                        *to++ = Between(upper, lower, below);
                    }
                }
            }
        }

        /// <summary>The two pixels that an output pixel's middle lies between, and how far it is from the first.</summary>
        private static (int First, int Second, float Share) At(int output, int outputs, int inputs)
        {
            if (outputs == inputs)
            {
                return (output, output, 0);
            }

            float at = Math.Clamp(((output + 0.5f) * inputs / outputs) - 0.5f, 0, inputs - 1);
            int first = (int)at;
            return (first, Math.Min(first + 1, inputs - 1), at - first);
        }

        private static float Between(float a, float b, float share) => a + (share * (b - a));
    }

    private readonly unsafe struct Standard(Tensor pictures) : IBlockBody
    {
        public void Invoke(int picture)
        {
            int channels = pictures.Shape[3], pixels = pictures.Shape[1] * pictures.Shape[2];
            float* x = pictures.Data + ((long)picture * pixels * channels);
            for (int c = 0; c < channels; c++)
            {
                double sum = 0, square = 0;
                for (int i = 0; i < pixels; i++)
                {
                    sum += x[(i * channels) + c];
                }

                float mean = (float)(sum / pixels);
                for (int i = 0; i < pixels; i++)
                {
                    double off = x[(i * channels) + c] - mean;
                    square += off * off;
                }

                double deviation = Math.Sqrt(square / pixels);
                float scale = deviation > 1e-4 ? (float)(1 / deviation) : 0;
                for (int i = 0; i < pixels; i++)
                {
                    x[(i * channels) + c] = (x[(i * channels) + c] - mean) * scale;
                }
            }
        }
    }
}
