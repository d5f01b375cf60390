using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>Percentile bootstrap: how much a mean over test items would move if other items had been drawn.</summary>
/// <remarks>Efron 1979, "Bootstrap methods: another look at the jackknife".</remarks>
public static class Bootstrap
{
    public const int Resamples = 2000;

    /// <summary>The 95 % interval of the mean of one score per test item.</summary>
    public static (double Low, double High) Interval(ReadOnlySpan<double> scores, ulong seed = 0, int resamples = Resamples)
    {
        if (scores.Length == 0)
        {
            throw new ArgumentException("An interval needs at least one score.", nameof(scores));
        }

        var means = new double[resamples];
        ulong stream = Philox.Hash("bootstrap");
        for (int b = 0; b < resamples; b++)
        {
            var random = new RandomSequence(seed, stream, b);
            double sum = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                sum += scores[random.NextInt(scores.Length)];
            }

            means[b] = sum / scores.Length;
        }

        Array.Sort(means);
        return (Quantile(means, 0.025), Quantile(means, 0.975));
    }

    /// <summary>The 95 % interval of any statistic of the test items together: an error rate of trials, a mean over classes.</summary>
    /// <param name="count">How many items there are to be drawn.</param>
    /// <param name="statistic">The number for the items drawn, each as often as it was; NaN where they have none, which is then not counted.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="resamples">How many draws.</param>
    /// <returns>NaN twice where no draw had a number.</returns>
    public static (double Low, double High) Interval(int count, Func<int[], double> statistic, ulong seed = 0, int resamples = Resamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var values = new List<double>(resamples);
        ulong stream = Philox.Hash("bootstrap");
        int[] drawn = new int[count];
        for (int b = 0; b < resamples; b++)
        {
            var random = new RandomSequence(seed, stream, b);
            for (int i = 0; i < count; i++)
            {
                drawn[i] = random.NextInt(count);
            }

            double value = statistic(drawn);
            if (!double.IsNaN(value))
            {
                values.Add(value);
            }
        }

        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? (double.NaN, double.NaN) : (Quantile(sorted, 0.025), Quantile(sorted, 0.975));
    }

    /// <summary>The 95 % interval of the mean difference of two encoders judged on the same test items: the paired comparison.</summary>
    public static (double Low, double High) Difference(ReadOnlySpan<double> ours, ReadOnlySpan<double> theirs, ulong seed = 0, int resamples = Resamples)
    {
        if (ours.Length != theirs.Length)
        {
            throw new ArgumentException($"A paired comparison needs the same items on both sides, not {ours.Length} and {theirs.Length}.", nameof(theirs));
        }

        var difference = new double[ours.Length];
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] = ours[i] - theirs[i];
        }

        return Interval(difference, seed, resamples);
    }

    /// <summary>Linear interpolation between the two nearest order statistics.</summary>
    private static double Quantile(double[] sorted, double q)
    {
        double at = q * (sorted.Length - 1);
        int below = (int)at;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((at - below) * (sorted[above] - sorted[below]));
    }
}
