using Tacit.Tensors;

namespace Tacit.Evaluation.Scores;

/// <summary>The rate at which as many targets are missed as non-targets are accepted.</summary>
/// <remarks>
/// Where the line miss = false alarm crosses the operating points joined by straight lines: what a root finder gives on an interpolated ROC
/// curve, as SUPERB's speaker verification is scored.
/// </remarks>
public static class EqualErrorRate
{
    /// <returns>A fraction.</returns>
    /// <param name="targets">Scores of what should be accepted; higher is surer.</param>
    /// <param name="nonTargets">Scores of what should not.</param>
    /// <exception cref="TacitException">One side is empty, or a score is not a number.</exception>
    public static double Of(IReadOnlyList<double> targets, IReadOnlyList<double> nonTargets)
    {
        (double Miss, double FalseAlarm) before = (1, 0);
        foreach ((double Miss, double FalseAlarm) point in DetectionCurve.Of("An equal error rate", targets, nonTargets))
        {
            if (point.Miss <= point.FalseAlarm)
            {
                // The difference falls from `above` to `below`, and is 0 this far along the line between the two points.
                double above = before.Miss - before.FalseAlarm, below = point.Miss - point.FalseAlarm;
                return before.FalseAlarm + (above / (above - below) * (point.FalseAlarm - before.FalseAlarm));
            }

            before = point;
        }

        throw new InvalidOperationException("A detection curve ends with nothing missed.");
    }
}
