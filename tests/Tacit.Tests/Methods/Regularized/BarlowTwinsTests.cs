using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Regularized;

public sealed class BarlowTwinsTests
{
    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(), Trial.Views(items: 12), optimizer: Trial.Adam(0.003));
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Trial.Views(items: 12));

    /// <summary>Views without any difference leave nothing on the diagonal but for the norm's ε.</summary>
    [Fact]
    public void EqualViewsAgree()
    {
        Diagnostics found = Trial.Look(Make(), Trial.Views(items: 12, alike: true)).Found;
        Assert.Equal(0, found["on_diagonal"]!.Value, 1e-2);
        Assert.InRange(found[Diagnostics.EmbeddingDeviation]!.Value, 1e-3, 1.1);
    }

    [Fact]
    public void TheLossIsMadeOfTheReportedParts()
    {
        (double loss, Diagnostics found) = Trial.Look(Make(), Trial.Views(items: 12));
        Assert.Equal(0.1 * (found["on_diagonal"]!.Value + (0.005 * found["off_diagonal"]!.Value)), loss, 1e-5);
    }

    [Fact]
    public void WhatNothingCosts() => Assert.Equal(0.8, Make().ChanceLoss(12)!.Value, 1e-7);

    [Fact]
    public void ImpossibleValuesAreRefused()
    {
        Assert.Throws<ConfigurationException>(() => BarlowTwins.Entry.Options.Set(BarlowTwins.Entry.Defaults, "projector", "[]"));
        Assert.StartsWith("train.batch-size: a batch of one", Trial.Refusal(new BarlowTwinsOptions(), batch: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyTheSecondViewIsSolarised()
    {
        MethodOptions options = BarlowTwins.Entry.Options.Set(BarlowTwins.Entry.Defaults, "augmentation.min-scale", "0.3");
        Assert.Equal(0.3f, Assert.IsType<BarlowTwinsOptions>(options).Augmentation.MinScale);
        Assert.Equal(0, ((BarlowTwinsOptions)options).Augmentation.SolarizeProbability);
        Assert.Equal(0.2f, ((BarlowTwinsOptions)options).SecondSolarizeProbability);
        Assert.Equal(2, Make().Views.ViewCount);
    }

    private static BarlowTwins Make(ulong seed = 1) => Trial.Start(b => new BarlowTwins(b, new BarlowTwinsOptions { Projector = [16, 8] }), seed: seed);
}
