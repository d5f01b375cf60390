using System.Numerics.Tensors;
using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>A second speaker for a part of the utterance. The defaults are WavLM's.</summary>
/// <remarks>Chen et al. 2022, arXiv:2110.13900, section III-B and algorithm 1.</remarks>
public sealed record MixUtteranceOptions
{
    public float Probability { get; init; } = 0.2f;

    /// <summary>The longest part, as a fraction of the utterance.</summary>
    public float MaxPart { get; init; } = 0.5f;

    /// <summary>The utterance's power over the other's, in decibels, drawn evenly.</summary>
    public float MinSnr { get; init; } = -5;

    public float MaxSnr { get; init; } = 5;

    /// <exception cref="TacitException">A value is out of its range.</exception>
    public void Validate()
    {
        Check.Probability(Probability);
        Check.Range("the part", 0, MaxPart, 0, 1);
        Check.Range("the signal-to-noise ratio in decibels", MinSnr, MaxSnr, -120, 120);
    }
}

/// <summary>Mixes a part of another utterance into one; what is learned about it stays the first one's.</summary>
public static class MixUtterance
{
    /// <summary>Where a part of another utterance went: samples [Start, Start + Length) of the first; Length 0 for nowhere.</summary>
    public readonly record struct Part(int Start, int Length);

    /// <summary>
    /// With the options' probability draws a length, two places and a ratio, and mixes in place. Powers are means over the whole of
    /// each utterance, as in the paper. A silent utterance is left as it is.
    /// </summary>
    public static Part Run(Span<float> sound, ReadOnlySpan<float> other, MixUtteranceOptions options, ref RandomSequence random)
    {
        int longest = Math.Min((int)(sound.Length * options.MaxPart), other.Length);
        if (random.NextUniform() >= options.Probability || longest < 1)
        {
            return default;
        }

        int length = 1 + random.NextInt(longest);
        int start = random.NextInt(sound.Length - length + 1);
        int from = random.NextInt(other.Length - length + 1);
        float gain = Check.NoiseGain(Check.Power(sound), Check.Power(other), random.NextUniform(options.MinSnr, options.MaxSnr));
        Span<float> part = sound.Slice(start, length);
        TensorPrimitives.MultiplyAdd(other.Slice(from, length), gain, part, part);
        return new Part(start, length);
    }
}
