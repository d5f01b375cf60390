using Tacit.Tensors;

namespace Tacit.Data.Features;

/// <summary>Normalisation over a window of frames around each, by the names of torchaudio.transforms.SlidingWindowCmn, whose defaults these are.</summary>
public sealed record SlidingCmn
{
    /// <summary>Frames of the window.</summary>
    public int CmnWindow { get; init; } = 600;

    /// <summary>The least frames at the beginning of an utterance, where the window does not look behind (Center false).</summary>
    public int MinCmnWindow { get; init; } = 100;

    /// <summary>Whether the window lies around the frame, or before it.</summary>
    public bool Center { get; init; }

    /// <summary>Whether variances become 1, or means alone become 0.</summary>
    public bool NormVars { get; init; }

    /// <summary>The normalised features, [frames, dim].</summary>
    public float[] Compute(ReadOnlySpan<float> features, int dim)
    {
        if (CmnWindow < 1 || MinCmnWindow < 1)
        {
            throw new TacitException($"Windows of normalisation have a frame or more, not {Math.Min(CmnWindow, MinCmnWindow)}.");
        }

        int frames = features.Length / dim, start = 0, end = 0;
        float[] normalized = new float[features.Length];
        double[] sum = new double[dim], square = new double[dim];
        for (int t = 0; t < frames; t++)
        {
            (int from, int to) = Window(t, frames);
            for (; end < to; end++)
            {
                Count(features.Slice(end * dim, dim), sum, square, 1);
            }

            for (; start < from; start++)
            {
                Count(features.Slice(start * dim, dim), sum, square, -1);
            }

            int n = to - from;
            for (int d = 0; d < dim; d++)
            {
                double mean = sum[d] / n;
                double scale = !NormVars ? 1 : n == 1 ? 0 : Cmvn.Scale((square[d] / n) - (mean * mean));
                normalized[(t * dim) + d] = (float)((features[(t * dim) + d] - mean) * scale);
            }
        }

        return normalized;
    }

    /// <summary>Frames [from, to) that frame t is normalised by; both only ever grow with t.</summary>
    private (int From, int To) Window(int t, int frames)
    {
        int from = Center ? t - (CmnWindow / 2) : t - CmnWindow;
        int to = Center ? from + CmnWindow : t + 1;
        if (from < 0)
        {
            to -= from;
            from = 0;
        }

        if (!Center && to > t)
        {
            to = Math.Max(t + 1, MinCmnWindow);
        }

        if (to > frames)
        {
            from = Math.Max(0, from - (to - frames));
            to = frames;
        }

        return (from, to);
    }

    private static void Count(ReadOnlySpan<float> row, double[] sum, double[] square, int sign)
    {
        for (int d = 0; d < row.Length; d++)
        {
            sum[d] += sign * (double)row[d];
            square[d] += sign * (double)row[d] * row[d];
        }
    }
}
