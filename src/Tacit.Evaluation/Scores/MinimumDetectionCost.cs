using Tacit.Tensors;

namespace Tacit.Evaluation.Scores;

/// <summary>minDCF: the least expected cost of missing targets and accepting non-targets over all thresholds, relative to deciding blindly.</summary>
/// <remarks>NIST speaker recognition evaluation plans: C = c_miss · p · P_miss + c_fa · (1 − p) · P_fa, divided by min(c_miss · p, c_fa · (1 − p)).</remarks>
public static class MinimumDetectionCost
{
    /// <returns>From 0 to 1, the cost of accepting nothing or everything, whichever is cheaper.</returns>
    /// <param name="targets">Scores of what should be accepted; higher is surer.</param>
    /// <param name="nonTargets">Scores of what should not.</param>
    /// <param name="pTarget">The share of targets among what will be asked, between 0 and 1.</param>
    /// <param name="cMiss">The cost of one that is missed.</param>
    /// <param name="cFalseAlarm">The cost of one that is falsely accepted.</param>
    /// <exception cref="TacitException">One side is empty, or a score is not a number.</exception>
    public static double Of(IReadOnlyList<double> targets, IReadOnlyList<double> nonTargets, double pTarget = 0.01, double cMiss = 1, double cFalseAlarm = 1)
    {
        if (!(pTarget > 0 && pTarget < 1 && cMiss > 0 && cFalseAlarm > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(pTarget), pTarget, "A detection cost takes a prior between 0 and 1 and costs above 0.");
        }

        double miss = cMiss * pTarget, alarm = cFalseAlarm * (1 - pTarget);
        return DetectionCurve.Of("A detection cost", targets, nonTargets).Min(point => (miss * point.Miss) + (alarm * point.FalseAlarm)) / Math.Min(miss, alarm);
    }
}
