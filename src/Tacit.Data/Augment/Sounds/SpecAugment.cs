using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>Masks and a warp of a log-mel spectrogram, by the paper's letters. The defaults are its policy LD for LibriSpeech.</summary>
/// <remarks>Park et al. 2019, arXiv:1904.08779, table 1.</remarks>
public sealed record SpecAugmentOptions
{
    /// <summary>W: how many frames a point in time moves at most; 0 for no warp.</summary>
    public int TimeWarp { get; init; } = 80;

    /// <summary>F: the widest mask over frequencies, in bins.</summary>
    public int FrequencyMask { get; init; } = 27;

    /// <summary>m_F: how many of them.</summary>
    public int FrequencyMasks { get; init; } = 2;

    /// <summary>T: the widest mask over time, in frames.</summary>
    public int TimeMask { get; init; } = 100;

    /// <summary>m_T: how many of them.</summary>
    public int TimeMasks { get; init; } = 2;

    /// <summary>p: the widest mask over time as a fraction of the frames.</summary>
    public float MaxTimeFraction { get; init; } = 1;

    /// <summary>Whether masks take the spectrogram's mean, or 0, which is the mean of normalised ones.</summary>
    public bool FillWithMean { get; init; }

    /// <exception cref="TacitException">A value is out of its range.</exception>
    public void Validate()
    {
        Check.That(
            Math.Min(TimeWarp, Math.Min(FrequencyMask, TimeMask)) >= 0 && Math.Min(FrequencyMasks, TimeMasks) >= 0,
            "warps, masks and their numbers must not be negative");
        Check.That(Math.Max(FrequencyMasks, TimeMasks) <= 1000, "there may be 1000 masks at most");
        Check.Range("the fraction of time", 0, MaxTimeFraction, 0, 1);
    }
}

/// <summary>Warps time, then masks bands of frequencies and stretches of time of a spectrogram [frames, bins].</summary>
public static class SpecAugment
{
    /// <summary>Draws warp and masks and applies them, in place.</summary>
    public static void Run(Span<float> spectrogram, int bins, SpecAugmentOptions options, ref RandomSequence random)
    {
        int frames = spectrogram.Length / bins;
        if (frames == 0)
        {
            return;
        }

        // A point more than W away from both ends; where there is none, as near to that as there is.
        int warp = Math.Min(options.TimeWarp, (frames - 1) / 2);
        if (warp > 0)
        {
            int center = warp + random.NextInt(frames - (2 * warp));
            Warp(spectrogram, bins, center, random.NextInt((2 * warp) + 1) - warp);
        }

        float fill = options.FillWithMean ? Mean(spectrogram) : 0;
        for (int m = 0; m < options.FrequencyMasks; m++)
        {
            (int from, int width) = Draw(bins, Math.Min(options.FrequencyMask, bins), ref random);
            for (int t = 0; t < frames; t++)
            {
                spectrogram.Slice((t * bins) + from, width).Fill(fill);
            }
        }

        int longest = Math.Min(options.TimeMask, (int)(options.MaxTimeFraction * frames));
        for (int m = 0; m < options.TimeMasks; m++)
        {
            (int from, int width) = Draw(frames, longest, ref random);
            spectrogram.Slice(from * bins, width * bins).Fill(fill);
        }
    }

    /// <summary>
    /// Moves frame <paramref name="center"/> by <paramref name="distance"/> frames, in place; what lies before and behind is stretched evenly,
    /// the first and the last frame stay, and frames between frames lie on straight lines.
    /// </summary>
    public static void Warp(Span<float> spectrogram, int bins, int center, int distance)
    {
        int last = (spectrogram.Length / bins) - 1, to = center + distance;
        if (distance == 0 || center < 0 || center > last || to < 0 || to > last)
        {
            return;
        }

        using Scratch scratch = Scratch.Rent(spectrogram.Length);
        Span<float> before = Memory(scratch, spectrogram.Length);
        spectrogram.CopyTo(before);
        for (int t = 0; t <= last; t++)
        {
            double at = t <= to ? (to == 0 ? center : (double)t * center / to) : center + ((double)(t - to) * (last - center) / (last - to));
            int low = Math.Min((int)at, last);
            int high = Math.Min(low + 1, last);
            float part = (float)(at - low);
            for (int f = 0; f < bins; f++)
            {
                float a = before[(low * bins) + f];
                spectrogram[(t * bins) + f] = a + (part * (before[(high * bins) + f] - a));
            }
        }
    }

    /// <summary>A width of 0 … widest and a place where it fits, both evenly.</summary>
    private static (int From, int Width) Draw(int length, int widest, ref RandomSequence random)
    {
        int width = random.NextInt(widest + 1);
        return (random.NextInt(length - width + 1), width);
    }

    private static float Mean(ReadOnlySpan<float> x)
    {
        double sum = 0;
        foreach (float value in x)
        {
            sum += value;
        }

        return (float)(sum / x.Length);
    }

    private static unsafe Span<float> Memory(in Scratch scratch, int length) => new(scratch.Data, length);
}
