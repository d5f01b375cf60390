using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

public sealed class Data2VecTests
{
    private static readonly Data2VecOptions Small = new() { TargetLayers = 2 };

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(Small with { Momentum = 1, FinalMomentum = 1 }), Trial.Views(1, side: 16));
        Assert.True(losses[^1] < losses[0] - 0.02, $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void TheTeacherBeginsEqualAndFollows() => Trial.TeacherFollows(Make(Small), Trial.Views(1, side: 16), "teacher.twin.", "backbone.", 0.99);

    /// <summary>
    /// Predictions of 0, targets of one layer-normalised block (mean square 1 in every row) and β above all of them: the loss is
    /// the mean of t²/(2β), which is 1/(2β).
    /// </summary>
    [Theory]
    [InlineData(50)]
    [InlineData(400)]
    public void AStudentThatSaysNothingPaysTheVarianceOfTheTargets(float beta)
    {
        Data2Vec method = Make(Small with { TargetLayers = 1, Beta = beta });
        Trial.Silence(method, "regression");
        var (loss, found) = Trial.Look(method, Trial.Views(1, side: 16));
        Assert.Equal(1 / (2 * beta), loss, 1e-3 / beta);
        Assert.InRange(found["target_deviation"]!.Value, 0.1, 1);
        Assert.Equal(0, found["teacher_distance"]);
    }

    [Fact]
    public void TheMomentumRisesAlongALineAndStays()
    {
        var options = new Data2VecOptions { Momentum = 0.9, FinalMomentum = 0.98, MomentumRise = 0.5 };
        Assert.Equal(0.9, options.MomentumAt(1, 100), 1e-12);
        Assert.Equal(0.94, options.MomentumAt(26, 100), 1e-12);
        Assert.Equal(0.98, options.MomentumAt(51, 100), 1e-12);
        Assert.Equal(0.98, options.MomentumAt(100, 100), 1e-12);
        Assert.Equal(0.98, (options with { MomentumRise = 0 }).MomentumAt(1, 100), 1e-12);
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed), Trial.Views(1, side: 16));

    [Fact]
    public void WhatCannotWorkIsRefusedAndDefaultsAdapt()
    {
        Assert.Contains("works with vit", Trial.Refusal(Small, Trial.SmallResNet), StringComparison.Ordinal);
        Assert.Contains("works with vit", Assert.Throws<ConfigurationException>(() => Trial.Start(b => new Data2Vec(b, Small), Trial.SmallResNet)).Message, StringComparison.Ordinal);
        Assert.Contains("leaves nothing", Trial.Refusal(Small with { MaskRatio = 0.99 }, Trial.SmallVit), StringComparison.Ordinal);
        Assert.Contains("one patch", Trial.Refusal(Small, Trial.SmallVit, sides: [4]), StringComparison.Ordinal);
        Assert.Contains("train.batch-size", Trial.Refusal(Small, Trial.SmallVit, batch: 1), StringComparison.Ordinal);
        Assert.StartsWith("model.pool: data2vec learns from patches alone", Trial.Refusal(Small, Trial.SmallVit with { Pool = "token" }), StringComparison.Ordinal);
        Assert.Contains("2 blocks", Trial.Refusal(new Data2VecOptions(), Trial.SmallVit, given: "method.target-layers"), StringComparison.Ordinal);
        (Data2VecOptions fitted, List<string> notes) = Trial.Fit(new Data2VecOptions(), Trial.SmallVit);
        Assert.Equal(2, fitted.TargetLayers);
        Assert.Contains("2 blocks", Assert.Single(notes), StringComparison.Ordinal);
    }

    private static Data2Vec Make(Data2VecOptions options, ulong seed = 1) => Trial.Start(b => new Data2Vec(b, options), Trial.SmallVit, seed);
}
