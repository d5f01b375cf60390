using Tacit.Evaluation;

namespace Tacit.Tests.Evaluation;

public sealed class BootstrapTests
{
    /// <summary>For a share of successes the interval is nearly p ± 1.96 √(p(1−p)/n).</summary>
    [Theory]
    [InlineData(0.5, 1000)]
    [InlineData(0.8, 3000)]
    [InlineData(0.95, 2000)]
    public void Agrees_with_the_normal_approximation(double p, int n)
    {
        double[] scores = [.. Enumerable.Range(0, n).Select(i => i < p * n ? 1.0 : 0)];
        double half = 1.96 * Math.Sqrt(p * (1 - p) / n);

        (double low, double high) = Bootstrap.Interval(scores, 1);

        Assert.Equal(p - half, low, 0.12 * half);
        Assert.Equal(p + half, high, 0.12 * half);
    }

    [Fact]
    public void Equal_scores_leave_no_doubt() => Assert.Equal((0.25, 0.25), Bootstrap.Interval([0.25, 0.25, 0.25]));

    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        double[] scores = [1, 0, 1, 1, 0, 0, 1, 1, 1, 0];

        Assert.Equal(Bootstrap.Interval(scores, 7), Bootstrap.Interval(scores, 7));
        Assert.NotEqual(Bootstrap.Interval(scores, 7, 50), Bootstrap.Interval(scores, 8, 50));
    }

    [Fact]
    public void Pairing_removes_what_both_encoders_have_in_common()
    {
        // Both fail on the same hard half; ours is right on 30 of 1,000 more.
        double[] theirs = [.. Enumerable.Range(0, 1000).Select(i => i < 500 ? 1.0 : 0)];
        double[] ours = [.. Enumerable.Range(0, 1000).Select(i => i < 530 ? 1.0 : 0)];

        (double low, double high) = Bootstrap.Difference(ours, theirs);

        Assert.InRange(low, 0.015, 0.025);      // 0.03 ± 1.96 √(0.03·0.97/1000), and not ± 0.043 as unpaired
        Assert.InRange(high, 0.035, 0.045);
        Assert.Throws<ArgumentException>(() => Bootstrap.Difference(ours, [1]));
    }
}
