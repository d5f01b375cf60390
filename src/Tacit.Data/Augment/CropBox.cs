using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>A rectangle of a picture, in pixels.</summary>
internal readonly record struct CropBox(int Left, int Top, int Width, int Height)
{
    private const int Tries = 10;

    /// <summary>
    /// Draws a crop of random area and aspect, as torchvision's RandomResizedCrop: ten tries, then the largest crop
    /// around the middle whose aspect is allowed.
    /// </summary>
    /// <remarks>Szegedy et al. 2015, arXiv:1409.4842, section 6.</remarks>
    public static CropBox Draw(int width, int height, AugmentationOptions options, ref RandomSequence random)
    {
        double area = (double)width * height;
        double lowRatio = Math.Log(options.MinRatio), highRatio = Math.Log(options.MaxRatio);
        for (int i = 0; i < Tries; i++)
        {
            double target = area * random.NextUniform(options.MinScale, options.MaxScale);
            double ratio = Math.Exp(lowRatio + ((highRatio - lowRatio) * random.NextUniform()));
            int w = (int)Math.Round(Math.Sqrt(target * ratio));       // ties to even, as Python rounds
            int h = (int)Math.Round(Math.Sqrt(target / ratio));
            if (w > 0 && w <= width && h > 0 && h <= height)
            {
                int top = random.NextInt(height - h + 1);
                return new CropBox(random.NextInt(width - w + 1), top, w, h);
            }
        }

        return Middle(width, height, options.MinRatio, options.MaxRatio);
    }

    /// <summary>The largest crop around the middle whose width over height lies within the bounds.</summary>
    public static CropBox Middle(int width, int height, float minRatio, float maxRatio)
    {
        double ratio = (double)width / height;
        int w = width, h = height;
        if (ratio < minRatio)
        {
            h = Math.Clamp((int)Math.Round(width / (double)minRatio), 1, height);
        }
        else if (ratio > maxRatio)
        {
            w = Math.Clamp((int)Math.Round(height * (double)maxRatio), 1, width);
        }

        return new CropBox((width - w) / 2, (height - h) / 2, w, h);
    }
}
