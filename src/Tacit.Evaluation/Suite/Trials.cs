using System.Numerics.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>Pairs of recordings that may be by one speaker, with how alike they were found.</summary>
/// <param name="First">The speaker of the one, by number.</param>
/// <param name="Second">The speaker of the other.</param>
/// <param name="Score">Higher is more alike.</param>
/// <param name="Set">Which set both are of: scores of different sets are not compared.</param>
internal readonly record struct Trial(int First, int Second, double Score, int Set = 0)
{
    /// <summary>Whether one speaker spoke both.</summary>
    public bool Target => First == Second;
}

/// <summary>What is made of trials.</summary>
internal static class Trials
{
    /// <summary>Draws of an interval: fewer than for means, since each sorts all trials.</summary>
    private const int Resamples = 500;

    /// <summary>The score of two embeddings: the cosine of their angle.</summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => TensorPrimitives.CosineSimilarity(a, b);

    /// <summary>A metric of the trials, the mean of that of each set: words and read sentences need thresholds of their own.</summary>
    /// <param name="trials">The trials.</param>
    /// <param name="metric">Of scores of targets and of others.</param>
    /// <param name="times">How often each speaker counts; a trial of two as often as the product says.</param>
    /// <returns>NaN where no set has both kinds of trials.</returns>
    public static double Mean(IReadOnlyList<Trial> trials, Func<IReadOnlyList<double>, IReadOnlyList<double>, double> metric, int[] times)
    {
        var found = new List<double>();
        foreach (IGrouping<int, Trial> set in trials.GroupBy(t => t.Set))
        {
            List<double> targets = [], others = [];
            foreach (Trial trial in set)
            {
                int count = trial.Target ? times[trial.First] : times[trial.First] * times[trial.Second];
                (trial.Target ? targets : others).AddRange(Enumerable.Repeat(trial.Score, count));
            }

            if (targets.Count > 0 && others.Count > 0)
            {
                found.Add(metric(targets, others));
            }
        }

        return found.Count == 0 ? double.NaN : found.Average();
    }

    /// <summary>The same of all trials, and its interval over speakers.</summary>
    public static SuiteScore Score(string name, IReadOnlyList<Trial> trials, Func<IReadOnlyList<double>, IReadOnlyList<double>, double> metric, ulong seed)
    {
        int speakers = Speakers(trials);
        (double low, double high) = Bootstrap.Interval(speakers, drawn => Mean(trials, metric, Times(drawn, speakers)), seed, Resamples);
        return new SuiteScore(name, Mean(trials, metric), low, high, trials.Count);
    }

    /// <summary>The same of all trials, each counted once.</summary>
    public static double Mean(IReadOnlyList<Trial> trials, Func<IReadOnlyList<double>, IReadOnlyList<double>, double> metric) =>
        Mean(trials, metric, [.. Enumerable.Repeat(1, Speakers(trials))]);

    private static int Speakers(IReadOnlyList<Trial> trials) => trials.Max(t => Math.Max(t.First, t.Second)) + 1;

    private static int[] Times(int[] drawn, int speakers)
    {
        int[] times = new int[speakers];
        foreach (int speaker in drawn)
        {
            times[speaker]++;
        }

        return times;
    }
}
