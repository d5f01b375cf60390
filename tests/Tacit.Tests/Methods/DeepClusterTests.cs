using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class DeepClusterTests
{
    private const int Pictures = 40, Clusters = 5;

    [Fact]
    public void UniformAnswersCostTheLogarithmOfTheClusters()
    {
        DeepCluster method = Make();
        Batch batch = Targeted(method, 0);

        // Weights average 1 over all the pictures, which the batch holds.
        Assert.Equal(Math.Log(Clusters), PretextRun.LossOfUniformAnswers(method, batch, "head"), 1e-5);
        Assert.Equal(Math.Log(Clusters), method.ChanceLoss(Pictures)!.Value, 1e-12);
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
    public void TwentyStepsOnOneBatchLowerTheLossAndStateRoundTrips()
    {
        DeepCluster method = Make(), fresh = Make(seed: 2);
        Batch batch = Targeted(method, 0);
        (double first, double last) = PretextRun.Learn(method, batch);
        Assert.True(last < 0.7 * first, $"from {first} to {last}");
        PretextRun.AssertStateRoundTrips(method, fresh, batch);
    }

    /// <summary>A second pass begins another classifier, and compares with what the trained one still says.</summary>
    [Fact]
    public void EveryPassBeginsTheClassifierAfresh()
    {
        DeepCluster method = Make();
        Batch batch = Targeted(method, 0);
        float[] first = method.StateDict()["head.weight"].ToArray();
        PretextRun.Learn(method, batch);
        Assert.Null(Report(method, batch)["reassigned_share"]);

        batch = Targeted(method, 1);

        float[] second = method.StateDict()["head.weight"].ToArray();
        Assert.NotEqual(first, second);
        Assert.InRange(second.Average(v => (double)v * v), 0.5e-4, 2e-4);       // deviation 0.01
        Assert.All(method.StateDict()["head.bias"].ToArray(), v => Assert.Equal(0, v));
        Assert.InRange(Report(method, batch)["reassigned_share"]!.Value, 0, 0.8);
        Assert.InRange(Report(method, batch)["cluster_use"]!.Value, 1.0 / Clusters, 1);
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
        Assert.Equal(40, ((DeepClusterOptions)new DeepClusterOptions().FitTo(Fit(400, given: false))).Clusters);
        string refusal = Assert.Throws<ConfigurationException>(() => new DeepClusterOptions { Clusters = 401 }.FitTo(Fit(400, given: true))).Message;
        Assert.StartsWith("method.clusters: 401", refusal, StringComparison.Ordinal);
    }

    private static DataFit Fit(int items, bool given) => new(_ => given, _ => { }) { Items = items, BatchSize = 10, Side = 32, Model = new BackboneOptions() };

    private static Diagnostics Report(DeepCluster method, Batch batch)
    {
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.Gradient();
        _ = method.Loss(batch, diagnostics);
        return diagnostics;
    }

    /// <summary>A batch of all pictures with the clusters that a pass over them found.</summary>
    private static Batch Targeted(DeepCluster method, int round)
    {
        Batch batch = PretextRun.Batch(Pictures, 8);
        Tensor rows = Tensor.Lasting(new Shape(Pictures, method.Stage.Width));
        using Scope scope = Scope.NoGradient();
        method.Eval();
        method.Stage.Look(batch, rows);
        method.Train();
        return batch with { Targets = method.Stage.Fit(rows, batch.Items, Pictures, new StageContext(3, round, _ => { })) };
    }

    private static DeepCluster Make(ulong seed = 1)
    {
        var method = new DeepCluster(BackboneFactory.Build(new BackboneOptions { Width = 4 }), new DeepClusterOptions { Clusters = Clusters });
        method.Initialize(seed);
        return method;
    }
}
