using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

/// <summary>Barlow Twins, VICReg and W-MSE as methods; their losses have tests of their own.</summary>
public sealed class RegularizedMethodTests
{
    private const int Pictures = 12;

    public static TheoryData<string> Names => [BarlowTwins.Entry.Info.Name, VicReg.Entry.Info.Name, WMse.Entry.Info.Name];

    [Theory]
    [MemberData(nameof(Names))]
    public void TwentyStepsOnOneBatchLowerTheLoss(string name)
    {
        Method method = Make(name);
        var optimizer = Optimizer.Create(new OptimizerOptions { Name = "adam", Lr = 0.003, WeightDecay = 0 }, method);
        List<double> losses = MethodRun.Steps(method, optimizer, MethodRun.Views(Pictures, 8), 20, 0.003);
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ItGoesOnFromItsState(string name) =>
        MethodRun.ResumesExactly(() => Make(name), new OptimizerOptions { Name = "adam", Lr = 0.003 }, MethodRun.Views(Pictures, 8));

    /// <summary>
    /// Views without any difference: nothing on Barlow's diagonal (but for the norm's ε), no invariance to pay for, whitened
    /// rows that coincide.
    /// </summary>
    [Theory]
    [InlineData("barlow-twins", "on_diagonal", 0, 1e-2)]
    [InlineData("vicreg", "invariance", 0, 0)]
    [InlineData("w-mse", "loss", 0, 1e-5)]
    public void EqualViewsAgree(string name, string part, double expected, double tolerance)
    {
        Batch batch = MethodRun.Views(Pictures, 8);
        batch.View(0).Span.CopyTo(batch.View(1).Span);
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.NoGradient();
        diagnostics.Report("loss", Make(name).Loss(batch, diagnostics).ToScalar());
        Assert.Equal(expected, diagnostics[part]!.Value, tolerance);
        Assert.InRange(diagnostics[Diagnostics.EmbeddingDeviation]!.Value, 1e-3, 1.1);
    }

    [Fact]
    public void TheLossIsMadeOfTheReportedParts()
    {
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.NoGradient();
        Batch batch = MethodRun.Views(Pictures, 8);
        double barlow = Make("barlow-twins").Loss(batch, diagnostics).ToScalar();
        Assert.Equal(0.1 * (diagnostics["on_diagonal"]!.Value + (0.005 * diagnostics["off_diagonal"]!.Value)), barlow, 1e-5);
        double vicreg = Make("vicreg").Loss(batch, diagnostics).ToScalar();
        Assert.Equal((25 * diagnostics["invariance"]!.Value) + (25 * diagnostics["variance"]!.Value) + diagnostics["covariance"]!.Value, vicreg, 1e-4);
        Make("w-mse").Loss(batch, diagnostics);
        Assert.InRange(diagnostics["whitening_condition"]!.Value, 1, 1e6);
    }

    [Fact]
    public void WhatNothingCosts()
    {
        Assert.Equal(0.8, Make("barlow-twins").ChanceLoss(Pictures)!.Value, 1e-7);
        Assert.Equal(24.75, Make("vicreg").ChanceLoss(Pictures)!.Value, 1e-7);
        Assert.Equal(49.5, new VicReg(Backbone(), new VicRegOptions { HalvedVariance = false }).ChanceLoss(Pictures)!.Value, 1e-7);
        Assert.Null(new VicReg(Backbone(), new VicRegOptions { Variance = 0 }).ChanceLoss(Pictures));
        Assert.Equal(2, Make("w-mse").ChanceLoss(Pictures));
    }

    /// <summary>What the weights are for: without variance (and covariance) agreement alone shrinks the embeddings, with it they keep their spread.</summary>
    [Fact]
    public void WithoutVarianceEmbeddingsShrink()
    {
        Assert.True(Shortfall(0) > 0.6, "agreement alone should shrink the embeddings");
        Assert.True(Shortfall(25) < 0.3, "the hinge should keep them apart");

        static double Shortfall(float variance)
        {
            var method = new VicReg(Backbone(), new VicRegOptions { Variance = variance, Covariance = 0, Projector = [16, 8] });
            method.Initialize(1);
            Batch batch = MethodRun.Views(Pictures, 8);
            MethodRun.Steps(method, Optimizer.Create(new OptimizerOptions { Name = "adam", Lr = 0.01, WeightDecay = 0 }, method), batch, 40, 0.01);
            var diagnostics = new Diagnostics();
            using Scope scope = Scope.NoGradient();
            method.Loss(batch, diagnostics);
            return diagnostics["variance"]!.Value;
        }
    }

    [Fact]
    public void ImpossibleValuesAreRefused()
    {
        Assert.Contains("nothing to learn from", Assert.Throws<TacitException>(() => new VicRegOptions { Invariance = 0, Variance = 0, Covariance = 0 }.Validate()).Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => WMse.Entry.Options.Set(WMse.Entry.Defaults, "sub-batch", "1"));
        Assert.Throws<ConfigurationException>(() => WMse.Entry.Options.Set(WMse.Entry.Defaults, "epsilon", "1"));
        Assert.Throws<ConfigurationException>(() => BarlowTwins.Entry.Options.Set(BarlowTwins.Entry.Defaults, "projector", "[]"));
        foreach (MethodEntry entry in (MethodEntry[])[BarlowTwins.Entry, VicReg.Entry, WMse.Entry])
        {
            Assert.StartsWith("train.batch-size: a batch of one", Assert.Throws<ConfigurationException>(() => MethodRun.Fit(entry.Defaults, 1, [])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WhiteningFitsTheBatch()
    {
        (WMseOptions options, List<string> notes) = MethodRun.Fit(new WMseOptions(), 40, []);
        Assert.Equal((40, 20), (options.SubBatch, options.Projector[^1]));
        Assert.Equal(1024, options.Projector[0]);
        Assert.Equal(2, notes.Count);

        (options, notes) = MethodRun.Fit(new WMseOptions(), 256, []);
        Assert.Equal((128, 64, 0), (options.SubBatch, options.Projector[^1], notes.Count));

        // Enough of the identity in the covariance whitens anything.
        (options, _) = MethodRun.Fit(new WMseOptions { Epsilon = 0.1f }, 40, []);
        Assert.Equal(64, options.Projector[^1]);

        Assert.Contains("at most 39", Assert.Throws<ConfigurationException>(() => MethodRun.Fit(new WMseOptions(), 40, ["method.projector"])).Message, StringComparison.Ordinal);
        Assert.Contains("method.sub-batch", Assert.Throws<ConfigurationException>(() => MethodRun.Fit(new WMseOptions(), 40, ["method.sub-batch"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyTheSecondViewOfBarlowTwinsIsSolarised()
    {
        MethodOptions options = BarlowTwins.Entry.Options.Set(BarlowTwins.Entry.Defaults, "augmentation.min-scale", "0.3");
        Assert.Equal(0.3f, Assert.IsType<BarlowTwinsOptions>(options).Augmentation.MinScale);
        Assert.Equal(0, ((BarlowTwinsOptions)options).Augmentation.SolarizeProbability);
        Assert.Equal(0.2f, ((BarlowTwinsOptions)options).SecondSolarizeProbability);
        Assert.Equal(2, Make("barlow-twins").Views.ViewCount);
    }

    private static Backbone Backbone() => BackboneFactory.Build(new BackboneOptions { Width = 4 });

    private static Method Make(string name)
    {
        Method method = name switch
        {
            "barlow-twins" => new BarlowTwins(Backbone(), new BarlowTwinsOptions { Projector = [16, 8] }),
            "vicreg" => new VicReg(Backbone(), new VicRegOptions { Projector = [16, 8] }),
            _ => new WMse(Backbone(), new WMseOptions { Projector = [16, 4], SubBatch = 6 }),
        };
        method.Initialize(1);
        return method;
    }
}
