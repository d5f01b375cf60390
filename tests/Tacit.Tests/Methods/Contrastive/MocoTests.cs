using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class MocoTests
{
    private static readonly BackboneOptions Transformer = new() { Name = "vit", Dim = 8, Depth = 1, Heads = 2, PatchSize = 4, Side = 8 };

    private static readonly MocoOptions Small = new() { Projector = [16, 8], Queue = 32, NormGroups = 2, Temperature = 0.5f };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TwentyStepsOnOneBatchTellItFromTheQueue(bool symmetric)
    {
        // The queue grows over its first steps, and the loss with it.
        Moco method = Make(Small with { Symmetric = symmetric });
        Batch batch = Trial.Views(items: 16);
        Trial.Steps(method, batch, 4, Trial.Sgd());
        var diagnostics = new Diagnostics();
        double[] losses = Trial.Steps(method, batch, optimizer: Trial.Sgd(), found: diagnostics);
        Assert.True(losses[^1] < losses[0] - 0.1, $"from {losses[0]} to {losses[^1]}");
        Assert.Equal(1, diagnostics["queue_fill"]);
        Assert.Equal(symmetric ? 1 : 2, diagnostics["queue_age"]);
        Assert.InRange(diagnostics["contrastive_accuracy"]!.Value, 0, 1);
        Assert.InRange(diagnostics["hardest_negative_similarity"]!.Value, diagnostics["negative_similarity"]!.Value - 1e-6, 1 + 1e-6);
        Assert.InRange(diagnostics["teacher_distance"]!.Value, 1e-9, 1);
        Assert.InRange(diagnostics[Diagnostics.EmbeddingDeviation]!.Value, 0, 1);
    }

    /// <summary>All keys and queries alike (a projector that gives a constant): ln(K + 1) once the queue is full, ln N before.</summary>
    [Fact]
    public void NothingToldApartIsChance()
    {
        Moco method = Make(Small with { Projector = [8], Symmetric = false });
        foreach ((string name, Tensor weight) in method.StateDict())
        {
            if (name.Contains("projector", StringComparison.Ordinal))
            {
                weight.Span.Fill(name.EndsWith("bias", StringComparison.Ordinal) ? 1 : 0);
            }
        }

        Batch batch = Trial.Views(items: 16);
        double[] losses = Trial.Steps(method, batch, 4, Trial.Sgd(0));
        Assert.Equal(Math.Log(16), losses[0], 1e-5);
        Assert.Equal(Math.Log(17), losses[1], 1e-5);
        Assert.Equal(Math.Log(33), losses[2], 1e-5);
        Assert.Equal(Math.Log(33), method.ChanceLoss(16)!.Value, 1e-12);
    }

    [Fact]
    public void TheKeyEncoderFollowsByItsMomentum()
    {
        Moco method = Make(Small with { FinalMomentum = 0.99 });
        Trial.TeacherFollows(method, Trial.Views(items: 16), "key_backbone.twin.", "backbone.", 0.99);
        Assert.DoesNotContain(method.NamedParameters(), p => p.Key.StartsWith("key_", StringComparison.Ordinal) && p.Value.RequiresGrad);
    }

    /// <summary>In each of three micro-batches of a step the queue is that of the step before.</summary>
    [Fact]
    public void MicroBatchesMeetTheSameQueue()
    {
        Moco method = Make(Small with { Queue = 64, Symmetric = false });
        Batch batch = Trial.Views(items: 16);
        var diagnostics = new Diagnostics();
        for (int part = 0; part < 3; part++)
        {
            using Scope scope = Scope.Gradient(0, 0, part);
            method.Loss(batch, diagnostics);
            Assert.Equal(0, method.StateDict()["queue.count"].ToScalar());
        }

        method.AfterStep(1, 10);
        Assert.Equal(48, method.StateDict()["queue.count"].ToScalar());
    }

    [Fact]
    public void KeysHaveLengthOne()
    {
        Moco method = Make(Small);
        Trial.Steps(method, Trial.Views(items: 16), 1, Trial.Sgd());
        Tensor rows = method.StateDict()["queue.rows"];
        Assert.Equal(32, method.StateDict()["queue.count"].ToScalar());
        for (int i = 0; i < 32; i++)
        {
            Assert.Equal(1, rows.Rows(i, 1).ToArray().Sum(v => (double)v * v), 1e-5);
        }
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed), Trial.Views(items: 16));

    [Fact]
    public void ATransformerNormalisesNoBatchAndNeedsNoGroups()
    {
        Moco method = Trial.Start(backbone => new Moco(backbone, Small), Transformer);
        double[] losses = Trial.Steps(method, Trial.Views(items: 4), 3, Trial.Sgd());
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
    }

    [Fact]
    public void TheFirstVersionIsThePapers()
    {
        var options = Assert.IsType<MocoOptions>(Moco.V1.Defaults);
        Assert.Equal(0.07f, options.Temperature);
        Assert.Equal([128], options.Projector);
        Assert.False(options.Symmetric);
        options.Validate();
    }

    [Fact]
    public void ShufflingWithOneGroupIsRefused()
    {
        Assert.Contains("method.norm-groups", Assert.Throws<TacitException>((Small with { NormGroups = 1 }).Validate).Message, StringComparison.Ordinal);
        (Small with { NormGroups = 1, Shuffle = false }).Validate();
    }

    [Fact]
    public void DefaultsAdaptToTheDataAndSaySo()
    {
        (MocoOptions fitted, List<string> notes) = Trial.Fit(new MocoOptions(), items: 100, batch: 40);
        Assert.Equal((40, 5, true), (fitted.Queue, fitted.NormGroups, fitted.Shuffle));
        Assert.Equal(2, notes.Count);

        (fitted, notes) = Trial.Fit(new MocoOptions(), items: 100000, batch: 12);
        Assert.Equal((4096, 1, false), (fitted.Queue, fitted.NormGroups, fitted.Shuffle));
        Assert.Contains("method.norm-groups is 1 instead of 8", notes[0], StringComparison.Ordinal);
        Assert.Contains("method.shuffle is false", notes[1], StringComparison.Ordinal);

        Assert.Equal(128, Trial.Fit(new MocoOptions { Queue = 4 }, items: 1000, batch: 128).Options.Queue);

        (fitted, notes) = Trial.Fit(new MocoOptions(), items: 15_000, batch: 64);
        Assert.Equal((4096, 8, true), (fitted.Queue, fitted.NormGroups, fitted.Shuffle));
        Assert.Empty(notes);
    }

    [Theory]
    [InlineData("method.queue", 4096, 100, 40)]
    [InlineData("method.queue", 16, 100, 40)]
    [InlineData("method.norm-groups", 8, 100, 40)]
    [InlineData("method.shuffle", 8, 5000, 12)]
    public void WhatWasGivenAndCannotWorkIsRefused(string key, int value, int items, int batch)
    {
        MocoOptions options = key == "method.queue" ? new() { Queue = value, NormGroups = 2 } : new() { Queue = 100 };
        Assert.StartsWith(key, Trial.Refusal(options, items: items, batch: batch, given: key), StringComparison.Ordinal);
    }

    [Fact]
    public void OneItemIsRefusedAndNeverNaN()
    {
        using Scope scope = Scope.NoGradient();
        Moco method = Trial.Start(backbone => new Moco(backbone, Small), Transformer);
        Assert.Throws<TacitException>(() => method.Loss(Trial.Views(items: 1), new Diagnostics()));
    }

    private static Moco Make(MocoOptions options, ulong seed = 1) => Trial.Start(backbone => new Moco(backbone, options), seed: seed);
}
