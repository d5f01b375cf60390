using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class SimClrTests
{
    private const int Pictures = 6;

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(new SimClrOptions { Projector = [16, 8], Temperature = 0.5f }), Trial.Views(), optimizer: Trial.Sgd());
        Assert.True(losses[^1] < losses[0] - 0.2, $"from {losses[0]} to {losses[^1]}");
    }

    [Theory]
    [InlineData(true, 0f, 0f, 0f, 1f)]
    [InlineData(true, 0.5f, 0f, 0f, 1f)]
    [InlineData(false, 0f, 1f, 0.1f, 1f)]
    [InlineData(false, 0f, 0f, 0f, 0.9f)]
    public void EveryChoiceOfNegativesLowersItsLoss(bool decoupled, float sigma, float beta, float debias, float cap)
    {
        var negatives = new NegativeOptions { Decoupled = decoupled, WeightSigma = sigma, Beta = beta, Debias = debias, Cap = cap };
        SimClr method = Make(new SimClrOptions { Projector = [16, 8], ProjectorNorm = true, Temperature = 0.5f, Negatives = negatives });
        var diagnostics = new Diagnostics();
        double[] losses = Trial.Steps(method, Trial.Views(), optimizer: Trial.Sgd(), found: diagnostics);
        Assert.True(losses[^1] < losses[0] - 0.2, $"from {losses[0]} to {losses[^1]}");
        Assert.InRange(diagnostics["negatives_left_out"]!.Value, 0, 1);
        Assert.Equal(decoupled ? Math.Log(10) : Math.Log(11), method.ChanceLoss(Pictures)!.Value, 1e-12);
    }

    /// <summary>Views without any difference: every row finds its partner, and the positive similarity is 1.</summary>
    [Fact]
    public void EqualViewsAreFoundAndTheLossIsThatOfItsSimilarities()
    {
        SimClr method = Make(new SimClrOptions { Projector = [8] });
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.NoGradient();
        double loss = method.Loss(Trial.Views(alike: true), diagnostics).ToScalar();
        Assert.Equal(1, diagnostics["positive_similarity"]!.Value, 1e-5);
        Assert.Equal(1, diagnostics["contrastive_accuracy"]!.Value);
        Assert.InRange(diagnostics["negative_similarity"]!.Value, -1, 1);
        Assert.InRange(diagnostics[Diagnostics.EmbeddingDeviation]!.Value, 1e-6, 1.1);
        Assert.InRange(loss, 0, NtXent.Chance(Pictures));
        Assert.Equal(Math.Log(11), method.ChanceLoss(Pictures)!.Value, 1e-12);
    }

    /// <summary>Six pictures of classes 0 0 0 1 1 none: of 12 · 10 negatives, 2 · 2 · (3 · 2 + 2) are alike, among 10 labelled rows' 80.</summary>
    [Fact]
    public void NegativesOfTheOwnClassAreCounted()
    {
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.NoGradient();
        Make(new SimClrOptions { Projector = [8] }).Loss(Trial.Views(labels: [0, 0, 0, 1, 1, -1]), diagnostics);
        Assert.Equal(32.0 / 80, diagnostics["same_class_negatives"]!.Value, 1e-12);
        Assert.InRange(diagnostics["hardest_negative_similarity"]!.Value, diagnostics["negative_similarity"]!.Value, 1);
        Assert.InRange(diagnostics["same_class_hardest_negatives"]!.Value, 0, 1);
        Assert.Equal([12.0, 120.0], diagnostics.Histograms.Select(h => h.Counts.Sum()));
    }

    [Fact]
    public void CostlyValuesAreLeftOutOfStepsThatAreNotLogged()
    {
        var diagnostics = new Diagnostics { Detailed = false };
        using Scope scope = Scope.NoGradient();
        Make(new SimClrOptions { Projector = [8] }).Loss(Trial.Views(), diagnostics);
        Assert.Null(diagnostics["hardest_negative_similarity"]);
        Assert.Empty(diagnostics.Histograms);
        Assert.NotNull(diagnostics["positive_similarity"]);
    }

    [Fact]
    public void TheProjectorIsBuiltAsItIsDescribed()
    {
        Assert.Equal(
            ["projector.0.weight", "projector.0.bias", "projector.2.weight", "projector.2.bias"],
            Names(Make(new SimClrOptions { Projector = [16, 8] })));
        Assert.Equal(
            ["projector.0.weight", "projector.1.weight", "projector.1.bias", "projector.3.weight", "projector.4.weight", "projector.4.bias"],
            Names(Make(new SimClrOptions { Projector = [16, 8], ProjectorNorm = true })));
        static IEnumerable<string> Names(SimClr method) => method.NamedParameters().Select(p => p.Key).Where(name => name.StartsWith("projector", StringComparison.Ordinal));
    }

    [Fact]
    public void ItsOptionsAreRead()
    {
        MethodOptions options = SimClr.Entry.Options.Set(SimClr.Entry.Defaults, "projector", "[32]");
        options = SimClr.Entry.Options.Set(options, "augmentation.blur-probability", "0.5");
        options = SimClr.Entry.Options.Set(options, "negatives.beta", "0.5");
        var typed = Assert.IsType<SimClrOptions>(options);
        Assert.Equal([32], typed.Projector);
        Assert.Equal(0.5f, typed.Augmentation.BlurProbability);
        Assert.Equal(new NegativeOptions { Beta = 0.5f }, typed.Negatives);
        Assert.Throws<ConfigurationException>(() => SimClr.Entry.Options.Set(options, "projector", "[]"));
        Assert.Throws<ConfigurationException>(() => SimClr.Entry.Options.Set(options, "temperature", "0"));
        Assert.Throws<ConfigurationException>(() => SimClr.Entry.Options.Set(options, "negatives.debias", "1"));
        Assert.Throws<ConfigurationException>(() => SimClr.Entry.Options.Set(options, "negatives.cap", "-1"));
    }

    [Fact]
    public void WeightsBelongToTheDecoupledLoss()
    {
        new NegativeOptions { Decoupled = true, WeightSigma = 0.5f }.Validate();
        Assert.Contains("decoupled", Assert.Throws<TacitException>(new SimClrOptions { Negatives = new() { WeightSigma = 0.5f } }.Validate).Message, StringComparison.Ordinal);
        Assert.Contains("0.01", Assert.Throws<TacitException>(new NegativeOptions { Decoupled = true, WeightSigma = 0.001f }.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DclIsSimClrWithoutThePositiveInTheDenominator()
    {
        var options = Assert.IsType<SimClrOptions>(SimClr.Decoupled.Defaults);
        Assert.Equal(new NegativeOptions { Decoupled = true }, options.Negatives);
        SimClr method = Make(options with { Projector = [8] });
        using Scope scope = Scope.NoGradient();
        Batch batch = Trial.Views();
        double decoupled = method.Loss(batch, new Diagnostics()).ToScalar();
        double coupled = Make(options with { Projector = [8], Negatives = new() }).Loss(batch, new Diagnostics()).ToScalar();
        Assert.InRange(decoupled, -20, coupled - 1e-3);
    }

    private static SimClr Make(SimClrOptions options) => Trial.Start(backbone => new SimClr(backbone, options));
}
