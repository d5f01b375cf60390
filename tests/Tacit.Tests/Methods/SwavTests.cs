using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class SwavTests
{
    private static readonly SwavOptions Small = new() { Projector = [16, 8], Prototypes = 6, Queue = 16, QueueFrom = 0, FreezePrototypes = 0 };

    [Theory]
    [InlineData(0, 0)]
    [InlineData(16, 0)]
    [InlineData(16, 2)]
    public void TwentyStepsOnOneBatchLowerTheLoss(int queue, int locals)
    {
        Swav method = Make(Small with { Queue = queue, LocalCrops = locals });
        var diagnostics = new Diagnostics();
        List<double> losses = TwoViews.Train(method, TwoViews.Batch(8, locals: locals), lr: 0.05, diagnostics: diagnostics);
        Assert.True(losses[^1] < losses[0] - 0.1, $"from {losses[0]} to {losses[^1]}");
        Assert.InRange(diagnostics["prototype_perplexity"]!.Value, 1, 6 + 1e-6);
        Assert.InRange(diagnostics["code_confidence"]!.Value, 1.0 / 6, 1 + 1e-6);
        Assert.Equal(queue > 0 ? 1.0 : null, diagnostics["queue_fill"]);
        Assert.Equal(queue > 0 ? 2.0 : null, diagnostics["queue_age"]);
        Assert.InRange(diagnostics[Diagnostics.EmbeddingDeviation]!.Value, 0.05, 1);
    }

    /// <summary>Prototypes all alike cannot be told apart: ln K.</summary>
    [Fact]
    public void PrototypesAllAlikeAreChance()
    {
        Swav method = Make(Small);
        method.StateDict()["prototypes.weight"].Span.Fill(1 / MathF.Sqrt(8));
        using Scope scope = Scope.NoGradient();
        Assert.Equal(Math.Log(6), method.Loss(TwoViews.Batch(8), new Diagnostics()).ToScalar(), 1e-5);
        Assert.Equal(Math.Log(6), method.ChanceLoss(8)!.Value, 1e-12);
    }

    [Fact]
    public void PrototypesStayUnitDirectionsAndBeginFrozen()
    {
        // Two hundredths of the run are two of a hundred steps.
        Swav frozen = Make(Small with { FreezePrototypes = 0.02 }), free = Make(Small with { FreezePrototypes = 0.02 });
        Tensor weight = free.StateDict()["prototypes.weight"];
        float[] first = weight.ToArray();
        TwoViews.Train(frozen, TwoViews.Batch(8), 2);
        Oracle.AssertWithin(first, frozen.StateDict()["prototypes.weight"].Span, 1e-6);
        TwoViews.Train(free, TwoViews.Batch(8), 3);
        Assert.True(first.Zip(weight.ToArray(), (a, b) => Math.Abs(a - b)).Max() > 1e-4);
        for (int k = 0; k < 6; k++)
        {
            Assert.Equal(1, weight.Rows(k, 1).ToArray().Sum(v => (double)v * v), 1e-5);
        }
    }

    /// <summary>Filled from its share of the run on, one queue for each view, and used once full: codes then change.</summary>
    [Fact]
    public void TheQueueIsFilledFromItsShareOfTheRun()
    {
        Swav method = Make(Small with { QueueFrom = 0.03 });
        OrderedDictionary<string, Tensor> state = method.StateDict();
        Batch batch = TwoViews.Batch(8);
        TwoViews.Train(method, batch, 3, lr: 0);
        Assert.Equal(0, state["queue0.count"].ToScalar());
        List<double> losses = TwoViews.Train(method, batch, 3, lr: 0, from: 3);
        Assert.Equal(16, state["queue0.count"].ToScalar());
        Assert.NotEqual(state["queue0.rows"].ToArray(), state["queue1.rows"].ToArray());
        Assert.Equal(losses[0], losses[1]);

        // Twice the batch itself in the queue: assigned three times over the codes are the same.
        Assert.Equal(losses[0], losses[2], 1e-5);
        state["queue0.rows"].Span.CopyTo(state["queue1.rows"].Span);
        state["queue0.rows"].Span.Reverse();
        Assert.NotEqual(losses[0], TwoViews.Train(method, batch, 1, lr: 0, from: 6)[0], 1e-4);
    }

    [Fact]
    public void ItsStateIsAllThereIs() => TwoViews.AssertStateIsAll(() => Make(Small), TwoViews.Batch(8));

    [Fact]
    public void SmallCropsAreAskedFor()
    {
        Assert.Equal((2, 0), (Make(Small).Views.ViewCount, Make(Small).Views.LocalCount));
        ViewPlan plan = Make(Small with { LocalCrops = 6 }).Views;
        Assert.Equal((2, 6, 16), (plan.ViewCount, plan.LocalCount, plan.LocalSide(32)));
    }

    [Fact]
    public void DefaultsAdaptToTheDataAndSaySo()
    {
        var notes = new List<string>();
        SwavOptions fitted = TwoViews.Fit(new SwavOptions(), 300, 64, notes);
        Assert.Equal((30, 128), (fitted.Prototypes, fitted.Queue));
        Assert.Equal(2, notes.Count);
        Assert.Equal(200, TwoViews.Fit(new SwavOptions { Prototypes = 200 }, 300, 64, given: ["method.prototypes"]).Prototypes);
        Assert.Equal(0, TwoViews.Fit(new SwavOptions { Queue = 0 }, 300, 64).Queue);
    }

    [Fact]
    public void WhatWasGivenAndCannotWorkIsRefused()
    {
        Assert.StartsWith(
            "method.prototypes: 512 cannot work because the data set has 300 pictures",
            Assert.Throws<ConfigurationException>(() => TwoViews.Fit(new SwavOptions(), 300, 64, given: ["method.prototypes"])).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "method.queue: 32",
            Assert.Throws<ConfigurationException>(() => TwoViews.Fit(new SwavOptions { Queue = 32 }, 300, 64, given: ["method.queue"])).Message,
            StringComparison.Ordinal);
        var vit = new DataFit(_ => true, _ => { }) { Items = 5000, BatchSize = 8, Side = 24, Model = new BackboneOptions { Name = "vit", PatchSize = 8 } };
        Assert.StartsWith("method.local-share", Assert.Throws<ConfigurationException>(() => new SwavOptions { LocalCrops = 2 }.FitTo(vit)).Message, StringComparison.Ordinal);
        foreach (string bad in new[] { "temperature=0", "epsilon=0", "iterations=0", "prototypes=1", "local-share=0", "local-crops=-1" })
        {
            string[] parts = bad.Split('=');
            Assert.Throws<ConfigurationException>(() => Swav.Entry.Options.Set(Swav.Entry.Defaults, parts[0], parts[1]));
        }
    }

    private static Swav Make(SwavOptions options) => TwoViews.Make(backbone => new Swav(backbone, options));
}
