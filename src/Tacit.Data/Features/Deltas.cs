namespace Tacit.Data.Features;

/// <summary>
/// Slopes over time: d[t] = Σ k x[t + k] / Σ k² for k = -n … n, the first and last frame repeated at the ends. Equal to
/// torchaudio.functional.compute_deltas.
/// </summary>
public static class Deltas
{
    /// <summary>The deltas of [frames, dim] features.</summary>
    /// <param name="features">[frames, dim].</param>
    /// <param name="dim">Numbers per frame.</param>
    /// <param name="winLength">Frames of the window, odd and at least 3; an even one counts as one less.</param>
    public static float[] Compute(ReadOnlySpan<float> features, int dim, int winLength = 5)
    {
        float[] deltas = new float[features.Length];
        int frames = features.Length / dim, n = Reach(winLength);
        for (int t = 0; t < frames; t++)
        {
            Row(features, dim, 0, dim, t, frames, n, deltas.AsSpan(t * dim, dim));
        }

        return deltas;
    }

    /// <summary>
    /// Fills in deltas of rising order: of each row [dim · (orders + 1)] the first <paramref name="dim"/> numbers are given, and each
    /// following group becomes the deltas of the one before.
    /// </summary>
    public static void Append(Span<float> rows, int dim, int orders, int winLength = 5)
    {
        int width = dim * (orders + 1), frames = rows.Length / width, n = Reach(winLength);
        for (int order = 0; order < orders; order++)
        {
            for (int t = 0; t < frames; t++)
            {
                Row(rows, width, order * dim, dim, t, frames, n, rows.Slice((t * width) + ((order + 1) * dim), dim));
            }
        }
    }

    private static int Reach(int winLength) =>
        winLength >= 3 ? (winLength - 1) / 2 : throw new ArgumentOutOfRangeException(nameof(winLength), "The window of deltas has 3 frames or more.");

    private static void Row(ReadOnlySpan<float> x, int width, int column, int dim, int t, int frames, int n, Span<float> deltas)
    {
        deltas.Clear();
        for (int k = 1; k <= n; k++)
        {
            ReadOnlySpan<float> after = x.Slice((Math.Min(t + k, frames - 1) * width) + column, dim);
            ReadOnlySpan<float> before = x.Slice((Math.Max(t - k, 0) * width) + column, dim);
            for (int d = 0; d < dim; d++)
            {
                deltas[d] += k * (after[d] - before[d]);
            }
        }

        float scale = 3f / (n * (n + 1) * ((2 * n) + 1));
        for (int d = 0; d < dim; d++)
        {
            deltas[d] *= scale;
        }
    }
}

/// <summary>Features with their deltas behind them in every row, [frames, Dim of the features · (orders + 1)].</summary>
public sealed unsafe class WithDeltas : SoundFeatures
{
    private readonly SoundFeatures source;
    private readonly int orders, winLength;

    /// <param name="features">What deltas are taken of.</param>
    /// <param name="orders">1 for deltas, 2 for deltas of deltas too.</param>
    /// <param name="winLength">Frames of the window, odd and at least 3.</param>
    public WithDeltas(SoundFeatures features, int orders = 2, int winLength = 5)
        : base(features.SampleRate, features.Dim * (orders + 1), features.Shift)
    {
        (source, this.orders, this.winLength) = (features, orders, winLength);
    }

    /// <summary>The 39 numbers whose clusters are HuBERT's first targets: 13 Kaldi MFCC, deltas, and their deltas, 100 frames a second.</summary>
    /// <remarks>Hsu et al. 2021, arXiv:2106.07447, section IV-B.</remarks>
    public static WithDeltas HubertMfcc() => new(new KaldiMfcc(new KaldiMfccOptions()));

    public override int Frames(int samples) => source.Frames(samples);

    public override void Write(ReadOnlySpan<float> samples, Span<float> features)
    {
        int frames = Expect(samples.Length, features.Length), dim = source.Dim;

        // Rows are written densely at the front, then spread out from the last to the first.
        source.Write(samples, features[..(frames * dim)]);
        for (int t = frames - 1; t > 0; t--)
        {
            features.Slice(t * dim, dim).CopyTo(features.Slice(t * Dim, dim));
        }

        Deltas.Append(features, dim, orders, winLength);
    }

    internal override void Block<V>(float* samples, int length, int first, int frames, float* features) =>
        throw new NotSupportedException("Deltas need the frames around them.");
}
