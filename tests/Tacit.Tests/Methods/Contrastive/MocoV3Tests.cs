using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class MocoV3Tests
{
    private static readonly MocoV3Options Small = new() { Projector = [16, 8], PredictorHidden = 16 };

    [Theory]
    [InlineData("resnet18")]
    [InlineData("vit")]
    public void TwentyStepsOnOneBatchLowerTheLoss(string backbone)
    {
        var model = new BackboneOptions { Name = backbone, Width = 4, Dim = 8, Depth = 1, Heads = 2, PatchSize = 4, Side = 8 };
        var diagnostics = new Diagnostics();
        double[] losses = Trial.Steps(Make(Small, model), Trial.Views(items: 8), optimizer: Trial.Sgd(0.3), found: diagnostics);
        Assert.True(losses[^1] < losses[0] - 0.1, $"from {losses[0]} to {losses[^1]}");
        Assert.InRange(diagnostics["contrastive_accuracy"]!.Value, 0, 1);
        Assert.InRange(diagnostics["teacher_distance"]!.Value, 1e-9, 1);
        Assert.InRange(diagnostics[Diagnostics.EmbeddingDeviation]!.Value, 0.05, 1);
    }

    /// <summary>A predictor that gives a constant tells nothing apart: both directions of 2T·ln N.</summary>
    [Fact]
    public void NothingToldApartIsChance()
    {
        MocoV3 method = Make(Small);
        OrderedDictionary<string, Tensor> state = method.StateDict();
        state["predictor.3.weight"].Span.Clear();
        state["predictor.3.bias"].Span.Fill(1);
        foreach (string name in state.Keys.Where(n => n.StartsWith("key_projector.twin.3", StringComparison.Ordinal)))
        {
            state[name].Span.Clear();
        }

        using Scope scope = Scope.NoGradient();
        Assert.Equal(4 * 0.2 * Math.Log(8), method.Loss(Trial.Views(items: 8), new Diagnostics()).ToScalar(), 1e-5);
        Assert.Equal(4 * 0.2 * Math.Log(8), method.ChanceLoss(8)!.Value, 1e-7);
    }

    /// <summary>The first step of 100 has momentum 1 − 0.01·(cos(π/100) + 1)/2.</summary>
    [Fact]
    public void TheKeyEncoderFollowsByItsMomentum() =>
        Trial.TeacherFollows(Make(Small), Trial.Views(items: 8), "key_projector.twin.", "projector.", 1 - (0.01 * (Math.Cos(Math.PI / 100) + 1) / 2));

    [Fact]
    public void KeysHaveNoGradient()
    {
        MocoV3 method = Make(Small);
        using Scope scope = Scope.Gradient();
        scope.Backward(method.Loss(Trial.Views(items: 8), new Diagnostics()));
        Assert.All(method.NamedParameters(), p => Assert.Equal(!p.Key.StartsWith("key_", StringComparison.Ordinal), p.Value.HasGradient));
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed: seed), Trial.Views(items: 8));

    private static MocoV3 Make(MocoV3Options options, BackboneOptions? model = null, ulong seed = 1) => Trial.Start(backbone => new MocoV3(backbone, options), model, seed);
}
