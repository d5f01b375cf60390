using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

public sealed class DeepClusterV2Tests
{
    private const int Pictures = 12;

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
        Batch batch = Trial.Pictures(Pictures, 8, views: 2) with { Targets = new int[2 * Pictures] };
        double expected = (Math.Log(4) + Math.Log(3)) / 2;
        Assert.Equal(expected, method.Loss(batch, new Diagnostics()).ToScalar(), 1e-5);
        Assert.Equal(expected, method.ChanceLoss(Pictures)!.Value, 1e-12);
    }

    [Fact]
    public void APassGivesEveryPictureItsNearestPrototypeAndMissingOnesNone()
    {
        DeepClusterV2 method = Make();
        (int[]? found, Tensor rows) = Trial.Pass(method, Trial.Pictures(Pictures, 8), count: Pictures + 1);
        int[] targets = found!;

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
    public void TwentyStepsOnOneBatchLowerTheLossAndLeaveThePrototypes()
    {
        DeepClusterV2 method = Make();
        Batch batch = Targeted(method);
        float[] before = method.StateDict()["prototypes0"].ToArray();

        double[] losses = Trial.Steps(method, batch, optimizer: Trial.Sgd(0.05));

        Assert.True(losses[^1] < 0.7 * losses[0], $"from {losses[0]} to {losses[^1]}");
        Assert.Equal(before, method.StateDict()["prototypes0"].ToArray());
    }

    [Fact]
    public void ItsStateIsAllThereIs()
    {
        DeepClusterV2 method = Make();
        Batch batch = Targeted(method);
        Trial.StateRoundTrips(seed => seed == 1 ? method : Make(seed), batch);
    }

    /// <summary>A second pass over an unchanged network, which begins elsewhere, is compared with the first; the first with nothing.</summary>
    [Fact]
    public void ItReportsHowClustersAreUsedAndHowManyPicturesLeftTheirs()
    {
        DeepClusterV2 method = Make();
        Batch batch = Targeted(method);
        int[] targets = batch.Targets!;
        Diagnostics first = Trial.Look(method, batch).Found;
        double use = Enumerable.Range(0, 2).Average(head =>
        {
            double[] shares = [.. Enumerable.Range(0, Pictures).GroupBy(i => targets[(2 * i) + head]).Select(g => g.Count() / (double)Pictures)];
            return Math.Exp(-shares.Sum(p => p * Math.Log(p))) / (head == 0 ? 4 : 3);
        });
        Assert.Equal(use, first["cluster_use"]!.Value, 1e-5);
        Assert.Equal(0, first["empty_clusters"]);
        Assert.Null(first["reassigned_share"]);
        Assert.NotNull(first[Diagnostics.EmbeddingDeviation]);

        Assert.InRange(Trial.Look(method, Targeted(method, round: 1)).Found["reassigned_share"]!.Value, 0, 0.75);
    }

    [Fact]
    public void WithoutTargetsThereIsNoLoss()
    {
        DeepClusterV2 method = Make();
        Batch batch = Trial.Pictures(Pictures, 8, views: 2);
        using Scope scope = Scope.Gradient();
        Assert.Contains("has not run", Assert.Throws<TacitException>(() => method.Loss(batch, new Diagnostics())).Message, StringComparison.Ordinal);
        int[] none = Enumerable.Repeat(-1, 2 * Pictures).ToArray();
        Assert.Contains("no targets", Assert.Throws<TacitException>(() => method.Loss(batch with { Targets = none }, new Diagnostics())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DefaultClustersAdaptToTheDataAndGivenOnesAreRefused()
    {
        (DeepClusterV2Options adapted, List<string> notes) = Trial.Fit(new DeepClusterV2Options(), items: 500);
        Assert.Equal([50, 50, 50], adapted.Prototypes);
        Assert.Contains("method.prototypes is 50 instead of 300", Assert.Single(notes), StringComparison.Ordinal);

        const string Key = "method.prototypes";
        Assert.StartsWith("method.prototypes: 501", Trial.Refusal(new DeepClusterV2Options { Prototypes = [40, 501] }, items: 500, given: Key), StringComparison.Ordinal);
        Assert.Equal([40, 500], Trial.Fit(new DeepClusterV2Options { Prototypes = [40, 500] }, items: 500, given: Key).Options.Prototypes);
        Assert.Equal([300, 300, 300], Trial.Fit(new DeepClusterV2Options(), items: 50_000).Options.Prototypes);
    }

    /// <summary>Two views of all pictures, with the clusters that a pass over one of them found.</summary>
    private static Batch Targeted(DeepClusterV2 method, int round = 0) =>
        Trial.Pictures(Pictures, 8, views: 2) with { Targets = Trial.Pass(method, Trial.Pictures(Pictures, 8), round).Targets };

    private static DeepClusterV2 Make(ulong seed = 1) =>
        Trial.Start(b => new DeepClusterV2(b, new DeepClusterV2Options { Prototypes = [4, 3], Projector = [16, 8] }), seed: seed);
}
