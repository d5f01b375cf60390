using System.Buffers.Binary;
using Tacit.Data.Augment;
using Tacit.Data.Features;
using Tacit.Data.Pictures;
using Tacit.Data.Pictures.Png;
using Tacit.Data.Sounds;
using Tacit.Tensors;

namespace Tacit.Evaluation.Report;

/// <summary>Pictures and sounds as data URIs, which need no file beside the page.</summary>
internal static class DataUri
{
    /// <summary>What sounds are played at: a telephone's rate.</summary>
    public const int Rate = 8000;

    private const int Mels = 80;
    private const double Loudest = 0.9;

    /// <summary>From the quietest to the loudest.</summary>
    private static readonly (byte R, byte G, byte B)[] Heat = [(16, 14, 38), (56, 30, 110), (140, 45, 120), (220, 90, 80), (250, 170, 90), (253, 243, 205)];

    /// <summary>A picture.</summary>
    public static string Of(Picture picture) => "data:image/png;base64," + Convert.ToBase64String(PngEncoder.Encode(picture));

    /// <summary>One of some views [N, H, W, 3].</summary>
    public static string Of(Tensor views, int row, Normalization normalization)
    {
        int height = views.Shape[1], width = views.Shape[2];
        ReadOnlySpan<float> values = views.Rows(row, 1).Span;
        byte[] pixels = new byte[values.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = normalization.Level(values[i], i % 3);
        }

        return Of(new Picture(width, height, 3, pixels));
    }

    /// <summary>A WAV file of the beginning of a sound at <see cref="Rate"/>, as loud as it can be.</summary>
    /// <param name="samples">One channel.</param>
    /// <param name="rate">Its samples a second.</param>
    /// <param name="seconds">What is longer is cut.</param>
    /// <param name="bytes">1 or 2 for a sample.</param>
    public static string Wav(ReadOnlySpan<float> samples, int rate, double seconds, int bytes)
    {
        ReadOnlySpan<float> kept = samples[..Math.Min(samples.Length, (int)(seconds * rate))];
        float[] played = rate == Rate ? kept.ToArray() : new Resampler(rate, Rate).Resample(kept);
        double peak = Math.Max(1e-9, played.Length == 0 ? 0 : played.Max(Math.Abs));
        byte[] file = new byte[44 + (played.Length * bytes)];
        Header(file, bytes);
        for (int i = 0; i < played.Length; i++)
        {
            double value = Loudest * played[i] / peak;
            if (bytes == 1)
            {
                file[44 + i] = (byte)Math.Clamp(Math.Round(128 + (value * 127)), 0, 255);
            }
            else
            {
                BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(44 + (2 * i)), (short)Math.Round(value * short.MaxValue));
            }
        }

        return "data:audio/wav;base64," + Convert.ToBase64String(file);
    }

    /// <summary>The FBANK picture of a sound: time from left to right, frequency from bottom to top.</summary>
    public static string? Spectrum(ReadOnlySpan<float> samples, int rate)
    {
        var fbank = new KaldiFbank(new KaldiFbankOptions { SampleFrequency = rate, NumMelBins = rate >= 16000 ? Mels : Mels / 2 });
        float[] frames = fbank.Compute(samples);
        return frames.Length == 0 ? null : Spectrum(frames, fbank.Dim, fbank.Dim);
    }

    /// <summary>Frames [T, width] as a picture of their first <paramref name="shown"/> numbers, the first at the bottom.</summary>
    public static string Spectrum(ReadOnlySpan<float> frames, int width, int shown)
    {
        (float low, float high) = Levels(frames, width, shown);
        return Spectrum(frames, width, shown, low, high);
    }

    /// <summary>A small picture of a sound: coarse in frequency, and its frames averaged to a few columns.</summary>
    public static string? Thumbnail(ReadOnlySpan<float> samples, int rate)
    {
        const int Bins = 24, Columns = 56;
        var fbank = new KaldiFbank(new KaldiFbankOptions { SampleFrequency = rate, NumMelBins = Bins });
        float[] frames = fbank.Compute(samples);
        int count = frames.Length / Bins, columns = Math.Min(Columns, count);
        float[] means = new float[columns * Bins];
        for (int t = 0; t < count; t++)
        {
            int column = (int)((long)t * columns / count), inside = (int)(((long)(column + 1) * count + columns - 1) / columns) - (int)((((long)column * count) + columns - 1) / columns);
            for (int f = 0; f < Bins; f++)
            {
                means[(column * Bins) + f] += frames[(t * Bins) + f] / inside;
            }
        }

        return columns == 0 ? null : Spectrum(means, Bins, Bins);
    }

    /// <summary>What is drawn darkest and brightest: nearly the least and the greatest of the numbers.</summary>
    public static (float Low, float High) Levels(ReadOnlySpan<float> frames, int width, int shown)
    {
        int count = frames.Length / width;
        var sorted = new List<float>(count * shown);
        for (int t = 0; t < count; t++)
        {
            foreach (float value in frames.Slice(t * width, shown))
            {
                sorted.Add(float.IsFinite(value) ? value : 0);
            }
        }

        sorted.Sort();
        return (sorted[sorted.Count / 50], sorted[^(1 + (sorted.Count / 200))]);
    }

    /// <summary>The same between levels given, so that pictures can be compared.</summary>
    public static string Spectrum(ReadOnlySpan<float> frames, int width, int shown, float low, float high)
    {
        int count = frames.Length / width;
        byte[] pixels = new byte[count * shown * 3];
        for (int t = 0; t < count; t++)
        {
            for (int f = 0; f < shown; f++)
            {
                float level = (frames[(t * width) + f] - low) / Math.Max(1e-6f, high - low);
                (byte r, byte g, byte b) = Colour(float.IsFinite(level) ? Math.Clamp(level, 0, 1) : 0);
                int at = (((shown - 1 - f) * count) + t) * 3;
                (pixels[at], pixels[at + 1], pixels[at + 2]) = (r, g, b);
            }
        }

        return Of(new Picture(count, shown, 3, pixels));
    }

    /// <summary>One of 48 colours, few enough that pictures stay small.</summary>
    private static (byte R, byte G, byte B) Colour(float level)
    {
        float place = MathF.Round(level * 47) / 47 * (Heat.Length - 1);
        int below = Math.Min((int)place, Heat.Length - 2);
        float share = place - below;
        byte Mix(byte a, byte b) => (byte)MathF.Round(a + ((b - a) * share));
        return (Mix(Heat[below].R, Heat[below + 1].R), Mix(Heat[below].G, Heat[below + 1].G), Mix(Heat[below].B, Heat[below + 1].B));
    }

    private static void Header(Span<byte> file, int bytes)
    {
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(file[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(file[20..], 1);                 // linear
        BinaryPrimitives.WriteInt16LittleEndian(file[22..], 1);                 // one channel
        BinaryPrimitives.WriteInt32LittleEndian(file[24..], Rate);
        BinaryPrimitives.WriteInt32LittleEndian(file[28..], Rate * bytes);
        BinaryPrimitives.WriteInt16LittleEndian(file[32..], (short)bytes);
        BinaryPrimitives.WriteInt16LittleEndian(file[34..], (short)(8 * bytes));
        "data"u8.CopyTo(file[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(file[40..], file.Length - 44);
    }
}
