using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

public sealed class IJepaTests
{
    private static readonly IJepaOptions Small = new();

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(Small with { Momentum = 1 }), Trial.Views(1, side: 16));
        Assert.True(losses[^1] < losses[0] - 0.05, $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void TheTeacherBeginsEqualAndFollows() => Trial.TeacherFollows(Make(Small), Trial.Views(1, side: 16), "teacher.twin.", "backbone.", 0.996);

    /// <summary>As for data2vec: predictions of 0 and β above all targets cost 1/(2β), layer-normalised targets having mean square 1.</summary>
    [Theory]
    [InlineData(50)]
    [InlineData(400)]
    public void APredictorThatSaysNothingPaysTheVarianceOfTheTargets(float beta)
    {
        IJepa method = Make(Small with { Beta = beta });
        Trial.Silence(method, "predictor.widen");
        var (loss, found) = Trial.Look(method, Trial.Views(1, side: 16));
        Assert.Equal(1 / (2 * beta), loss, 1e-3 / beta);
        Assert.InRange(found["target_deviation"]!.Value, 0.1, 1);
        Assert.Equal(0, found["teacher_distance"]);
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed), Trial.Views(1, side: 16));

    [Fact]
    public void ThePredictorIsHalfOfTheEncoderUnlessToldOtherwise()
    {
        Assert.Equal(8, Small.WidthFor(Trial.SmallVit));
        Assert.Equal(96, Small.WidthFor(new() { Dim = 192, Heads = 3 }));
        Assert.Equal(384, Small.WidthFor(new() { Dim = 768, Heads = 12 }));
        Assert.Equal(3, Small.DepthFor(new() { Depth = 6 }));
        Assert.Equal(1, Small.DepthFor(new() { Depth = 1 }));
        Assert.Equal(24, (Small with { PredictorWidth = 24 }).WidthFor(Trial.SmallVit));
    }

    [Fact]
    public void WhatCannotWorkIsRefused()
    {
        Assert.Contains("works with vit", Trial.Refusal(Small, Trial.SmallResNet), StringComparison.Ordinal);
        Assert.Contains("works with vit", Assert.Throws<ConfigurationException>(() => Trial.Start(b => new IJepa(b, Small), Trial.SmallResNet)).Message, StringComparison.Ordinal);
        Assert.Contains("model.patch-size", Trial.Refusal(Small, Trial.SmallVit, sides: [4]), StringComparison.Ordinal);
        Assert.Contains("multiple of 8", Trial.Refusal(Small with { PredictorWidth = 20 }, Trial.SmallVit, given: "method.predictor-width"), StringComparison.Ordinal);
        Assert.Contains("train.batch-size", Trial.Refusal(Small, Trial.SmallVit, batch: 1), StringComparison.Ordinal);
        Assert.StartsWith("model.pool: ijepa learns from patches alone", Trial.Refusal(Small, Trial.SmallVit with { Pool = "token" }), StringComparison.Ordinal);
        Assert.Throws<TacitException>(() => new IJepaOptions { Blocks = new() { MinTarget = 0.4 } }.Validate());
        Assert.IsType<IJepaOptions>(Trial.Fit(Small, Trial.SmallVit, sides: [8]).Options);
    }

    private static IJepa Make(IJepaOptions options, ulong seed = 1) => Trial.Start(b => new IJepa(b, options), Trial.SmallVit, seed);
}
