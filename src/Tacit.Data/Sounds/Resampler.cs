using System.Numerics.Tensors;

namespace Tacit.Data.Sounds;

/// <summary>
/// Changes a sound's rate by band-limited interpolation: each output sample is the input weighted by a sinc function under a
/// Hann window six zero crossings wide to either side, cut off at 0.99 of the lower Nyquist frequency. Not thread-safe.
/// </summary>
/// <remarks>
/// Smith, Digital Audio Resampling, https://ccrma.stanford.edu/~jos/resample/; torchaudio's <c>transforms.Resample</c> with its
/// defaults gives the same values. Before its first and behind its last sample a sound is silent. The input may come in pieces
/// of any size: the output is the same, bit by bit. A piece of the output may be computed alone (<see cref="Begin"/>).
/// </remarks>
public sealed class Resampler
{
    private const double Width = 6;
    private const double Rolloff = 0.99;
    private const int MaxTableSize = 1 << 21;       // 8 MB
    private readonly long from;         // rates without their common divisor
    private readonly long to;
    private readonly int reach;         // input samples that weigh, to either side
    private readonly int taps;
    private readonly float[] table;     // [phases, taps], or one row that is made anew for every sample
    private readonly bool[] isMade;
    private float[] held = [];          // input that is still needed
    private long heldStart;
    private int heldCount;
    private long next;                  // output

    /// <param name="from">The input's rate in Hz.</param>
    /// <param name="to">The output's.</param>
    public Resampler(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(from);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(to);
        (From, To) = (from, to);
        long divisor = (long)System.Numerics.BigInteger.GreatestCommonDivisor(from, to);
        (this.from, this.to) = (from / divisor, to / divisor);
        reach = (int)Math.Ceiling(Width * this.from / Cutoff);
        taps = (2 * reach) + 2;
        bool fits = this.to * taps <= MaxTableSize;
        table = new float[fits ? this.to * taps : taps];
        isMade = new bool[fits ? this.to : 0];
        Begin(0);
    }

    /// <summary>The input's rate in Hz.</summary>
    public int From { get; }

    /// <summary>The output's rate in Hz.</summary>
    public int To { get; }

    private double Cutoff => Math.Min(from, to) * Rolloff;

    /// <summary>Output samples of so many input samples: ⌈samples × to / from⌉.</summary>
    public long OutputLength(long samples) => (long)((((Int128)samples * to) + from - 1) / from);

    /// <summary>The most output samples that a piece of so many input samples, or the end, gives.</summary>
    public int MaxOutput(int samples) => checked((int)OutputLength(samples + (2L * reach) + 2) + 1);

    /// <summary>A whole sound.</summary>
    public float[] Resample(ReadOnlySpan<float> input)
    {
        float[] output = new float[OutputLength(input.Length)];
        Begin(0);
        int count = Push(input, output);
        Finish(output.AsSpan(count));
        return output;
    }

    /// <summary>Forgets all input and makes ready for the output from a sample on.</summary>
    /// <returns>The input sample that must be pushed first.</returns>
    public long Begin(long sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        next = sample;
        heldCount = 0;
        heldStart = from == to ? sample : Math.Max(0, FirstInput(sample));
        return heldStart;
    }

    /// <summary>Takes the next input and gives the output that needs no more than what was taken so far.</summary>
    /// <param name="input">Input that follows what was pushed before.</param>
    /// <param name="output">Room for <see cref="MaxOutput"/> samples, or for all that can come.</param>
    /// <returns>Samples written.</returns>
    public int Push(ReadOnlySpan<float> input, Span<float> output)
    {
        if (from == to)
        {
            input.CopyTo(output);
            heldStart += input.Length;
            return input.Length;
        }

        Hold(input);
        return Make(output, heldStart + heldCount, long.MaxValue);
    }

    /// <summary>The input has ended: gives what is left.</summary>
    /// <returns>Samples written.</returns>
    public int Finish(Span<float> output)
    {
        if (from == to)
        {
            return 0;
        }

        long length = heldStart + heldCount;
        Hold(new float[taps]);
        return Make(output, long.MaxValue, OutputLength(length));
    }

    /// <summary>The first input sample that an output sample's weights are for.</summary>
    private long FirstInput(long sample) => (long)((Int128)sample * from / to) - reach;

    private int Make(Span<float> output, long inputEnd, long outputEnd)
    {
        int made = 0;
        for (; next < outputEnd; next++, made++)
        {
            long first = FirstInput(next);
            if (first + taps > inputEnd)
            {
                break;
            }

            // What would lie before the sound is left out together with its weights.
            int missing = (int)Math.Max(0, -first);
            ReadOnlySpan<float> weights = Weights(next % to)[missing..];
            ReadOnlySpan<float> samples = held.AsSpan((int)(first + missing - heldStart), weights.Length);
            output[made] = TensorPrimitives.Dot(samples, weights);
        }

        return made;
    }

    private void Hold(ReadOnlySpan<float> input)
    {
        long needed = Math.Max(0, FirstInput(next));
        int gone = (int)Math.Clamp(needed - heldStart, 0, heldCount);
        int count = heldCount - gone + input.Length;
        float[] old = held;
        if (count > held.Length)
        {
            held = new float[Math.Max(count, 2 * held.Length)];
        }

        old.AsSpan(gone, heldCount - gone).CopyTo(held);
        input.CopyTo(held.AsSpan(heldCount - gone));
        (heldStart, heldCount) = (heldStart + gone, count);
    }

    /// <summary>The weights of the input around the output samples of a phase (their number modulo the output's reduced rate).</summary>
    private ReadOnlySpan<float> Weights(long phase)
    {
        bool isKept = isMade.Length > 0;
        Span<float> row = table.AsSpan(isKept ? (int)phase * taps : 0, taps);
        if (isKept && isMade[phase])
        {
            return row;
        }

        // torchaudio rounds the phase, and nothing else, to single precision; so that the same samples come out, this does too.
        double offset = (float)phase / to;
        long first = FirstInput(phase);
        for (int k = 0; k < taps; k++)
        {
            double t = Math.Clamp((((double)(first + k) / from) - offset) * Cutoff, -Width, Width);
            double window = Math.Cos(t * Math.PI / Width / 2);
            double sinc = t == 0 ? 1 : Math.Sin(t * Math.PI) / (t * Math.PI);
            row[k] = (float)(sinc * window * window * Cutoff / from);
        }

        if (isKept)
        {
            isMade[phase] = true;
        }

        return row;
    }
}
