using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

public sealed class DeepClusterTests
{
    private const int Pictures = 40, Clusters = 5;

    /// <summary>Weights average 1 over all the pictures, which the batch holds.</summary>
    [Fact]
    public void UniformAnswersCostTheLogarithmOfTheirNumber()
    {
        DeepCluster method = Make();
        Pretext.UniformAnswersCostTheLogarithmOfTheirNumber(method, Targeted(method, 0), "head", Clusters);
    }

    /// <summary>Each cluster counts alike whatever its size: size times weight is the same for all.</summary>
    [Fact]
    public void PicturesCountByTheInverseOfTheirClustersSize()
    {
        DeepCluster method = Make();
        int[] targets = Targeted(method, 0).Targets!;
        Tensor weights = method.StateDict()["weights"];
        int used = targets.Distinct().Count();
        Assert.All(targets.GroupBy(t => t), group => Assert.Equal((double)Pictures / used, group.Count() * weights.Span[group.Key], 1e-4));
    }

    /// <summary>A picture's loss by hand: w · (log Σ e^x − x of its cluster), over the batch.</summary>
    [Fact]
    public void TheLossIsTheWeightedCrossEntropy()
    {
        DeepCluster method = Make();
        Batch batch = Targeted(method, 0);
        batch.Targets![3] = -1;
        OrderedDictionary<string, Tensor> state = method.StateDict();
        using Scope scope = Scope.Gradient();
        double loss = method.Loss(batch, new Diagnostics()).ToScalar();

        Tensor features = method.Backbone.Forward(batch.Views);
        double expected = 0;
        for (int i = 0; i < Pictures; i++)
        {
            double[] logits = [.. Enumerable.Range(0, Clusters).Select(k => state["head.bias"].Span[k]
                + Enumerable.Range(0, features.Shape[1]).Sum(d => (double)state["head.weight"][k, d] * features[i, d]))];
            int target = batch.Targets[i];
            expected += target < 0 ? 0 : state["weights"].Span[target] * (Math.Log(logits.Sum(Math.Exp)) - logits[target]);
        }

        Assert.Equal(expected / Pictures, loss, 1e-5);
    }

    [Fact]
    public void AnswersAreLearned()
    {
        DeepCluster method = Make();
        Pretext.AnswersAreLearned(method, Targeted(method, 0));
    }

    [Fact]
    public void ItsStateIsAllThereIs()
    {
        DeepCluster method = Make();
        Batch batch = Targeted(method, 0);
        Trial.StateRoundTrips(seed => seed == 1 ? method : Make(seed), batch);
    }

    /// <summary>A second pass begins another classifier, and compares with what the trained one still says.</summary>
    [Fact]
    public void EveryPassBeginsTheClassifierAfresh()
    {
        DeepCluster method = Make();
        Batch batch = Targeted(method, 0);
        float[] first = method.StateDict()["head.weight"].ToArray();
        Trial.Steps(method, batch, optimizer: Trial.Sgd(0.05));
        Assert.Null(Trial.Look(method, batch).Found["reassigned_share"]);

        batch = Targeted(method, 1);

        float[] second = method.StateDict()["head.weight"].ToArray();
        Assert.NotEqual(first, second);
        Assert.InRange(second.Average(v => (double)v * v), 0.5e-4, 2e-4);       // deviation 0.01
        Assert.All(method.StateDict()["head.bias"].ToArray(), v => Assert.Equal(0, v));
        Assert.InRange(Trial.Look(method, batch).Found["reassigned_share"]!.Value, 0, 0.8);
        Assert.InRange(Trial.Look(method, batch).Found["cluster_use"]!.Value, 1.0 / Clusters, 1);
    }

    /// <summary>Units that are zero for every picture, and pictures that are all alike, are no reason to stop.</summary>
    [Fact]
    public void DeadUnitsDoNotHinderTheClustering()
    {
        DeepCluster method = Make();
        var rows = Tensor.From(Hashed.Singles(Pictures * method.Stage.Width, 40), new Shape(Pictures, method.Stage.Width));
        for (int i = 0; i < Pictures; i++)
        {
            rows[i, 2] = 0;
        }

        int[] targets = method.Stage.Fit(rows, [.. Enumerable.Range(0, Pictures)], Pictures, new StageContext(1, 0, _ => { }))!;
        Assert.Equal(Clusters, targets.Distinct().Count());

        var notes = new List<string>();
        rows.Span.Fill(1);
        Assert.Single(method.Stage.Fit(rows, [.. Enumerable.Range(0, Pictures)], Pictures, new StageContext(1, 0, notes.Add))!.Distinct());
        Assert.Contains("4 of 5 clusters stayed empty", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultClustersAdaptToTheDataAndGivenOnesAreRefused()
    {
        Assert.Equal(40, Trial.Fit(new DeepClusterOptions(), items: 400).Options.Clusters);
        Assert.StartsWith("method.clusters: 401", Trial.Refusal(new DeepClusterOptions { Clusters = 401 }, items: 400, given: "method.clusters"), StringComparison.Ordinal);
    }

    /// <summary>A batch of all pictures with the clusters that a pass over them found.</summary>
    private static Batch Targeted(DeepCluster method, int round)
    {
        Batch batch = Trial.Pictures(Pictures, 8);
        return batch with { Targets = Trial.Pass(method, batch, round).Targets };
    }

    private static DeepCluster Make(ulong seed = 1) => Trial.Start(b => new DeepCluster(b, new DeepClusterOptions { Clusters = Clusters }), seed: seed);
}
