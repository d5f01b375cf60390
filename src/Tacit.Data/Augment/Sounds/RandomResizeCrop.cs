using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>
/// Random resize crop of a spectrogram: the picture lies in the middle of a larger canvas of zeros, and a crop of random size is
/// resized to the picture's. The defaults are BYOL-A's.
/// </summary>
/// <remarks>Niizumi et al. 2021, arXiv:2103.06695, section III-B2.</remarks>
public sealed record RandomResizeCropOptions
{
    /// <summary>The canvas over the picture, in time and in frequency: at least 1.</summary>
    public float CanvasTime { get; init; } = 1.5f;

    public float CanvasFrequency { get; init; } = 1;

    /// <summary>The crop over the picture in time, drawn evenly; no more than the canvas.</summary>
    public float MinTime { get; init; } = 0.6f;

    public float MaxTime { get; init; } = 1.5f;

    /// <summary>The crop over the picture in frequency, drawn evenly; no more than the canvas.</summary>
    public float MinFrequency { get; init; } = 0.6f;

    public float MaxFrequency { get; init; } = 1.5f;

    /// <exception cref="TacitException">A value is out of its range.</exception>
    public void Validate()
    {
        Check.Range("the canvas", 1, Math.Min(CanvasTime, CanvasFrequency), 1, 100);
        Check.Range("the canvas", 1, Math.Max(CanvasTime, CanvasFrequency), 1, 100);
        Check.Range("the crop in time", MinTime, MaxTime, 0.01f, 100);
        Check.Range("the crop in frequency", MinFrequency, MaxFrequency, 0.01f, 100);
    }
}

/// <summary>Crops a spectrogram [frames, bins], perhaps beyond its edges, and resizes the crop to its size.</summary>
public static unsafe class RandomResizeCrop
{
    /// <summary>Draws a crop and resizes it, in place.</summary>
    public static void Run(Span<float> spectrogram, int bins, RandomResizeCropOptions options, ref RandomSequence random)
    {
        int frames = spectrogram.Length / bins;
        if (frames == 0)
        {
            return;
        }

        (int top, int height) = Draw(frames, options.CanvasTime, options.MinTime, options.MaxTime, ref random);
        (int left, int width) = Draw(bins, options.CanvasFrequency, options.MinFrequency, options.MaxFrequency, ref random);
        Apply(spectrogram, bins, top, height, left, width);
    }

    /// <summary>
    /// Resizes frames [top, top + height) and bins [left, left + width) to the whole, in place, by a cubic (a = -0.75) that keeps the corners
    /// in place, as torch's interpolate with align_corners. What lies outside the spectrogram is 0; beyond the crop its edge goes on.
    /// </summary>
    public static void Apply(Span<float> spectrogram, int bins, int top, int height, int left, int width)
    {
        int frames = spectrogram.Length / bins;
        if (frames == 0 || (top == 0 && left == 0 && height == frames && width == bins))
        {
            return;
        }

        // The crop, then its frames resized, then every frame's bins.
        using Scratch scratch = Scratch.Rent(checked((height + frames) * width));
        var crop = new Span<float>(scratch.Data, height * width);
        var resized = new Span<float>(scratch.Data + (height * width), frames * width);
        crop.Clear();
        int from = Math.Max(0, left), to = Math.Min(bins, left + width);
        for (int t = Math.Max(0, top); t < Math.Min(frames, top + height) && from < to; t++)
        {
            spectrogram[((t * bins) + from)..((t * bins) + to)].CopyTo(crop[(((t - top) * width) + from - left)..]);
        }

        for (int t = 0; t < frames; t++)
        {
            var taps = new Taps(t, height, frames);
            for (int f = 0; f < width; f++)
            {
                resized[(t * width) + f] = taps.Sum(crop[f..], width);
            }
        }

        for (int f = 0; f < bins; f++)
        {
            var taps = new Taps(f, width, bins);
            for (int t = 0; t < frames; t++)
            {
                spectrogram[(t * bins) + f] = taps.Sum(resized[(t * width)..], 1);
            }
        }
    }

    private static (int From, int Length) Draw(int length, float canvas, float min, float max, ref RandomSequence random)
    {
        int whole = Math.Max(length, (int)(length * canvas));
        int size = Math.Clamp((int)(length * random.NextUniform(min, max)), 1, whole);
        return (random.NextInt(whole - size + 1) - ((whole - length) / 2), size);
    }

    /// <summary>The four inputs around an output's place, and their weights.</summary>
    private readonly struct Taps
    {
        private readonly int a, b, c, d;
        private readonly float wa, wb, wc, wd;

        public Taps(int output, int inputs, int outputs)
        {
            double at = outputs > 1 ? (double)output * (inputs - 1) / (outputs - 1) : 0;
            int low = (int)at, last = inputs - 1;
            double x = at - low;
            (a, b, c, d) = (Math.Max(low - 1, 0), Math.Min(low, last), Math.Min(low + 1, last), Math.Min(low + 2, last));
            (wa, wb, wc, wd) = ((float)Far(x + 1), (float)Near(x), (float)Near(1 - x), (float)Far(2 - x));
        }

        public float Sum(ReadOnlySpan<float> x, int stride) => (wa * x[a * stride]) + (wb * x[b * stride]) + (wc * x[c * stride]) + (wd * x[d * stride]);

        private const double A = -0.75;

        private static double Near(double x) => ((((A + 2) * x) - (A + 3)) * x * x) + 1;

        private static double Far(double x) => (((((x - 5) * x) + 8) * x) - 4) * A;
    }
}
