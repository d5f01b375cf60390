using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

/// <summary>What holds for every method of pictures, on runs of six steps: exact resume, any number of threads, files that can be used.</summary>
public sealed class CatalogueTests : IDisposable
{
    private readonly TinyPictures pictures = new();

    public static TheoryData<string> Methods => [.. MethodCatalog.All.Concat(MethodCatalog.References).Where(m => m.Info.Modality.Contains("image")).Select(m => m.Info.Name)];

    public void Dispose() => pictures.Dispose();

    /// <summary>Queues, centres, prototypes, clusters and momentum branches included: the checkpoint holds them all.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void AStoppedAndResumedRunEndsWithTheVeryBytesOfAnUninterruptedOne(string method)
    {
        RunConfig config = Tiny(method);
        TinyRun.Train(pictures, "whole", config);
        using var stop = new CancellationTokenSource();
        TinyRun.Train(pictures, "parts", config, recorder: new Recorder(e => StopAt(e, 4, stop)), stop: stop.Token);
        TinyRun.Train(pictures, "parts", config, resume: true);
        AssertSame("whole", "parts");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void OneThreadAndTwoGiveTheSameBytes(string method)
    {
        int threads = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Configure(1);
            TinyRun.Train(pictures, "one", Tiny(method));
            WorkerPool.Configure(2);
            TinyRun.Train(pictures, "two", Tiny(method));
        }
        finally
        {
            WorkerPool.Configure(threads);
        }

        AssertSame("one", "two");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void ABatchOfOneIsRefused(string method) =>
        Assert.Contains("train.batch-size", Assert.Throws<ConfigurationException>(() => ConfigBinder.Bind(method, null, ["train.batch-size=1"])).Message, StringComparison.Ordinal);

    /// <summary>A run of a very small network that takes a fraction of a second.</summary>
    internal static RunConfig Tiny(string method)
    {
        MethodEntry entry = MethodCatalog.Get(method);
        string[] model = entry.Setup.Architecture switch
        {
            "resnet" => ["model.width=4", "data.size=8"],
            "vit" => ["model.dim=16", "model.depth=2", "model.heads=2", "model.patch-size=4", "data.size=16"],
            _ => ["model.dim=16", "model.depth=2", "model.heads=2", "model.side=8", "model.colours=8", "data.size=8"],
        };
        string[] needed = method switch
        {
            "context-prediction" or "jigsaw" => ["data.size=24"],       // nine patches of a picture
            _ => [],
        };
        HashSet<string> keys = [.. ConfigBinder.Keys(method)];
        string[] smaller =
        [
            "method.projector=[16, 4]", "method.predictor-hidden=16", "method.queue=16", "method.prototypes=6", "method.clusters=6", "method.local-crops=1",
            "method.head=[16, 8]",
        ];
        return ConfigBinder.Bind(method, null,
        [
            .. model, .. smaller.Where(s => keys.Contains(s[..s.IndexOf('=', StringComparison.Ordinal)])), .. needed,
            "train.batch-size=8", "train.steps=6", "log.every=1", "checkpoint.every=3", "monitor.every=4", "monitor.items=8", "monitor.knn-k=3",
        ]);
    }

    internal static void StopAt(TrainingEvent happened, long step, CancellationTokenSource stop)
    {
        if (happened is StepLogged logged && logged.Step == step)
        {
            stop.Cancel();
        }
    }

    private void AssertSame(string a, string b)
    {
        Assert.Equal(TinyRun.Metrics(pictures, a), TinyRun.Metrics(pictures, b));
        Assert.Equal(TinyRun.Encoder(pictures, a), TinyRun.Encoder(pictures, b));
    }
}
