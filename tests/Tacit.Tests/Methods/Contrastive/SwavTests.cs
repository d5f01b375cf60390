using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

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
        double[] losses = Trial.Steps(method, Trial.Views(items: 8, locals: locals), optimizer: Trial.Sgd(0.05), found: diagnostics);
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
        Assert.Equal(Math.Log(6), method.Loss(Trial.Views(items: 8), new Diagnostics()).ToScalar(), 1e-5);
        Assert.Equal(Math.Log(6), method.ChanceLoss(8)!.Value, 1e-12);
    }

    [Fact]
    public void PrototypesStayUnitDirectionsAndBeginFrozen()
    {
        // Two hundredths of the run are two of a hundred steps.
        Swav frozen = Make(Small with { FreezePrototypes = 0.02 }), free = Make(Small with { FreezePrototypes = 0.02 });
        Tensor weight = free.StateDict()["prototypes.weight"];
        float[] first = weight.ToArray();
        Trial.Steps(frozen, Trial.Views(items: 8), 2, Trial.Sgd());
        Oracle.AssertWithin(first, frozen.StateDict()["prototypes.weight"].Span, 1e-6);
        Trial.Steps(free, Trial.Views(items: 8), 3, Trial.Sgd());
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
        Batch batch = Trial.Views(items: 8);
        Trial.Steps(method, batch, 3, Trial.Sgd(0));
        Assert.Equal(0, state["queue0.count"].ToScalar());
        double[] losses = Trial.Steps(method, batch, 3, Trial.Sgd(0), from: 3);
        Assert.Equal(16, state["queue0.count"].ToScalar());
        Assert.NotEqual(state["queue0.rows"].ToArray(), state["queue1.rows"].ToArray());
        Assert.Equal(losses[0], losses[1]);

        // Twice the batch itself in the queue: assigned three times over the codes are the same.
        Assert.Equal(losses[0], losses[2], 1e-5);
        state["queue0.rows"].Span.CopyTo(state["queue1.rows"].Span);
        state["queue0.rows"].Span.Reverse();
        Assert.NotEqual(losses[0], Trial.Steps(method, batch, 1, Trial.Sgd(0), from: 6)[0], 1e-4);
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed), Trial.Views(items: 8));

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
        (SwavOptions fitted, List<string> notes) = Trial.Fit(new SwavOptions(), items: 300, batch: 64);
        Assert.Equal((30, 128), (fitted.Prototypes, fitted.Queue));
        Assert.Equal(2, notes.Count);
        Assert.Equal(200, Trial.Fit(new SwavOptions { Prototypes = 200 }, items: 300, batch: 64, given: "method.prototypes").Options.Prototypes);
        Assert.Equal(0, Trial.Fit(new SwavOptions { Queue = 0 }, items: 300, batch: 64).Options.Queue);
    }

    [Fact]
    public void WhatWasGivenAndCannotWorkIsRefused()
    {
        Assert.StartsWith(
            "method.prototypes: 512 cannot work because the data set has 300 pictures",
            Trial.Refusal(new SwavOptions(), items: 300, batch: 64, given: "method.prototypes"),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "method.queue: 32",
            Trial.Refusal(new SwavOptions { Queue = 32 }, items: 300, batch: 64, given: "method.queue"),
            StringComparison.Ordinal);
        Assert.StartsWith("method.local-share", Trial.Refusal(new SwavOptions { LocalCrops = 2 }, Trial.SmallVit with { PatchSize = 8 }, [24]), StringComparison.Ordinal);
        foreach (string bad in new[] { "temperature=0", "epsilon=0", "iterations=0", "prototypes=1", "local-share=0", "local-crops=-1" })
        {
            string[] parts = bad.Split('=');
            Assert.Throws<ConfigurationException>(() => Swav.Entry.Options.Set(Swav.Entry.Defaults, parts[0], parts[1]));
        }
    }

    private static Swav Make(SwavOptions options, ulong seed = 1) => Trial.Start(backbone => new Swav(backbone, options), seed: seed);
}
