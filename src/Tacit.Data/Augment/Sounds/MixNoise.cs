using System.Numerics.Tensors;
using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>How much noise is added, and how often: signal-to-noise ratios drawn evenly in decibels. The defaults are WavLM's for noise.</summary>
/// <remarks>Chen et al. 2022, arXiv:2110.13900, section III-B.</remarks>
public sealed record MixNoiseOptions
{
    public float Probability { get; init; } = 1;

    public float MinSnr { get; init; } = -5;

    public float MaxSnr { get; init; } = 20;

    /// <exception cref="TacitException">A value is out of its range.</exception>
    public void Validate()
    {
        Check.Probability(Probability);
        Check.Range("the signal-to-noise ratio in decibels", MinSnr, MaxSnr, -120, 120);
    }
}

/// <summary>Adds noise at a signal-to-noise ratio. Silence stays silence: no ratio could be met.</summary>
public static class MixNoise
{
    /// <summary>
    /// Adds noise, in place, such that 10 log10(signal's power / noise's power) is <paramref name="snr"/> over the samples where both are:
    /// the first min(sound, noise).
    /// </summary>
    public static void AtSnr(Span<float> sound, ReadOnlySpan<float> noise, float snr)
    {
        int length = Math.Min(sound.Length, noise.Length);
        Span<float> mixed = sound[..length];
        noise = noise[..length];
        float gain = Check.NoiseGain(Check.Power(mixed), Check.Power(noise), snr);
        TensorPrimitives.MultiplyAdd(noise, gain, mixed, mixed);
    }

    /// <summary>
    /// With the options' probability draws a ratio and a piece of the noise, and adds it in place. Noise that is shorter than the
    /// sound is repeated from a random sample on.
    /// </summary>
    public static void Run(Span<float> sound, ReadOnlySpan<float> noise, MixNoiseOptions options, ref RandomSequence random)
    {
        if (random.NextUniform() >= options.Probability || noise.IsEmpty || sound.IsEmpty)
        {
            return;
        }

        float snr = random.NextUniform(options.MinSnr, options.MaxSnr);
        if (noise.Length >= sound.Length)
        {
            AtSnr(sound, noise.Slice(random.NextInt(noise.Length - sound.Length + 1), sound.Length), snr);
            return;
        }

        using Scratch scratch = Scratch.Rent(sound.Length);
        Span<float> repeated = Memory(scratch, sound.Length);
        int from = random.NextInt(noise.Length);
        for (int at = 0; at < repeated.Length; from = 0)
        {
            int length = Math.Min(noise.Length - from, repeated.Length - at);
            noise.Slice(from, length).CopyTo(repeated[at..]);
            at += length;
        }

        AtSnr(sound, repeated, snr);
    }

    /// <summary>Adds synthetic noise of a colour, so that no recordings of noise are needed.</summary>
    public static void Run(Span<float> sound, NoiseColour colour, MixNoiseOptions options, ref RandomSequence random)
    {
        if (random.NextUniform() >= options.Probability || sound.IsEmpty)
        {
            return;
        }

        float snr = random.NextUniform(options.MinSnr, options.MaxSnr);
        using Scratch scratch = Scratch.Rent(sound.Length);
        Span<float> noise = Memory(scratch, sound.Length);
        ColouredNoise.Fill(noise, colour, ref random);
        AtSnr(sound, noise, snr);
    }

    private static unsafe Span<float> Memory(in Scratch scratch, int length) => new(scratch.Data, length);
}
