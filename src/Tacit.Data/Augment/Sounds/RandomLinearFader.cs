using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>Adds a straight line over time to a log-mel spectrogram [frames, bins]: the sound fades in or out.</summary>
/// <remarks>Niizumi et al. 2022, arXiv:2204.07402 (BYOL-A v2), random linear fader.</remarks>
public static class RandomLinearFader
{
    /// <summary>Adds from <paramref name="head"/> at the first to <paramref name="tail"/> at the last frame, in place.</summary>
    public static void Apply(Span<float> spectrogram, int bins, float head, float tail)
    {
        int frames = spectrogram.Length / bins;
        for (int t = 0; t < frames; t++)
        {
            float gain = head + ((tail - head) * t / Math.Max(1, frames - 1));
            foreach (ref float x in spectrogram.Slice(t * bins, bins))
            {
                x += gain;
            }
        }
    }

    /// <summary>Draws both ends evenly from [-gain, gain) and fades, in place.</summary>
    public static void Run(Span<float> spectrogram, int bins, float gain, ref RandomSequence random)
    {
        float head = random.NextUniform(-gain, gain);
        Apply(spectrogram, bins, head, random.NextUniform(-gain, gain));
    }
}
