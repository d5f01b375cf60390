using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

/// <summary>RotNet, context prediction and jigsaw: tasks whose answer is known because the method made the question.</summary>
public sealed class PretextTests
{
    public static TheoryData<string, int, double, string> Tasks => new()
    {
        { "rotnet", 8, Math.Log(4), "head" },
        { "context-prediction", 24, Math.Log(8), "head.3" },
        { "jigsaw", 24, Math.Log(100), "head.3" },
    };

    [Theory]
    [MemberData(nameof(Tasks))]
    public void UniformAnswersCostTheLogarithmOfTheirNumber(string name, int side, double expected, string head)
    {
        Method method = Make(name);
        Assert.Equal(expected, method.ChanceLoss(6)!.Value, 1e-12);
        Assert.Equal(expected, PretextRun.LossOfUniformAnswers(method, PretextRun.Batch(6, side), head), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void TwentyStepsOnOneBatchLowerTheLoss(string name, int side, double chance, string head)
    {
        _ = head;
        (double first, double last) = PretextRun.Learn(Make(name), PretextRun.Batch(6, side));
        Assert.InRange(first, 0.3 * chance, 3 * chance);
        Assert.True(last < 0.7 * first, $"from {first} to {last}");
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void StateRoundTrips(string name, int side, double chance, string head)
    {
        _ = (chance, head);
        Method trained = Make(name), fresh = Make(name, seed: 2);
        Batch batch = PretextRun.Batch(6, side);
        PretextRun.Learn(trained, batch);
        PretextRun.AssertStateRoundTrips(trained, fresh, batch);
    }

    /// <summary>A head that reads the answer off one pixel: the picture's bright corner tells the turn.</summary>
    [Fact]
    public void RotNetTellsTurnsApartAndReportsEach()
    {
        var diagnostics = new Diagnostics();
        Method method = Make("rotnet");
        PretextRun.Learn(method, PretextRun.Batch(6, 8), lr: 0.1);
        using Scope scope = Scope.Gradient();
        _ = method.Loss(PretextRun.Batch(6, 8), diagnostics);
        double[] turns = [.. new[] { 0, 90, 180, 270 }.Select(turn => diagnostics[$"accuracy_turn_{turn}"]!.Value)];
        Assert.Equal(turns.Average(), diagnostics["accuracy"]!.Value, 1e-9);
        Assert.True(diagnostics["accuracy"] > 0.5, $"accuracy {diagnostics["accuracy"]}");
    }

    /// <summary>Questions change with the step and are the same for the same step.</summary>
    [Theory]
    [InlineData("context-prediction")]
    [InlineData("jigsaw")]
    public void QuestionsAreAFunctionOfSeedAndStep(string name)
    {
        Method method = Make(name);
        Batch batch = PretextRun.Batch(6, 24);
        Assert.Equal(Loss(1, 0), Loss(1, 0));
        Assert.NotEqual(Loss(1, 0), Loss(1, 1));
        Assert.NotEqual(Loss(1, 0), Loss(2, 0));

        float Loss(ulong seed, long step)
        {
            using Scope scope = Scope.Gradient(seed, step);
            return method.Loss(batch, new Diagnostics()).ToScalar();
        }
    }

    [Theory]
    [InlineData("context-prediction", 17, 18)]
    [InlineData("jigsaw", 14, 15)]
    public void PicturesTooSmallForTheGridAreRefused(string name, int side, int least)
    {
        MethodEntry entry = MethodCatalog.Get(name);
        string refusal = Assert.Throws<ConfigurationException>(() => entry.Defaults.FitTo(Fit(side))).Message;
        Assert.StartsWith("data.size: ", refusal, StringComparison.Ordinal);
        Assert.Contains($"give at least {least}", refusal, StringComparison.Ordinal);
        Assert.Same(entry.Defaults, entry.Defaults.FitTo(Fit(least)));
    }

    [Theory]
    [InlineData("context-prediction", "patch-size")]
    [InlineData("jigsaw", "tile-size")]
    public void SidesThatTheEncoderCannotCutAreRefused(string name, string key)
    {
        MethodEntry entry = MethodCatalog.Get(name);
        MethodOptions options = entry.Options.Set(entry.Defaults, key, "14");
        var vit = new BackboneOptions { Name = BackboneFactory.Vit, PatchSize = 4 };
        Assert.StartsWith($"method.{key}: 14 pixels", Assert.Throws<ConfigurationException>(() => options.FitTo(Fit(32, vit))).Message, StringComparison.Ordinal);
        Assert.Same(options, options.FitTo(Fit(32)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("362881")]
    public void ImpossibleNumbersOfPermutationsAreRefused(string count) => Assert.Contains(
        "permutations", Assert.Throws<ConfigurationException>(() => Jigsaw.Entry.Options.Set(Jigsaw.Entry.Defaults, "permutations", count)).Message, StringComparison.Ordinal);

    [Fact]
    public void TheColourGuardIsAnOption()
    {
        MethodEntry entry = ContextPrediction.Entry;
        foreach (ColourGuard guard in Enum.GetValues<ColourGuard>())
        {
            var options = (ContextPredictionOptions)entry.Options.Set(entry.Defaults, "colour-guard", guard.ToString());
            Assert.Equal(guard, options.ColourGuard);
        }
    }

    /// <summary>A vision transformer takes the patches too, in whole patches of its own.</summary>
    [Fact]
    public void AVisionTransformerSolvesPuzzles()
    {
        var method = new Jigsaw(BackboneFactory.Build(new BackboneOptions { Name = BackboneFactory.Vit, Dim = 16, Depth = 1, Heads = 2, PatchSize = 5, Side = 15 }), new JigsawOptions { Permutations = 4, Hidden = 8 });
        method.Initialize(1);
        using Scope scope = Scope.Gradient();
        Assert.InRange(method.Loss(PretextRun.Batch(4, 24), new Diagnostics()).ToScalar(), 0, 5);
    }

    private static DataFit Fit(int side, BackboneOptions? model = null) =>
        new(_ => true, _ => { }) { Items = 100, BatchSize = 10, Side = side, Model = model ?? new BackboneOptions() };

    private static Method Make(string name, ulong seed = 1)
    {
        MethodEntry entry = MethodCatalog.Get(name);
        Method method = entry.Create(BackboneFactory.Build(new BackboneOptions { Width = 4 }), entry.Defaults);
        method.Initialize(seed);
        return method;
    }
}
