using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class ColaTests
{
    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(), Hearing.Pictures(), optimizer: Trial.Adam(0.003));
        Assert.Equal(Math.Log(12), losses[0], 0.3);
        Assert.True(losses[^1] < 0.8 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Hearing.Pictures());

    /// <summary>Equation 2 in double precision: layer norm and tanh of a linear layer, aᵀ W b, cross-entropy over the batch.</summary>
    [Fact]
    public void ItsLossIsThePapers()
    {
        Cola method = Make();
        Batch batch = Hearing.Pictures(5);
        double loss = Trial.Look(method, batch).Loss;

        Dictionary<string, float[]> p = method.NamedParameters().ToDictionary(q => q.Key, q => q.Value.ToArray());
        float[] h;
        using (Scope.NoGradient())
        {
            h = method.Backbone.Forward(batch.Views).ToArray();        // [10, 12], by the batch's own statistics as in the loss
        }

        double[][] z = [.. Enumerable.Range(0, 10).Select(n => Project(h.AsSpan(n * 12, 12).ToArray(), p))];
        double expected = 0;
        for (int i = 0; i < 5; i++)
        {
            double[] scores = [.. Enumerable.Range(0, 5).Select(j => Enumerable.Range(0, 6).Sum(a => Enumerable.Range(0, 6).Sum(b => z[i][a] * p["bilinear"][(a * 6) + b] * z[5 + j][b])))];
            expected += (Math.Log(scores.Sum(Math.Exp)) - scores[i]) / 5;
        }

        Assert.Equal(expected, loss, 1e-5);
    }

    [Fact]
    public void WithoutSimilarityItGuesses()
    {
        Cola method = Make();
        Trial.Silence(method, "bilinear");
        Assert.Equal(Math.Log(12), Trial.Look(method, Hearing.Pictures()).Loss, 1e-5);
        Assert.Equal(Math.Log(12), method.ChanceLoss(12)!.Value, 1e-12);
    }

    [Fact]
    public void ItHearsTwoPlacesOfARecordingAndNotOneRecordingAlone()
    {
        Assert.Equal(new SoundPlan(2, SameCrop: false), Make().Sounds);
        Assert.Null(Make().Views);
        Assert.StartsWith("train.batch-size: a batch of one", Trial.Refusal(new ColaOptions(), Hearing.Ntt, batch: 1), StringComparison.Ordinal);
    }

    private static double[] Project(float[] h, Dictionary<string, float[]> p)
    {
        double[] y = [.. Enumerable.Range(0, 6).Select(k => p["projector.0.bias"][k] + Enumerable.Range(0, 12).Sum(j => (double)p["projector.0.weight"][(k * 12) + j] * h[j]))];
        double mean = y.Average(), variance = y.Average(v => (v - mean) * (v - mean));
        return [.. y.Select((v, k) => Math.Tanh(((v - mean) / Math.Sqrt(variance + 1e-5) * p["projector.1.weight"][k]) + p["projector.1.bias"][k]))];
    }

    private static Cola Make(ulong seed = 1) => Trial.Start(b => new Cola(b, new ColaOptions { Projection = 6 }), Hearing.Ntt, seed);
}
