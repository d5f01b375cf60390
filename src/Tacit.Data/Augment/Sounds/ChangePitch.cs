using System.Numerics.Tensors;
using Tacit.Tensors;

namespace Tacit.Data.Augment;

/// <summary>Pitch drawn evenly in semitones. The defaults are WavAugment's: 300 cents up or down.</summary>
/// <remarks>Kharitonov et al. 2021, arXiv:2007.00991, section 3.</remarks>
public sealed record PitchOptions
{
    public float MinSemitones { get; init; } = -3;

    public float MaxSemitones { get; init; } = 3;

    /// <exception cref="TacitException">A value is out of its range.</exception>
    public void Validate() => Check.Range("the pitch in semitones", MinSemitones, MaxSemitones, -24, 24);
}

/// <summary>Raises or lowers the pitch of a sound and keeps its length: its time is stretched, then it is played faster.</summary>
public static class ChangePitch
{
    /// <summary>The sound with its pitch changed, as many samples.</summary>
    public static float[] Apply(ReadOnlySpan<float> sound, int sampleRate, float semitones)
    {
        if (semitones == 0 || sound.IsEmpty)
        {
            return sound.ToArray();
        }

        double ratio = Math.Pow(2, semitones / 12.0);
        float[] changed = new float[sound.Length];
        ChangeSpeed.Write(Stretch(sound, sampleRate, ratio), ratio, changed);
        return changed;
    }

    /// <summary>Draws a pitch and gives the sound at it.</summary>
    public static float[] Run(ReadOnlySpan<float> sound, int sampleRate, PitchOptions options, ref RandomSequence random) =>
        Apply(sound, sampleRate, random.NextUniform(options.MinSemitones, options.MaxSemitones));

    /// <summary>
    /// The sound <paramref name="factor"/> times as long at the same pitch, by WSOLA: overlapping pieces of 32 ms, each taken, within 8 ms of
    /// where it ought to be, where it continues the piece before best.
    /// </summary>
    /// <remarks>Verhelst and Roelands 1993, "An overlap-add technique based on waveform similarity".</remarks>
    public static float[] Stretch(ReadOnlySpan<float> sound, int sampleRate, double factor)
    {
        int hop = Math.Max(1, (int)(sampleRate * 0.016)), search = hop / 2, length = (int)Math.Round(sound.Length * factor);
        float[] padded = new float[sound.Length + (2 * search) + (4 * hop)];        // nothing before and behind the sound
        sound.CopyTo(padded.AsSpan(search + hop));
        int last = padded.Length - (2 * hop);
        float[] stretched = new float[length + (2 * hop)], window = new float[2 * hop];
        for (int t = 0; t < window.Length; t++)
        {
            window[t] = (float)(0.5 - (0.5 * Math.Cos(Math.PI * (t + 0.5) / hop)));
        }

        int follows = -1;       // where the piece before would go on by itself
        for (int to = 0; to < length + hop; to += hop)
        {
            // Pieces begin a hop early on both sides, so that the first sample lies under two windows already.
            int ought = search + (int)Math.Round(to / factor);
            ought = Math.Min(ought, last);
            int from = follows < 0 ? ought : Best(padded, ought, follows, search, hop, last);
            for (int t = 0; t < 2 * hop && to + t < stretched.Length; t++)
            {
                stretched[to + t] += window[t] * padded[from + t];
            }

            follows = Math.Min(from + hop, last);
        }

        return stretched.AsSpan(hop, length).ToArray();
    }

    /// <summary>The place near <paramref name="ought"/> whose two hops are most like those at <paramref name="follows"/>, by normalised correlation.</summary>
    private static int Best(ReadOnlySpan<float> x, int ought, int follows, int search, int hop, int last)
    {
        ReadOnlySpan<float> wanted = x.Slice(follows, 2 * hop);
        int best = ought;
        double most = double.NegativeInfinity;
        int low = Math.Max(0, ought - search), high = Math.Min(last, ought + search);
        double energy = TensorPrimitives.SumOfSquares(x.Slice(low, 2 * hop));
        for (int at = low; at <= high; at++)
        {
            double likeness = TensorPrimitives.Dot(wanted, x.Slice(at, 2 * hop)) / Math.Sqrt(Math.Max(energy, 1e-12));
            if (likeness > most || (likeness == most && Math.Abs(at - ought) < Math.Abs(best - ought)))
            {
                (most, best) = (likeness, at);
            }

            if (at < high)
            {
                energy += ((double)x[at + (2 * hop)] * x[at + (2 * hop)]) - ((double)x[at] * x[at]);
            }
        }

        return best;
    }
}
