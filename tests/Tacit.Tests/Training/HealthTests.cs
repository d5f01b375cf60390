using Tacit.Methods;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

public sealed class HealthTests
{
    private static readonly MonitorReading Untrained = new(0, 0.3, 8, 0.5, -1, null, 128, null);

    private static readonly MonitorReading Good = new(100, 0.8, 40, 0.4, -2.5, 0.5, 128, 2);

    [Fact]
    public void ASpreadRepresentationIsHealthy() => Assert.Equal(("healthy", 0), Word(Health.Judge(Good, Untrained, 40, 6, 0.5, null)));

    [Theory]
    [InlineData(0.04, 40, -2.5, "feature deviation 0.04 is below 0.05")]
    [InlineData(0.8, 1.5, -2.5, "RankMe 1.5 of 128 is below 2")]
    [InlineData(0.8, 40, -0.001, "uniformity -0.001 is above -0.01")]
    [InlineData(double.NaN, 40, -2.5, "not finite")]
    public void EachSignOfCollapseIsEnough(double deviation, double rank, double uniformity, string reason)
    {
        HealthReport report = Health.Judge(Good with { Deviation = deviation, RankMe = rank, Uniformity = uniformity }, Untrained, 40, 6, 0.5, null);
        Assert.Equal("collapsed", report.Word);
        Assert.Contains(reason, Assert.Single(report.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.14, 40, 2, 0.5, "less than half of the untrained network's 0.3")]
    [InlineData(0.8, 3.9, 2, 0.5, "less than half of the untrained network's 8")]
    [InlineData(0.8, 19, 2, 0.5, "less than half of this run's best, 40")]
    [InlineData(0.8, 40, 5.95, 0.21, "no better than telling nothing apart (6)")]
    public void EachMildSignIsSuspicious(double deviation, double rank, double loss, double progress, string reason)
    {
        HealthReport report = Health.Judge(Good with { Deviation = deviation, RankMe = rank, Loss = loss }, Untrained, rank < 8 ? rank : 40, 6, progress, null);
        Assert.Equal("suspicious", report.Word);
        Assert.Contains(reason, Assert.Single(report.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void MildSignsAreForgivenEarlyOn() =>
        Assert.Equal(("healthy", 0), Word(Health.Judge(Good with { Loss = 6, RankMe = 3 }, Untrained, 40, 6, 0.2, null)));

    /// <summary>Figures like those of an untrained ResNet on photographs: near the limits before anything is learned.</summary>
    [Fact]
    public void AnUntrainedNetworkNearTheLimitsMovesThem()
    {
        MonitorReading flat = Untrained with { Deviation = 0.04, Uniformity = -0.008, RankMe = 3 };
        Assert.Equal(("healthy", 0), Word(Health.Judge(flat, flat, 3, null, 0, null)));
        Assert.Equal(("healthy", 0), Word(Health.Judge(flat with { RankMe = 1.6 }, flat, 1.6, null, 0, null)));
        Assert.Equal("collapsed", Health.Judge(flat with { Deviation = 0.009 }, flat, 3, null, 0, null).Word);
        Assert.Equal("collapsed", Health.Judge(flat with { Uniformity = -0.0019 }, flat, 3, null, 0, null).Word);
        Assert.Equal("collapsed", Health.Judge(flat with { RankMe = 1.4 }, flat, 1.4, null, 0, null).Word);
    }

    [Theory]
    [InlineData(0.049, 30, 20, "one point")]
    [InlineData(1, 1.019, 20, "one line")]
    [InlineData(0.39, 1.29, 20, "short piece of nearly one line")]
    [InlineData(double.NaN, double.NaN, 20, "one point")]
    public void EmbeddingsThatTellNothingApartAreACollapse(double deviation, double rank, long steps, string reason)
    {
        var spread = new EmbeddingSpread(deviation, rank, null, steps);
        Assert.Contains(reason, Assert.Single(Health.Judge(spread)!.Reasons), StringComparison.Ordinal);
        Assert.Equal("collapsed", Health.Judge(Good, Untrained, 40, 6, 0.5, spread).Word);
        Assert.Null(Health.Judge(spread with { Steps = steps - 1 }));
    }

    [Fact]
    public void EmbeddingsThatSpreadAreHealthy()
    {
        Assert.Null(Health.Judge(new EmbeddingSpread(0.05, 1.3, 0.05, 1000)));
        Assert.Null(Health.Judge(new EmbeddingSpread(0.4, 1.02, null, 1000)));
    }

    [Fact]
    public void EmbeddingsThatShrankAreACollapseInWhateverDirection() => Assert.Contains(
        "embedding scale 0.049 is below 0.05", Assert.Single(Health.Judge(new EmbeddingSpread(1, 30, 0.049, 20))!.Reasons), StringComparison.Ordinal);

    /// <summary>Of 1, 2, 3 the mean so far; from the tenth on a tenth of each new value counts.</summary>
    [Fact]
    public void TheSpreadIsARunningMean()
    {
        EmbeddingSpread? spread = null;
        for (int step = 1; step <= 11; step++)
        {
            var diagnostics = new Diagnostics();
            diagnostics.Report(Diagnostics.EmbeddingDeviation, step);
            diagnostics.Report(Diagnostics.EmbeddingRank, 2 * step);
            spread = EmbeddingSpread.Next(spread, diagnostics);
        }

        Assert.Equal(11, spread!.Steps);
        Assert.Equal(5.5 + (0.1 * (11 - 5.5)), spread.Deviation, 1e-12);
        Assert.Equal(2 * spread.Deviation, spread.Rank, 1e-12);
        Assert.Same(spread, EmbeddingSpread.Next(spread, new Diagnostics()));
    }

    [Fact]
    public void AnUntrainedNetworkIsNoCollapse() => Assert.Equal(("healthy", 0), Word(Health.Judge(Untrained, Untrained, 8, null, 0, null)));

    private static (string Word, int Reasons) Word(HealthReport report) => (report.Word, report.Reasons.Count);
}
