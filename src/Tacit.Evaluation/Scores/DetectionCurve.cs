using Tacit.Tensors;

namespace Tacit.Evaluation.Scores;

/// <summary>What is missed and what falsely accepted as the threshold goes down.</summary>
internal static class DetectionCurve
{
    /// <summary>
    /// The rates at each threshold, from the one that accepts nothing (miss 1, false alarm 0) to the one that accepts all; equal scores are
    /// accepted together.
    /// </summary>
    /// <param name="what">The metric's name, for the sentence where there is nothing to measure.</param>
    /// <param name="targets">Scores of what should be accepted; higher is surer.</param>
    /// <param name="nonTargets">Scores of what should not.</param>
    /// <exception cref="TacitException">One side is empty, or a score is not a number.</exception>
    public static IEnumerable<(double Miss, double FalseAlarm)> Of(string what, IReadOnlyList<double> targets, IReadOnlyList<double> nonTargets)
    {
        if (targets.Count == 0 || nonTargets.Count == 0)
        {
            throw new TacitException($"{what} needs scores of targets and of non-targets; {targets.Count} and {nonTargets.Count} were given.");
        }

        (double Score, bool IsTarget)[] all = [.. targets.Select(s => (s, true)), .. nonTargets.Select(s => (s, false))];
        if (all.Any(trial => double.IsNaN(trial.Score)))
        {
            throw new TacitException($"{what} cannot be measured: a score is not a number.");
        }

        Array.Sort(all, (a, b) => b.Score.CompareTo(a.Score));
        return Walk(all, targets.Count, nonTargets.Count);
    }

    private static IEnumerable<(double Miss, double FalseAlarm)> Walk((double Score, bool IsTarget)[] all, int targets, int nonTargets)
    {
        int hits = 0, alarms = 0;
        yield return (1, 0);
        for (int i = 0; i < all.Length; i++)
        {
            hits += all[i].IsTarget ? 1 : 0;
            alarms += all[i].IsTarget ? 0 : 1;
            if (i + 1 == all.Length || all[i + 1].Score != all[i].Score)
            {
                yield return (1 - ((double)hits / targets), (double)alarms / nonTargets);
            }
        }
    }
}
