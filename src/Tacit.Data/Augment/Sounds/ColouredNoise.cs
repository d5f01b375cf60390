using System.Numerics;
using Tacit.Data.Features;
using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>How a noise's power falls with frequency.</summary>
public enum NoiseColour
{
    /// <summary>Evenly: f^0.</summary>
    White = 0,

    /// <summary>By 3 dB an octave: 1 / f.</summary>
    Pink = 1,

    /// <summary>By 6 dB an octave: 1 / f².</summary>
    Brown = 2,
}

/// <summary>Synthetic noise of mean 0 and power 1.</summary>
/// <remarks>
/// Every frequency gets the amplitude of its colour and a random phase; the sum is near to Gaussian. Timmer and König 1995, "On
/// generating power law noise", with amplitudes that are not random.
/// </remarks>
public static unsafe class ColouredNoise
{
    private const int Longest = 1 << 18;        // samples before noise repeats: 16 s at 16 kHz

    public static void Fill(Span<float> noise, NoiseColour colour, ref RandomSequence random)
    {
        if (noise.Length < 2)
        {
            noise.Clear();
            return;
        }

        int size = (int)Math.Min(Longest, BitOperations.RoundUpToPowerOf2((uint)noise.Length));
        Fft fft = Fft.Shared(size);
        using Scratch scratch = Scratch.Rent((2 * size) + 2);
        var spectrum = new Span<float>(scratch.Data, size + 2);
        var period = new Span<float>(scratch.Data + size + 2, size);
        spectrum.Clear();
        for (int k = 1; k < size / 2; k++)
        {
            float amplitude = colour switch { NoiseColour.White => 1, NoiseColour.Pink => 1 / MathF.Sqrt(k), _ => 1f / k };
            (float sin, float cos) = MathF.SinCos(2 * MathF.PI * random.NextUniform());
            spectrum[2 * k] = amplitude * cos;
            spectrum[(2 * k) + 1] = amplitude * sin;
        }

        spectrum[size] = size == 2 ? 1 : 0;     // two samples have no frequency but the highest
        fft.Inverse(spectrum, period);
        for (int at = 0; at < noise.Length; at += size)
        {
            period[..Math.Min(size, noise.Length - at)].CopyTo(noise[at..]);
        }

        // Cut to its length, slow noise has a mean of its own.
        double sum = 0;
        foreach (float x in noise)
        {
            sum += x;
        }

        System.Numerics.Tensors.TensorPrimitives.Subtract(noise, (float)(sum / noise.Length), noise);
        double power = Check.Power(noise);
        System.Numerics.Tensors.TensorPrimitives.Multiply(noise, power > 0 ? (float)(1 / Math.Sqrt(power)) : 0, noise);
    }
}
