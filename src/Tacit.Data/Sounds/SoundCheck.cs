using System.Numerics.Tensors;

namespace Tacit.Data.Sounds;

/// <summary>Simple facts about samples.</summary>
public static class SoundCheck
{
    /// <summary>A root mean square below which a recording counts as silent: -60 dB of full scale.</summary>
    public const float SilenceRms = 1e-3f;

    /// <summary>The mean of the channels of each frame.</summary>
    /// <param name="interleaved">Frames × channels samples.</param>
    /// <param name="channels">Samples a frame.</param>
    /// <param name="mono">Room for one sample a frame.</param>
    public static void Mix(ReadOnlySpan<float> interleaved, int channels, Span<float> mono)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        int frames = interleaved.Length / channels;
        if (channels == 1)
        {
            interleaved.CopyTo(mono);
            return;
        }

        for (int i = 0; i < frames; i++)
        {
            float sum = 0;
            foreach (float sample in interleaved.Slice(i * channels, channels))
            {
                sum += sample;
            }

            mono[i] = sum / channels;
        }
    }

    /// <summary>The share of samples at full scale: at or beyond the largest that so many bits can hold.</summary>
    public static double ClippedShare(ReadOnlySpan<float> samples, int bits = 16)
    {
        float full = 1 - MathF.ScaleB(1, 1 - Math.Min(bits, 24));
        long clipped = 0;
        foreach (float sample in samples)
        {
            clipped += MathF.Abs(sample) >= full ? 1 : 0;
        }

        return samples.IsEmpty ? 0 : (double)clipped / samples.Length;
    }

    /// <summary>The largest magnitude; 0 of no samples.</summary>
    public static float Peak(ReadOnlySpan<float> samples) => samples.IsEmpty ? 0 : MathF.Abs(TensorPrimitives.MaxMagnitude(samples));

    /// <summary>The root mean square, summed in double precision; 0 of no samples.</summary>
    public static double Rms(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float sample in samples)
        {
            sum += (double)sample * sample;
        }

        return samples.IsEmpty ? 0 : Math.Sqrt(sum / samples.Length);
    }

    /// <summary>Whether nothing can be heard: the root mean square is below a threshold.</summary>
    public static bool IsSilent(ReadOnlySpan<float> samples, float rms = SilenceRms) => Rms(samples) < rms;
}
