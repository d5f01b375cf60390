using System.Numerics.Tensors;
using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>What the augmentations of sound refuse, in one form of words, and what they all measure.</summary>
internal static class Check
{
    public static void That(bool holds, string what)
    {
        if (!holds)
        {
            throw new TacitException($"The augmentation cannot work: {what}.");
        }
    }

    public static void Probability(float value) => That(value is >= 0 and <= 1, $"a probability must lie within 0 and 1, not {value}");

    public static void Range(string what, float min, float max, float least, float most) =>
        That(min >= least && min <= max && max <= most, $"{what} must lie within {least} <= min <= max <= {most}, not {min} to {max}");

    /// <summary>The mean of the squares; 0 of nothing.</summary>
    public static double Power(ReadOnlySpan<float> sound) => sound.IsEmpty ? 0 : (double)TensorPrimitives.SumOfSquares(sound) / sound.Length;

    /// <summary>What to multiply noise of this power by for a signal-to-noise ratio in decibels; 0 where either is silent.</summary>
    public static float NoiseGain(double signal, double noise, float snr) =>
        signal > 0 && noise > 0 ? (float)Math.Sqrt(signal / (noise * Math.Pow(10, snr / 10.0))) : 0;
}
