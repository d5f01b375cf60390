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
