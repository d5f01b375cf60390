using Tacit.Data.Pictures;
using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>Every decision of chance for one view, drawn before anything is computed.</summary>
internal struct DrawnView
{
    private static readonly byte[] Orders = AllOrders();       // of brightness, contrast, saturation, hue

    public CropBox Crop;
    public bool Jitter, Grey, Blur, Solarize, Equalize, Flip;

    /// <summary>Which of the 24 orders of brightness, contrast, saturation and hue.</summary>
    public int Order;

    public float Brightness, Contrast, Saturation, Hue, Sigma;

    /// <summary>Quarter turns, anticlockwise.</summary>
    public int Turns;

    public static DrawnView Draw(int width, int height, AugmentationOptions options, ref RandomSequence random)
    {
        var view = new DrawnView { Crop = CropBox.Draw(width, height, options, ref random) };
        view.Jitter = random.NextUniform() < options.JitterProbability;
        if (view.Jitter)
        {
            view.Order = random.NextInt(24);
            view.Brightness = Factor(options.Brightness, ref random);
            view.Contrast = Factor(options.Contrast, ref random);
            view.Saturation = Factor(options.Saturation, ref random);
            view.Hue = random.NextUniform(-options.Hue, options.Hue);
        }

        view.Grey = random.NextUniform() < options.GreyProbability;
        view.Blur = random.NextUniform() < options.BlurProbability;
        view.Sigma = view.Blur ? random.NextUniform(options.MinSigma, options.MaxSigma) : 0;
        view.Solarize = random.NextUniform() < options.SolarizeProbability;
        view.Equalize = random.NextUniform() < options.EqualizeProbability;
        view.Flip = random.NextUniform() < options.FlipProbability;
        view.Turns = random.NextUniform() < options.TurnProbability ? 1 + random.NextInt(3) : 0;
        return view;
    }

    /// <summary>Makes the view: a side × side picture, normalised, as [side, side, 3].</summary>
    public readonly unsafe void Render(Picture picture, int side, AugmentationOptions options, Normalization normalization, float* output)
    {
        using Scratch scratch = Scratch.Rent(Canvas.Floats(side, side));
        var canvas = new Canvas(scratch.Data, side, side);
        Resize.Run(picture, Crop, options.Interpolation, canvas);
        if (Jitter)
        {
            ApplyJitter(canvas, options);
        }

        if (Grey)
        {
            Colour.Grey(canvas);
        }

        if (Blur)
        {
            GaussianBlur.Run(canvas, options.BlurKernel > 0 ? options.BlurKernel : GaussianBlur.DefaultKernel(side), Sigma);
        }

        if (Solarize)
        {
            Colour.Solarize(canvas, options.SolarizeThreshold);
        }

        if (Equalize)
        {
            Colour.Equalize(canvas);
        }

        ViewWriter.Write(canvas, Flip, Turns, normalization, output);
    }

    private readonly void ApplyJitter(in Canvas canvas, AugmentationOptions options)
    {
        for (int i = 0; i < 4; i++)
        {
            switch (Orders[(Order * 4) + i])
            {
                case 0 when options.Brightness > 0:
                    Colour.Brightness(canvas, Brightness);
                    break;
                case 1 when options.Contrast > 0:
                    Colour.Contrast(canvas, Contrast);
                    break;
                case 2 when options.Saturation > 0:
                    Colour.Saturation(canvas, Saturation);
                    break;
                case 3 when options.Hue > 0:
                    Colour.Hue(canvas, Hue);
                    break;
                default:
                    break;
            }
        }
    }

    private static float Factor(float strength, ref RandomSequence random) =>
        random.NextUniform(Math.Max(0, 1 - strength), 1 + strength);

    private static byte[] AllOrders()
    {
        var orders = new List<byte>();
        for (int code = 0; code < 256; code++)
        {
            byte[] order = [(byte)(code >> 6), (byte)((code >> 4) & 3), (byte)((code >> 2) & 3), (byte)(code & 3)];
            if (order.Distinct().Count() == 4)
            {
                orders.AddRange(order);
            }
        }

        return [.. orders];
    }
}
