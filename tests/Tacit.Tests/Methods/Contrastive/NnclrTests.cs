using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class NnclrTests
{
    private static readonly NnclrOptions Small = new() { Projector = [16, 8], PredictorHidden = 16, Queue = 24 };

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        var diagnostics = new Diagnostics();
        double[] losses = Trial.Steps(Make(), Trial.Views(items: 8), optimizer: Trial.Sgd(), found: diagnostics);
        Assert.True(losses[^1] < losses[0] - 0.2, $"from {losses[0]} to {losses[^1]}");
        Assert.Equal(1, diagnostics["queue_fill"]);
        Assert.Equal(3, diagnostics["queue_age"]);
        Assert.InRange(diagnostics["neighbour_similarity"]!.Value, 0, 1 + 1e-6);
        Assert.InRange(diagnostics[Diagnostics.EmbeddingDeviation]!.Value, 0.05, 1);
    }

    /// <summary>A queue that holds one direction gives every picture the same neighbour, which no prediction can tell: ln N.</summary>
    [Fact]
    public void OneNeighbourForAllIsChance()
    {
        Nnclr method = Make();
        OrderedDictionary<string, Tensor> state = method.StateDict();
        state["predictor.3.weight"].Span.Clear();
        state["predictor.3.bias"].Span.Fill(1);
        state["queue.rows"].Span.Fill(1 / MathF.Sqrt(8));
        state["queue.count"].Span.Fill(24);
        using Scope scope = Scope.NoGradient();
        var diagnostics = new Diagnostics();
        Assert.Equal(Math.Log(8), method.Loss(Trial.Views(items: 8), diagnostics).ToScalar(), 1e-5);
        Assert.Equal(1, diagnostics["positive_similarity"]!.Value, 1e-5);
        Assert.Equal(Math.Log(8), method.ChanceLoss(8)!.Value, 1e-12);
    }

    /// <summary>After a step that changed nothing the queue holds this very batch: each picture finds itself, at cosine 1.</summary>
    [Fact]
    public void TheNearestOfTheQueueIsTaken()
    {
        Nnclr method = Make();
        var diagnostics = new Diagnostics();
        Trial.Steps(method, Trial.Views(items: 8, alike: true), 1, Trial.Sgd(0));
        Tensor rows = method.StateDict()["queue.rows"];
        Assert.Equal(8, method.StateDict()["queue.count"].ToScalar());
        Trial.Steps(method, Trial.Views(items: 8, alike: true), 1, Trial.Sgd(0), found: diagnostics, from: 1);
        Assert.InRange(diagnostics["neighbour_similarity"]!.Value, 1 - 1e-5, 1 + 1e-5);
        for (int i = 0; i < 8; i++)
        {
            Assert.Equal(1, rows.Rows(i, 1).ToArray().Sum(v => (double)v * v), 1e-5);
        }
    }

    [Fact]
    public void OnlyPredictionsLearnFromTheLoss()
    {
        // The neighbours are constants: with a predictor cut off from its input, nothing before it has a gradient.
        Nnclr method = Make();
        method.StateDict()["predictor.0.weight"].Span.Clear();
        using Scope scope = Scope.Gradient();
        scope.Backward(method.Loss(Trial.Views(items: 8), new Diagnostics()));
        foreach ((string name, Tensor parameter) in method.NamedParameters())
        {
            if (!name.StartsWith("predictor", StringComparison.Ordinal))
            {
                Assert.All(parameter.GradientSpan.ToArray(), g => Assert.Equal(0, g));
            }
        }
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(Make, Trial.Views(items: 8));

    [Fact]
    public void TheQueueFitsTheData()
    {
        (NnclrOptions fitted, List<string> notes) = Trial.Fit(new NnclrOptions(), items: 300, batch: 64);
        Assert.Equal(128, fitted.Queue);
        Assert.Contains("method.queue is 128 instead of 4096", Assert.Single(notes), StringComparison.Ordinal);
        Assert.StartsWith("method.queue: 32", Trial.Refusal(new NnclrOptions { Queue = 32 }, items: 300, batch: 64, given: "method.queue"), StringComparison.Ordinal);
        Assert.StartsWith("method.queue: 4096", Trial.Refusal(new NnclrOptions(), items: 300, batch: 64, given: "method.queue"), StringComparison.Ordinal);
    }

    private static Nnclr Make(ulong seed = 1) => Trial.Start(backbone => new Nnclr(backbone, Small), seed: seed);
}
