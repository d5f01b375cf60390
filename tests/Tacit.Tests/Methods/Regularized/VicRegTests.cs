using Tacit.Data.Loading;
using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Regularized;

public sealed class VicRegTests
{
    private static readonly VicRegOptions Small = new() { Projector = [16, 8] };

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(Small), Trial.Views(items: 12), optimizer: Trial.Adam(0.003));
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed), Trial.Views(items: 12));

    [Fact]
    public void EqualViewsHaveNoInvarianceToPayFor()
    {
        Diagnostics found = Trial.Look(Make(Small), Trial.Views(items: 12, alike: true)).Found;
        Assert.Equal(0, found["invariance"]);
        Assert.InRange(found[Diagnostics.EmbeddingDeviation]!.Value, 1e-3, 1.1);
    }

    [Fact]
    public void TheLossIsMadeOfTheReportedParts()
    {
        (double loss, Diagnostics found) = Trial.Look(Make(Small), Trial.Views(items: 12));
        Assert.Equal((25 * found["invariance"]!.Value) + (25 * found["variance"]!.Value) + found["covariance"]!.Value, loss, 1e-4);
    }

    [Fact]
    public void WhatNothingCosts()
    {
        Assert.Equal(24.75, Make(Small).ChanceLoss(12)!.Value, 1e-7);
        Assert.Equal(49.5, Make(Small with { HalvedVariance = false }).ChanceLoss(12)!.Value, 1e-7);
        Assert.Null(Make(Small with { Variance = 0 }).ChanceLoss(12));
    }

    /// <summary>What the weights are for: without variance (and covariance) agreement alone shrinks the embeddings, with it they keep their spread.</summary>
    [Fact]
    public void WithoutVarianceEmbeddingsShrink()
    {
        Assert.True(Shortfall(0) > 0.6, "agreement alone should shrink the embeddings");
        Assert.True(Shortfall(25) < 0.3, "the hinge should keep them apart");

        static double Shortfall(float variance)
        {
            VicReg method = Make(Small with { Variance = variance, Covariance = 0 });
            Batch batch = Trial.Views(items: 12);
            Trial.Steps(method, batch, 40);
            return Trial.Look(method, batch).Found["variance"]!.Value;
        }
    }

    [Fact]
    public void ImpossibleValuesAreRefused()
    {
        Assert.Contains("nothing to learn from", Assert.Throws<TacitException>(() => new VicRegOptions { Invariance = 0, Variance = 0, Covariance = 0 }.Validate()).Message, StringComparison.Ordinal);
        Assert.StartsWith("train.batch-size: a batch of one", Trial.Refusal(Small, batch: 1), StringComparison.Ordinal);
    }

    private static VicReg Make(VicRegOptions options, ulong seed = 1) => Trial.Start(b => new VicReg(b, options), seed: seed);
}
