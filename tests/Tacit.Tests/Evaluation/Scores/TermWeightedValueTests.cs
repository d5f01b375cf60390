using Tacit.Evaluation.Scores;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation.Scores;

public sealed class TermWeightedValueTests
{
    [Fact]
    public void Betas_follow_from_costs_and_priors()
    {
        Assert.Equal(12.49, TermWeightedValue.QuesstBeta, 1e-9);
        Assert.Equal(0.1 * ((1 / 1e-4) - 1), TermWeightedValue.NistBeta, 1e-9);
    }

    [Fact]
    public void Misses_and_false_alarms_of_each_term_are_averaged()
    {
        TermScores[] terms = [new([3, 1], [2, 0, 0, 0]), new([5], [4, 0]), new([], [9, 9])];

        // At 2: the first term misses 1 of 2 and has 1 alarm in 4, the second 1 in 2; the third occurs nowhere.
        Assert.Equal(1 - ((0.5 + (0.1 / 4) + (0.1 / 2)) / 2), TermWeightedValue.Actual(terms, 2, 0.1), 1e-12);

        // By seconds of speech, as NIST counts.
        Assert.Equal(1 - ((0.5 + (10 / 100.0) + (10 / 2.0)) / 2), TermWeightedValue.Actual([terms[0] with { NonTargetTrials = 100 }, terms[1]], 2, 10), 1e-12);

        // From the top: the second term's target (1/2), its alarm (β/4 off), then the first term's target: 3/4 only once β is small.
        Assert.Equal((0.5, 5), TermWeightedValue.Maximum(terms, 12.49));
        Assert.Equal(1 - ((0.01 * (0.25 + 0.5)) / 2), TermWeightedValue.Maximum(terms, 0.01).Value, 1e-12);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(12.49)]
    public void The_maximum_is_the_best_of_all_thresholds(double beta)
    {
        for (int salt = 0; salt < 5; salt++)
        {
            TermScores[] terms = [.. Enumerable.Range(0, 6).Select(i => new TermScores(
                [.. Hashed.Doubles(1 + (i % 3), (salt * 20) + i).Select(v => Math.Round(v + 1, 1))], [.. Hashed.Doubles(20, (salt * 20) + i + 500).Select(v => Math.Round(v, 1))]))];
            double[] thresholds = [.. terms.SelectMany(t => t.Targets.Concat(t.NonTargets)), 99];
            (double value, double threshold) = TermWeightedValue.Maximum(terms, beta);
            Assert.Equal(thresholds.Max(t => TermWeightedValue.Actual(terms, t, beta)), value, 1e-9);
            Assert.Equal(value, TermWeightedValue.Actual(terms, threshold, beta), 1e-9);
        }
    }

    [Fact]
    public void Finding_nothing_is_worth_nothing()
    {
        (double value, double threshold) = TermWeightedValue.Maximum([new([1], [2, 3]), new([double.NegativeInfinity], [5, 5])]);
        Assert.Equal((0, double.PositiveInfinity), (value, threshold));
        Assert.Throws<TacitException>(() => TermWeightedValue.Maximum([new([], [1])]));
        Assert.Throws<TacitException>(() => TermWeightedValue.Maximum([new([double.NaN], [1])]));
    }
}
