using Tacit.Data.Loading;
using Tacit.Methods;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

public sealed class ByolTests
{
    private static readonly ByolOptions Small = new() { Projector = [16, 8], PredictorHidden = 16 };

    private static readonly BranchOptions Shared = new() { Momentum = 0 };

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(Small), Trial.Views());
        Assert.True(losses[^1] < losses[0] - 0.5, $"from {losses[0]} to {losses[^1]}");
        Assert.All(losses, loss => Assert.InRange(loss, 0, 8));
    }

    [Fact]
    public void TheTeacherBeginsEqualAndFollows()
    {
        Trial.TeacherFollows(Make(Small), Trial.Views(), "branches.slow_backbone.twin.", "backbone.", 0.99);
        Trial.TeacherFollows(Make(Small), Trial.Views(), "branches.slow_projector.twin.", "branches.projector.", 0.99);
    }

    /// <summary>No predictor, views alike, the teacher as at the start: prediction and target are the same vector, 2 − 2 cos 0 = 0.</summary>
    [Fact]
    public void EqualBranchesThatSeeTheSameAgreeWhollyWithoutAPredictor()
    {
        var (loss, found) = Trial.Look(Make(Small with { Branches = new() { Predictor = false } }), Trial.Views(alike: true));
        Assert.Equal(0, loss, 1e-5);
        Assert.Equal(1, found["prediction_similarity"]!.Value, 1e-5);
        Assert.Equal(0, found["teacher_distance"]);
        Assert.InRange(found["embedding_deviation"]!.Value, 0.1, 1.1);
        Assert.True(Trial.Look(Make(Small), Trial.Views(alike: true)).Loss > 0.5);
    }

    /// <summary>Behind a stop-gradient the loss has less to pull on: the same value, another gradient.</summary>
    [Fact]
    public void TheStopGradientChangesTheGradientAndNotTheLoss()
    {
        Batch batch = Trial.Views();
        double[] stopped = Trial.Steps(Make(Small with { Branches = Shared }), batch, 2);
        double[] flowing = Trial.Steps(Make(Small with { Branches = Shared with { StopGradient = false } }), batch, 2);
        Assert.Equal(stopped[0], flowing[0]);
        Assert.NotEqual(stopped[1], flowing[1]);
    }

    [Fact]
    public void PartsThatAreTakenAwayAreGone()
    {
        Assert.Contains(Names(Small), name => name.StartsWith("branches.predictor", StringComparison.Ordinal));
        Assert.Contains(Names(Small), name => name.StartsWith("branches.slow_backbone", StringComparison.Ordinal));
        Assert.DoesNotContain(Names(Small with { Branches = new() { Predictor = false } }), name => name.StartsWith("branches.predictor", StringComparison.Ordinal));
        Assert.DoesNotContain(Names(Small with { Branches = Shared }), name => name.StartsWith("branches.slow", StringComparison.Ordinal));
        static IEnumerable<string> Names(ByolOptions options) => Make(options).StateDict().Keys;
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed), Trial.Views());

    [Fact]
    public void TheMomentumRisesToItsEnd()
    {
        var options = new BranchOptions();
        Assert.Equal(0.99, options.MomentumAt(1, 100), 1e-12);
        Assert.Equal(0.991464, options.MomentumAt(26, 100), 1e-6);
        Assert.Equal(0.995, options.MomentumAt(51, 100), 1e-12);
        Assert.Equal(1, options.MomentumAt(101, 100), 1e-12);
    }

    [Fact]
    public void WhatCannotWorkIsRefused()
    {
        new ByolOptions().Validate();
        Assert.Contains("method.momentum=0", Assert.Throws<TacitException>(() => new ByolOptions { Branches = new() { StopGradient = false } }.Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2", Trial.Refusal(Small, batch: 1), StringComparison.Ordinal);
        Assert.Contains("multi-crop", Assert.Throws<TacitException>(() => Trial.Look(Make(Small), Trial.Views(side: 16, locals: 2))).Message, StringComparison.Ordinal);
        Assert.Throws<TacitException>(() => Trial.Look(Make(Small), Trial.Views(3)));
    }

    [Fact]
    public void ItsOptionsAreRead()
    {
        MethodOptions options = Byol.Entry.Options.Set(Byol.Entry.Defaults, "predictor", "false");
        options = Byol.Entry.Options.Set(options, "momentum", "0");
        options = Byol.Entry.Options.Set(options, "stop-gradient", "false");
        options = Byol.Entry.Options.Set(options, "second-solarize-probability", "0.1");
        var typed = Assert.IsType<ByolOptions>(options);
        Assert.Equal(new BranchOptions { Predictor = false, StopGradient = false, Momentum = 0 }, typed.Branches);
        Assert.Equal(0.1f, typed.SecondSolarizeProbability);
        typed.Validate();
        Assert.Throws<ConfigurationException>(() => Byol.Entry.Options.Set(options, "momentum", "1.1"));
    }

    private static Byol Make(ByolOptions options, ulong seed = 1) => Trial.Start(b => new Byol(b, options), Trial.SmallResNet, seed);
}
