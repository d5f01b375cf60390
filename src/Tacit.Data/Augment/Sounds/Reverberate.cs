using System.Numerics.Tensors;
using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>Rooms: how long they ring and how far away the speaker stands. The defaults span a furnished room to a hall.</summary>
/// <remarks>Polack 1988's model, exponentially decaying noise; Habets 2007, "Single- and multi-microphone speech dereverberation", section 2.</remarks>
public sealed record ReverberationOptions
{
    public float Probability { get; init; } = 1;

    /// <summary>Seconds until a room's sound has fallen by 60 dB, drawn evenly.</summary>
    public float MinDecay { get; init; } = 0.15f;

    public float MaxDecay { get; init; } = 0.8f;

    /// <summary>The direct sound's energy over the reverberation's, in decibels, drawn evenly.</summary>
    public float MinDirect { get; init; }

    public float MaxDirect { get; init; } = 15;

    /// <exception cref="TacitException">A value is out of its range.</exception>
    public void Validate()
    {
        Check.Probability(Probability);
        Check.Range("the decay in seconds", MinDecay, MaxDecay, 0.001f, 20);
        Check.Range("the direct sound in decibels", MinDirect, MaxDirect, -60, 120);
    }
}

/// <summary>Puts a sound into a room by convolution with the room's impulse response; its length and loudness stay.</summary>
public static class Reverberate
{
    /// <summary>
    /// Convolves in place. The response's strongest sample is taken for the direct path, so that nothing is delayed; the power of the
    /// sound stays what it was.
    /// </summary>
    public static void Apply(Span<float> sound, ReadOnlySpan<float> response)
    {
        if (sound.IsEmpty || response.IsEmpty)
        {
            return;
        }

        double before = Check.Power(sound);
        Convolution.Run(sound, response, Math.Max(0, TensorPrimitives.IndexOfMaxMagnitude(response)));
        double after = Check.Power(sound);
        if (after > 0)
        {
            TensorPrimitives.Multiply(sound, (float)Math.Sqrt(before / after), sound);
        }
    }

    /// <summary>A synthetic room: the direct sound 1 at sample 0, then Gaussian noise that falls by 60 dB in <paramref name="decay"/> seconds.</summary>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="decay">The reverberation time in seconds.</param>
    /// <param name="direct">The direct sound's energy over the rest's, in decibels.</param>
    /// <param name="random">Where chance comes from.</param>
    public static float[] Room(int sampleRate, float decay, float direct, ref RandomSequence random)
    {
        float[] response = new float[Math.Max(2, (int)(sampleRate * (double)decay))];
        for (int t = 1; t < response.Length; t++)
        {
            response[t] = (float)(random.NextNormal() * Math.Pow(10, -3.0 * t / (sampleRate * (double)decay)));
        }

        Span<float> tail = response.AsSpan(1);
        double energy = TensorPrimitives.SumOfSquares((ReadOnlySpan<float>)tail);
        TensorPrimitives.Multiply(tail, energy > 0 ? (float)Math.Sqrt(Math.Pow(10, -direct / 10.0) / energy) : 0, tail);
        response[0] = 1;
        return response;
    }

    /// <summary>With the options' probability draws a room and puts the sound there, in place.</summary>
    public static void Run(Span<float> sound, int sampleRate, ReverberationOptions options, ref RandomSequence random)
    {
        if (random.NextUniform() >= options.Probability)
        {
            return;
        }

        float decay = random.NextUniform(options.MinDecay, options.MaxDecay);
        float direct = random.NextUniform(options.MinDirect, options.MaxDirect);
        Apply(sound, Room(sampleRate, decay, direct, ref random));
    }
}
