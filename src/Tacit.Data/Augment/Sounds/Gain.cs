using System.Numerics.Tensors;
using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>Loudness drawn evenly in decibels; the defaults keep speech within half and twice its amplitude.</summary>
public sealed record GainOptions
{
    public float MinDecibels { get; init; } = -6;

    public float MaxDecibels { get; init; } = 6;

    /// <summary>How often the sign of every sample is flipped, which nobody hears.</summary>
    public float FlipProbability { get; init; }

    /// <exception cref="TacitException">A value is out of its range.</exception>
    public void Validate()
    {
        Check.Range("the gain in decibels", MinDecibels, MaxDecibels, -120, 120);
        Check.Probability(FlipProbability);
    }
}

/// <summary>Makes a sound louder or softer.</summary>
public static class Gain
{
    /// <summary>Multiplies by 10^(decibels / 20), in place.</summary>
    public static void Apply(Span<float> sound, float decibels) => TensorPrimitives.Multiply(sound, (float)Math.Pow(10, decibels / 20.0), sound);

    /// <summary>Draws a gain and a sign and applies them, in place.</summary>
    public static void Run(Span<float> sound, GainOptions options, ref RandomSequence random)
    {
        Apply(sound, random.NextUniform(options.MinDecibels, options.MaxDecibels));
        if (random.NextUniform() < options.FlipProbability)
        {
            TensorPrimitives.Negate(sound, sound);
        }
    }
}
