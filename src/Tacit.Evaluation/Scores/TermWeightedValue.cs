using Tacit.Tensors;

namespace Tacit.Evaluation.Scores;

/// <summary>The scores that a search gave for one term; higher is surer.</summary>
/// <param name="Targets">Of the documents, or places, that hold the term; −∞ for one that was not found at all.</param>
/// <param name="NonTargets">Of those that do not.</param>
public sealed record TermScores(IReadOnlyList<double> Targets, IReadOnlyList<double> NonTargets)
{
    /// <summary>How often the term could have been found where it is not: the documents without it, or, as NIST counts, seconds of speech less true occurrences.</summary>
    public double NonTargetTrials { get; init; } = NonTargets.Count;
}

/// <summary>
/// How well terms are found in speech: 1 − mean over terms of (P_miss + β · P_fa), with one threshold for all terms. 1 is perfect, 0 is what
/// a search that finds nothing has.
/// </summary>
/// <remarks>
/// Fiscus et al. 2007, "Results of the 2006 spoken term detection evaluation": terms that occur nowhere are left out.
/// β = c_fa · (1 − p) / (c_miss · p), p being the prior of a term.
/// </remarks>
public static class TermWeightedValue
{
    /// <summary>β of NIST's evaluation of 2006: c_fa / c_miss = 0.1, p = 10⁻⁴.</summary>
    public const double NistBeta = 999.9;

    /// <summary>
    /// β of MediaEval's QUESST 2014, which SUPERB's query by example takes: c_fa = 1, c_miss = 100, p = 0.0008 (Anguera et al. 2014, "Query by
    /// example search on speech at MediaEval 2014").
    /// </summary>
    public const double QuesstBeta = (1 - 0.0008) / (100 * 0.0008);

    /// <summary>ATWV: the value where what scores at least the threshold counts as found.</summary>
    /// <param name="terms">Every term's scores.</param>
    /// <param name="threshold">The decision.</param>
    /// <param name="beta">β</param>
    /// <exception cref="TacitException">No term occurs anywhere.</exception>
    public static double Actual(IReadOnlyList<TermScores> terms, double threshold, double beta = QuesstBeta)
    {
        TermScores[] occurring = Occurring(terms);
        return 1 - occurring.Average(term =>
            ((double)term.Targets.Count(s => !(s >= threshold)) / term.Targets.Count)
            + (term.NonTargetTrials > 0 ? beta * term.NonTargets.Count(s => s >= threshold) / term.NonTargetTrials : 0));
    }

    /// <summary>MTWV: the best value over all thresholds, and the threshold that gives it (+∞, with the value 0, where finding nothing is best).</summary>
    /// <param name="terms">Every term's scores.</param>
    /// <param name="beta">β</param>
    /// <exception cref="TacitException">No term occurs anywhere, or a score is not a number.</exception>
    public static (double Value, double Threshold) Maximum(IReadOnlyList<TermScores> terms, double beta = QuesstBeta)
    {
        TermScores[] occurring = Occurring(terms);
        (double Score, double Gain)[] steps =
        [
            .. occurring.SelectMany(term => term.Targets.Select(score => (score, 1.0 / term.Targets.Count))),
            .. occurring.SelectMany(term => term.NonTargets.Select(score => (score, -beta / term.NonTargetTrials))),
        ];
        if (steps.Any(step => double.IsNaN(step.Score)))
        {
            throw new TacitException("A term-weighted value cannot be measured: a score is not a number.");
        }

        Array.Sort(steps, (a, b) => b.Score.CompareTo(a.Score));
        (double Value, double Threshold) best = (0, double.PositiveInfinity);
        double value = 0;
        for (int i = 0; i < steps.Length && steps[i].Score > double.NegativeInfinity; i++)
        {
            value += steps[i].Gain / occurring.Length;
            if (value > best.Value && (i + 1 == steps.Length || steps[i + 1].Score != steps[i].Score))
            {
                best = (value, steps[i].Score);
            }
        }

        return best;
    }

    private static TermScores[] Occurring(IReadOnlyList<TermScores> terms)
    {
        TermScores[] occurring = [.. terms.Where(term => term.Targets.Count > 0)];
        return occurring.Length > 0 ? occurring : throw new TacitException("A term-weighted value needs at least one term that occurs somewhere.");
    }
}
