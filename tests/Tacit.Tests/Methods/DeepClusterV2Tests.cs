using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class DeepClusterV2Tests
{
    private const int Pictures = 12;

    [Fact]
    public void TheLossAndItsGradientAreThoseOfPyTorch()
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("predictive.safetensors").Tensors;
        var x = Tensor.Parameter(new Shape(14, 6));
        Hashed.Singles(14 * 6, 26).CopyTo(x.Span);
        var prototypes = new Tensor[2];
        var targets = new int[2][];
        for (int head = 0; head < 2; head++)
        {
            int k = head == 0 ? 5 : 8;
            prototypes[head] = Ops.L2Normalize(Tensor.From(Hashed.Singles(k * 6, 27 + head), new Shape(k, 6)));
            targets[head] = [.. Enumerable.Range(0, 14).Select(i => i % 5 == head ? -1 : i * 3 % k)];
        }

        using Scope scope = Scope.Gradient();
        Tensor loss = PrototypePrediction.Loss(Ops.L2Normalize(x), prototypes, targets, 0.1f, out double accuracy);
        scope.Backward(loss);

        Oracle.AssertClose(expected["prototypes.loss"].Span, loss.Span, 1e-5);
        Oracle.AssertClose(expected["prototypes.gradient"].Span, x.GradientSpan, 1e-5);
        Assert.InRange(accuracy, 0, 1);
    }

    /// <summary>Prototypes that are all alike tell nothing apart: ln K.</summary>
    [Fact]
    public void EqualPrototypesCostTheLogarithmOfTheirNumber()
    {
        DeepClusterV2 method = Make();
        foreach (string name in (string[])["prototypes0", "prototypes1"])
        {
            method.StateDict()[name].Span.Fill(0.25f);
        }

        using Scope scope = Scope.Gradient();
        Batch batch = PretextRun.Batch(Pictures, 8, views: 2) with { Targets = new int[2 * Pictures] };
        double expected = (Math.Log(4) + Math.Log(3)) / 2;
        Assert.Equal(expected, method.Loss(batch, new Diagnostics()).ToScalar(), 1e-5);
        Assert.Equal(expected, method.ChanceLoss(Pictures)!.Value, 1e-12);
    }

    [Fact]
    public void APassGivesEveryPictureItsNearestPrototypeAndMissingOnesNone()
    {
        DeepClusterV2 method = Make();
        (int[] targets, Tensor rows) = Pass(method, round: 0, count: Pictures + 1);

        Assert.Equal(2 * (Pictures + 1), targets.Length);
        Assert.Equal([-1, -1], targets[^2..]);
        for (int head = 0; head < 2; head++)
        {
            Tensor prototypes = method.StateDict()[$"prototypes{head}"];
            for (int i = 0; i < Pictures; i++)
            {
                double[] cosines = [.. Enumerable.Range(0, prototypes.Shape[0]).Select(k => Enumerable.Range(0, rows.Shape[1]).Sum(d => (double)rows[i, d] * prototypes[k, d]))];
                Assert.Equal(cosines.Max(), cosines[targets[(2 * i) + head]], 1e-6);
            }

            for (int k = 0; k < prototypes.Shape[0]; k++)
            {
                Assert.Equal(1, prototypes.Rows(k, 1).ToArray().Sum(v => v * v), 1e-5);
            }
        }
    }

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLossLeaveThePrototypesAndStateRoundTrips()
    {
        DeepClusterV2 method = Make(), fresh = Make(seed: 2);
        (int[] targets, _) = Pass(method, round: 0);
        Batch batch = PretextRun.Batch(Pictures, 8, views: 2) with { Targets = targets };
        float[] before = method.StateDict()["prototypes0"].ToArray();

        (double first, double last) = PretextRun.Learn(method, batch);

        Assert.True(last < 0.7 * first, $"from {first} to {last}");
        Assert.Equal(before, method.StateDict()["prototypes0"].ToArray());
        PretextRun.AssertStateRoundTrips(method, fresh, batch);
    }

    /// <summary>A second pass over an unchanged network, which begins elsewhere, is compared with the first; the first with nothing.</summary>
    [Fact]
    public void ItReportsHowClustersAreUsedAndHowManyPicturesLeftTheirs()
    {
        DeepClusterV2 method = Make();
        (int[] targets, _) = Pass(method, round: 0);
        Diagnostics first = Report(method, targets);
        double use = Enumerable.Range(0, 2).Average(head =>
        {
            double[] shares = [.. Enumerable.Range(0, Pictures).GroupBy(i => targets[(2 * i) + head]).Select(g => g.Count() / (double)Pictures)];
            return Math.Exp(-shares.Sum(p => p * Math.Log(p))) / (head == 0 ? 4 : 3);
        });
        Assert.Equal(use, first["cluster_use"]!.Value, 1e-5);
        Assert.Equal(0, first["empty_clusters"]);
        Assert.Null(first["reassigned_share"]);
        Assert.NotNull(first[Diagnostics.EmbeddingDeviation]);

        (targets, _) = Pass(method, round: 1);
        Assert.InRange(Report(method, targets)["reassigned_share"]!.Value, 0, 0.75);
    }

    [Fact]
    public void WithoutTargetsThereIsNoLoss()
    {
        DeepClusterV2 method = Make();
        Batch batch = PretextRun.Batch(Pictures, 8, views: 2);
        using Scope scope = Scope.Gradient();
        Assert.Contains("has not run", Assert.Throws<TacitException>(() => method.Loss(batch, new Diagnostics())).Message, StringComparison.Ordinal);
        int[] none = Enumerable.Repeat(-1, 2 * Pictures).ToArray();
        Assert.Contains("no targets", Assert.Throws<TacitException>(() => method.Loss(batch with { Targets = none }, new Diagnostics())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultClustersAdaptToTheDataAndGivenOnesAreRefused()
    {
        var notes = new List<string>();
        var adapted = (DeepClusterV2Options)new DeepClusterV2Options().FitTo(Fit(500, given: false, notes));
        Assert.Equal([50, 50, 50], adapted.Prototypes);
        Assert.Contains("method.prototypes is 50 instead of 300", Assert.Single(notes), StringComparison.Ordinal);

        var given = new DeepClusterV2Options { Prototypes = [40, 501] };
        Assert.StartsWith("method.prototypes: 501", Assert.Throws<ConfigurationException>(() => given.FitTo(Fit(500, given: true, notes))).Message, StringComparison.Ordinal);
        Assert.Equal([40, 500], ((DeepClusterV2Options)(given with { Prototypes = [40, 500] }).FitTo(Fit(500, given: true, notes))).Prototypes);
        Assert.Equal([300, 300, 300], ((DeepClusterV2Options)new DeepClusterV2Options().FitTo(Fit(50_000, given: false, notes))).Prototypes);
    }

    private static DataFit Fit(int items, bool given, List<string> notes) =>
        new(_ => given, notes.Add) { Items = items, BatchSize = 10, Side = 32, Model = new BackboneOptions() };

    private static Diagnostics Report(DeepClusterV2 method, int[] targets)
    {
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.Gradient();
        _ = method.Loss(PretextRun.Batch(Pictures, 8, views: 2) with { Targets = targets }, diagnostics);
        return diagnostics;
    }

    private static (int[] Targets, Tensor Rows) Pass(DeepClusterV2 method, int round, int count = Pictures)
    {
        Batch batch = PretextRun.Batch(Pictures, 8);
        Tensor rows = Tensor.Lasting(new Shape(Pictures, method.Stage.Width));
        using Scope scope = Scope.NoGradient();
        method.Eval();
        method.Stage.Look(batch, rows);
        method.Train();
        return (method.Stage.Fit(rows, batch.Items, count, new StageContext(3, round, _ => { }))!, rows);
    }

    private static DeepClusterV2 Make(ulong seed = 1)
    {
        var method = new DeepClusterV2(BackboneFactory.Build(new BackboneOptions { Width = 4 }), new DeepClusterV2Options { Prototypes = [4, 3], Projector = [16, 8] });
        method.Initialize(seed);
        return method;
    }
}
