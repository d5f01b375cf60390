using Tacit.Evaluation.Scores;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation.Scores;

public sealed class DetectionTests
{
    [Fact]
    public void Scores_that_part_cleanly_have_no_errors_and_reversed_ones_nothing_else()
    {
        double[] high = [0.6, 0.7, 0.8, 0.5], low = [0.4, 0.3, 0.2, 0.1];
        Assert.Equal(0, EqualErrorRate.Of(high, low), 1e-12);
        Assert.Equal(1, EqualErrorRate.Of(low, high), 1e-12);
        Assert.Equal(0, MinimumDetectionCost.Of(high, low), 1e-12);
        Assert.Equal(1, MinimumDetectionCost.Of(low, high), 1e-12);
    }

    [Fact]
    public void The_crossing_lies_on_the_line_between_two_points()
    {
        // Points (miss, false alarm): (1, 0), then four of 2 targets and 3 non-targets at once: (1/3, 3/4), then all.
        // On the line to it, miss = 1 − 2/3 s and false alarm = 3/4 s meet at s = 12/17.
        Assert.Equal(9.0 / 17, EqualErrorRate.Of([2, 2, 0], [2, 2, 2, 0]), 1e-12);

        // Points (1, 0), (2/3, 0), (2/3, 1/2), (1/3, 1/2), (0, 1/2) …: the step down at false alarm 1/2 passes miss 1/2.
        Assert.Equal(0.5, EqualErrorRate.Of([9, 7, 6], [8, 1]), 1e-12);

        // Points … (1/2, 1/3), (1/2, 2/3): the step to the right at miss 1/2.
        Assert.Equal(0.5, EqualErrorRate.Of([9, 1], [8, 7, 6]), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_crossing_is_where_a_bisection_finds_it(int salt)
    {
        // Rounded, so that scores are equal; the curve evaluated by its definition, at one threshold after the other.
        double[] targets = [.. Hashed.Doubles(37, salt).Select(v => Math.Round((v + 0.4) * 8))], others = [.. Hashed.Doubles(53, salt + 9).Select(v => Math.Round(v * 8))];
        (double X, double Y)[] roc =
        [
            (0, 0),
            .. targets.Concat(others).Distinct().OrderDescending().Select(t => (others.Count(s => s >= t) / 53.0, targets.Count(s => s >= t) / 37.0)),
        ];
        double low = 0, high = 1;
        for (int i = 0; i < 60; i++)
        {
            double x = (low + high) / 2;
            int right = Array.FindIndex(roc, p => p.X > x);
            double y = roc[right - 1].Y + ((x - roc[right - 1].X) / (roc[right].X - roc[right - 1].X) * (roc[right].Y - roc[right - 1].Y));
            (low, high) = 1 - x - y > 0 ? (x, high) : (low, x);
        }

        Assert.Equal(low, EqualErrorRate.Of(targets, others), 1e-9);
    }

    [Theory]
    [InlineData(0.01, 1, 1)]
    [InlineData(0.05, 1, 1)]
    [InlineData(0.01, 10, 1)]
    public void The_least_cost_over_every_threshold(double prior, double cMiss, double cAlarm)
    {
        double[] targets = [.. Hashed.Doubles(41, 5).Select(v => v + 0.8)], others = Hashed.Doubles(59, 6);
        double least = targets.Concat(others).Append(9).Min(t =>
            (cMiss * prior * targets.Count(s => s < t) / 41) + (cAlarm * (1 - prior) * others.Count(s => s >= t) / 59));
        double expected = Math.Min(1, least / Math.Min(cMiss * prior, cAlarm * (1 - prior)));
        Assert.Equal(expected, MinimumDetectionCost.Of(targets, others, prior, cMiss, cAlarm), 1e-12);
        Assert.InRange(expected, 0.05, 0.999);
    }

    [Fact]
    public void One_side_alone_measures_nothing()
    {
        Assert.Equal(
            "An equal error rate needs scores of targets and of non-targets; 2 and 0 were given.",
            Assert.Throws<TacitException>(() => EqualErrorRate.Of([1, 2], [])).Message);
        Assert.Throws<TacitException>(() => MinimumDetectionCost.Of([], [1]));
        Assert.Throws<TacitException>(() => EqualErrorRate.Of([double.NaN], [1]));
    }
}
