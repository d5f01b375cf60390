using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Regularized;

public sealed class WMseTests
{
    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(), Trial.Views(items: 12), optimizer: Trial.Adam(0.003));
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Trial.Views(items: 12));

    [Fact]
    public void EqualViewsCoincideOnceWhitened()
    {
        (double loss, Diagnostics found) = Trial.Look(Make(), Trial.Views(items: 12, alike: true));
        Assert.Equal(0, loss, 1e-5);
        Assert.InRange(found[Diagnostics.EmbeddingDeviation]!.Value, 1e-3, 1.1);
        Assert.InRange(Trial.Look(Make(), Trial.Views(items: 12)).Found["whitening_condition"]!.Value, 1, 1e6);
    }

    [Fact]
    public void WhatNothingCosts() => Assert.Equal(2, Make().ChanceLoss(12));

    [Fact]
    public void ImpossibleValuesAreRefused()
    {
        Assert.Throws<ConfigurationException>(() => WMse.Entry.Options.Set(WMse.Entry.Defaults, "sub-batch", "1"));
        Assert.Throws<ConfigurationException>(() => WMse.Entry.Options.Set(WMse.Entry.Defaults, "epsilon", "1"));
        Assert.StartsWith("train.batch-size: a batch of one", Trial.Refusal(new WMseOptions(), batch: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void WhiteningFitsTheBatch()
    {
        (WMseOptions options, List<string> notes) = Trial.Fit(new WMseOptions(), batch: 40);
        Assert.Equal((40, 20), (options.SubBatch, options.Projector[^1]));
        Assert.Equal(1024, options.Projector[0]);
        Assert.Equal(2, notes.Count);

        (options, notes) = Trial.Fit(new WMseOptions(), batch: 256);
        Assert.Equal((128, 64, 0), (options.SubBatch, options.Projector[^1], notes.Count));

        // Enough of the identity in the covariance whitens anything.
        Assert.Equal(64, Trial.Fit(new WMseOptions { Epsilon = 0.1f }, batch: 40).Options.Projector[^1]);

        Assert.Contains("at most 39", Trial.Refusal(new WMseOptions(), batch: 40, given: "method.projector"), StringComparison.Ordinal);
        Assert.Contains("method.sub-batch", Trial.Refusal(new WMseOptions(), batch: 40, given: "method.sub-batch"), StringComparison.Ordinal);
    }

    private static WMse Make(ulong seed = 1) => Trial.Start(b => new WMse(b, new WMseOptions { Projector = [16, 4], SubBatch = 6 }), seed: seed);
}
