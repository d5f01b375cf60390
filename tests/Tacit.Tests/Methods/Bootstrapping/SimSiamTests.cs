using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

public sealed class SimSiamTests
{
    private static readonly SimSiamOptions Small = new() { Projector = [16, 16, 8], PredictorHidden = 4 };

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(Small), Trial.Views());
        Assert.True(losses[^1] < losses[0] - 0.2, $"from {losses[0]} to {losses[^1]}");
        Assert.All(losses, loss => Assert.InRange(loss, -1, 1));
    }

    /// <summary>Without a predictor equal views are predicted by themselves: −1, the least there is.</summary>
    [Fact]
    public void EqualViewsAgreeWhollyWithoutAPredictor()
    {
        var (loss, found) = Trial.Look(Make(Small with { Branches = Small.Branches with { Predictor = false } }), Trial.Views(alike: true));
        Assert.Equal(-1, loss, 1e-5);
        Assert.Equal(1, found["prediction_similarity"]!.Value, 1e-5);
        Assert.Null(found["teacher_distance"]);
        Assert.True(Trial.Look(Make(Small), Trial.Views(alike: true)).Loss > -0.9);
    }

    /// <summary>The last norm of the projector has no scale and shift; the predictor's last layer has no norm.</summary>
    [Fact]
    public void ItsHeadsAreThoseOfThePaper() =>
        Assert.Equal(
            [
                "branches.projector.0.weight", "branches.projector.1.weight", "branches.projector.1.bias",
                "branches.projector.3.weight", "branches.projector.4.weight", "branches.projector.4.bias",
                "branches.projector.6.weight",
                "branches.predictor.0.weight", "branches.predictor.1.weight", "branches.predictor.1.bias",
                "branches.predictor.3.weight", "branches.predictor.3.bias",
            ],
            Make(Small).NamedParameters().Select(p => p.Key).Where(name => name.StartsWith("branches", StringComparison.Ordinal)));

    [Fact]
    public void AMomentumGivesItATeacher() =>
        Trial.TeacherFollows(
            Make(Small with { Branches = new() { Momentum = 0.9, FinalMomentum = 0.9 } }), Trial.Views(), "branches.slow_backbone.twin.", "backbone.", 0.9);

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed), Trial.Views());

    [Fact]
    public void WhatCannotWorkIsRefused()
    {
        new SimSiamOptions { Branches = new() { Momentum = 0, StopGradient = false } }.Validate();
        Assert.Throws<TacitException>(() => new SimSiamOptions { Branches = new() { Momentum = 0.5, StopGradient = false } }.Validate());
        Assert.Contains("at least 2", Trial.Refusal(Small, batch: 1), StringComparison.Ordinal);
        Assert.Contains("two views", Assert.Throws<TacitException>(() => Trial.Look(Make(Small), Trial.Views(1))).Message, StringComparison.Ordinal);
    }

    private static SimSiam Make(SimSiamOptions options, ulong seed = 1) => Trial.Start(b => new SimSiam(b, options), Trial.SmallResNet, seed);
}
