using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Xunit;

namespace Tacit.Tests.Methods.Regularized;

public sealed class DeloresTests
{
    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLosses()
    {
        double[] small = Trial.Steps(Small(), Hearing.Pictures(), optimizer: Trial.Adam(0.003)), large = Trial.Steps(Large(), Hearing.Pictures(items: 16), optimizer: Trial.Adam(0.003));
        Assert.True(small[^1] < 0.9 * small[0], $"from {small[0]} to {small[^1]}");
        Assert.True(large[^1] < large[0], $"from {large[0]} to {large[^1]}");
    }

    [Fact]
    public void TheirStatesAreAllThereIs()
    {
        Trial.StateRoundTrips(seed => Small(seed), Hearing.Pictures());
        Trial.StateRoundTrips(seed => Large(seed), Hearing.Pictures(items: 16));
    }

    /// <summary>λ weighs the off-diagonal alone: without it equal views cost nothing, and with it the diagonal counts as before.</summary>
    [Fact]
    public void LambdaWeighsTheOffDiagonalAlone()
    {
        (double loss, Diagnostics found) = Trial.Look(Small(lambda: 0.5f), Hearing.Pictures());
        Assert.Equal((found["on_diagonal"]!.Value + (0.5 * found["off_diagonal"]!.Value)) / 8, loss, 1e-5);
        Assert.Equal(0, Trial.Look(Small(lambda: 0), Hearing.Pictures(alike: true)).Loss, 1e-2);
    }

    [Fact]
    public void BarlowTwinsWithThisSetupIsTheSame()
    {
        var barlow = Trial.Start(b => new BarlowTwins(b, new BarlowTwinsOptions { Projector = [16, 8], Scale = 1f / 8 }), Hearing.Ntt);
        Assert.Equal(Trial.Look(barlow, Hearing.Pictures()).Loss, Trial.Look(Small(), Hearing.Pictures()).Loss, 1e-5);
    }

    [Fact]
    public void TheLargeLossIsTheSumOfItsParts()
    {
        (double loss, Diagnostics found) = Trial.Look(Large(weight: 0.25f), Hearing.Pictures(items: 16));
        Assert.Equal(found["contrastive_loss"]!.Value + (0.25 * found["decorrelation_loss"]!.Value), loss, 1e-5);
    }

    [Fact]
    public void KeysFollowQueries()
    {
        Trial.TeacherFollows(Large(), Hearing.Pictures(items: 16), "key_backbone.twin.", "backbone.", 0.99);
        Trial.TeacherFollows(Large(), Hearing.Pictures(items: 16), "key_projector_conv2.twin.", "projector_conv2.", 0.99);
    }

    /// <summary>Three decorrelations of views without anything in common, each 1 + (1 + λ (D - 1)) / N, and a key among 33.</summary>
    [Fact]
    public void WhatNothingCosts()
    {
        Assert.Equal(1 + ((1 + (0.005 * 7)) / 12), Small().ChanceLoss(12)!.Value, 1e-6);
        Assert.Equal(Math.Log(33) + (3 * (1 + ((1 + (0.005 * 7)) / 12))), Large().ChanceLoss(12)!.Value, 1e-6);
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        Assert.StartsWith("train.batch-size: a batch of one", Trial.Refusal(new DeloresSOptions(), Hearing.Ntt, batch: 1), StringComparison.Ordinal);
        Assert.StartsWith("train.batch-size: a batch of one", Trial.Refusal(new DeloresMOptions(), Hearing.Ntt, batch: 1), StringComparison.Ordinal);
        Assert.StartsWith("method.norm-groups: 8 cannot work", Trial.Refusal(new DeloresMOptions(), Hearing.Ntt, batch: 16, given: "method.norm-groups"), StringComparison.Ordinal);
        Assert.Contains("three convolutions of audiontt", Assert.Throws<ConfigurationException>(() => new DeloresM(BackboneFactory.Build(Trial.SmallResNet), new DeloresMOptions())).Message, StringComparison.Ordinal);
        Assert.Equal(new SoundPlan(2), Small().Sounds);
    }

    private static DeloresS Small(ulong seed = 1, float lambda = 5e-3f) => Trial.Start(b => new DeloresS(b, new DeloresSOptions { Projector = [16, 8], Lambda = lambda }), Hearing.Ntt, seed);

    private static DeloresM Large(ulong seed = 1, float weight = 1) => Trial.Start(
        b => new DeloresM(b, new DeloresMOptions { Projection = 6, Queue = 32, NormGroups = 2, DepthProjector = [16, 8], DecorrelationWeight = weight }), Hearing.Ntt, seed);
}
