using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

public sealed class DinoTests
{
    private static readonly DinoOptions Small = new() { Head = [16, 8], Prototypes = 12, LocalCrops = 2 };

    [Theory]
    [InlineData(BackboneFactory.Vit)]
    [InlineData("resnet18")]
    public void TwentyStepsOnOneBatchLowerTheLoss(string model)
    {
        // Held still, teacher and centre are a fixed task.
        DinoOptions options = Small with { Momentum = 1, CentreMomentum = 1, TeacherWarmup = 0 };
        double[] losses = Trial.Steps(Make(options, model), Trial.Views(side: 16, locals: 2));
        Assert.True(losses[^1] < losses[0] - 0.1, $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void TheTeacherBeginsEqualAndFollows()
    {
        Batch batch = Trial.Views(side: 16, locals: 2);
        Trial.TeacherFollows(Make(Small), batch, "teacher.twin.", "backbone.", 0.996);
        Trial.TeacherFollows(Make(Small with { FreezePrototypes = 0 }), batch, "teacher_head.twin.", "head.", 0.996);
    }

    /// <summary>All prototypes in one direction: whatever is seen, both sides say that all K are alike, and the loss is ln K.</summary>
    [Fact]
    public void PrototypesAllAlikeGiveTheLogarithmOfTheirNumber()
    {
        Dino method = Make(Small);
        foreach (KeyValuePair<string, Tensor> last in method.NamedParameters().Where(p => p.Key.EndsWith("last_layer.weight_v", StringComparison.Ordinal)))
        {
            last.Value.Span.Fill(0.5f);
        }

        var (loss, found) = Trial.Look(method, Trial.Views(side: 16, locals: 2));
        Assert.Equal(Math.Log(12), loss, 1e-5);
        Assert.Equal(Math.Log(12), found["teacher_entropy"]!.Value, 1e-5);
        Assert.Equal(0, found["kl_divergence"]!.Value, 1e-5);
        Assert.Equal(0, found["centre_norm"]);
        Assert.Equal(Math.Log(12), method.ChanceLoss(6)!.Value, 1e-12);
    }

    /// <summary>One tenth of the way to the mean of the teacher's logits, which at the start are the student's own.</summary>
    [Fact]
    public void TheCentreMovesToTheMeanOfTheTeachersLogits()
    {
        Dino method = Make(Small, BackboneFactory.Vit);
        Batch batch = Trial.Views(side: 16, locals: 2);
        OrderedDictionary<string, Tensor> state = method.StateDict();
        using (Scope scope = Scope.NoGradient())
        {
            method.BeforeStep(0, 10);
            _ = method.Loss(batch, new Diagnostics());
            method.AfterStep(1, 10);
            var head = new DinoHead(24, Small.Head, Small.Prototypes, norm: true);
            head.Load(state.Where(p => p.Key.StartsWith("head.", StringComparison.Ordinal)).ToDictionary(p => p.Key["head.".Length..], p => p.Value));
            Tensor mean = Ops.Mean(head.Forward(method.Backbone.Forward(batch.Views)), 0);
            Oracle.AssertWithin(mean.ToArray().Select(m => 0.1f * m).ToArray(), state["centre.value"].Span, 1e-6);
        }
    }

    [Fact]
    public void ThePrototypesStayWhileTheyAreFrozen()
    {
        Dino method = Make(Small with { FreezePrototypes = 2 });
        Tensor prototypes = method.StateDict()["head.last_layer.weight_v"];
        float[] first = prototypes.ToArray();
        Batch batch = Trial.Views(side: 16, locals: 2);
        Optimizer optimizer = Optimizer.Create(new OptimizerOptions { Name = "adamw", WeightDecay = 0.1 }, method);
        Trial.Steps(method, batch, 2, optimizer, 0.01);
        Assert.Equal(first, prototypes.ToArray());
        Trial.Steps(method, batch, 1, optimizer, 0.01, from: 2);
        Assert.NotEqual(first, prototypes.ToArray());
    }

    [Fact]
    public void TheTeachersTemperatureRisesAlongALine()
    {
        DinoOptions options = new() { TeacherWarmup = 0.5, TeacherTemperature = 0.07f };
        Assert.Equal(0.04, options.TeacherTemperatureAt(0, 100), 1e-6);
        Assert.Equal(0.055, options.TeacherTemperatureAt(25, 100), 1e-6);
        Assert.Equal(0.07, options.TeacherTemperatureAt(50, 100), 1e-6);
        Assert.Equal(0.07, (options with { TeacherWarmup = 0 }).TeacherTemperatureAt(0, 100), 1e-6);
        Assert.Equal(0.05, (options with { TeacherWarmup = 30 }).TeacherTemperatureAt(10, 100), 1e-6);
        Assert.True((options with { FreezePrototypes = 0.1 }).FrozenAt(9, 100));
        Assert.False((options with { FreezePrototypes = 0.1 }).FrozenAt(10, 100));
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed: seed), Trial.Views(side: 16, locals: 2));

    [Fact]
    public void SmallCropsThatCannotBeCutIntoPatchesAreLeftOutOrRefused()
    {
        BackboneOptions coarse = Trial.SmallVit with { PatchSize = 8 };
        Assert.Equal(2, Trial.Fit(Small, Trial.SmallVit).Options.LocalCrops);
        (DinoOptions fitted, List<string> notes) = Trial.Fit(Small, coarse, sides: [24]);
        Assert.Equal(0, fitted.LocalCrops);
        Assert.Contains("local-crops is 0 instead of 2", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Contains("patches of 8", Trial.Refusal(Small, coarse, sides: [24], given: "method.local-crops"), StringComparison.Ordinal);
        Assert.Contains("train.batch-size", Trial.Refusal(Small, batch: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void ATemperatureOfNothingIsRefused()
    {
        Assert.Throws<ConfigurationException>(() => Dino.Entry.Options.Set(Small, "student-temperature", "0"));
        Assert.Throws<ConfigurationException>(() => Dino.Entry.Options.Set(Small, "teacher-temperature", "0"));
        Assert.Throws<ConfigurationException>(() => Dino.Entry.Options.Set(Small, "first-teacher-temperature", "-1"));
        Assert.Throws<TacitException>(() => (Small with { LocalMinScale = 0.5f }).Validate());
    }

    [Fact]
    public void ItSeesTwoLargeCropsAndTheSmallOnes()
    {
        ViewPlan plan = Make(new DinoOptions { Head = [16, 8] }).Views;
        Assert.Equal(2, plan.ViewCount);
        Assert.Equal(4, plan.LocalCount);
        Assert.Equal(16, plan.LocalSide(32));
    }

    private static Dino Make(DinoOptions options, string model = "resnet18", ulong seed = 1) =>
        Trial.Start(b => new Dino(b, options), model == BackboneFactory.Vit ? Trial.SmallVit : Trial.SmallResNet, seed);
}
