using Tacit.Data;
using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

/// <summary>What holds for every method of recordings, on runs of six steps: exact resume, any number of threads, recordings shorter than the crop.</summary>
public sealed class SoundCatalogueTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Methods => [.. MethodCatalog.All.Where(m => m.Info.Modality.Contains("speech")).Select(m => m.Info.Name)];

    public void Dispose() => folder.Dispose();

    /// <summary>Queues, codebooks, targets of frames and momentum branches included: checkpoint and targets hold them all.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void AStoppedAndResumedRunEndsWithTheVeryBytesOfAnUninterruptedOne(string method)
    {
        using SoundDataset data = TinySounds.Open();
        RunConfig config = Tiny(method, data);
        Train("whole", config, data);
        using var stop = new CancellationTokenSource();
        Train("parts", config, data, recorder: new Recorder(e => CatalogueTests.StopAt(e, 4, stop)), stop: stop.Token);
        Train("parts", config, data, resume: true);
        Assert.Equal(Encoder("whole"), Encoder("parts"));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void OneThreadAndTwoGiveTheSameBytes(string method)
    {
        using SoundDataset data = TinySounds.Open();
        int threads = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Configure(1);
            Train("one", Tiny(method, data), data);
            WorkerPool.Configure(2);
            Train("two", Tiny(method, data), data);
        }
        finally
        {
            WorkerPool.Configure(threads);
        }

        Assert.Equal(Encoder("one"), Encoder("two"));
    }

    /// <summary>Published settings of these learn nothing in minutes; who has chosen the gaps knows.</summary>
    [Theory]
    [InlineData("hubert", null, true)]
    [InlineData("hubert", "method.mask.length=4", false)]
    [InlineData("apc", null, false)]
    public void AShortRunOfSettingsForLongOnesIsWarnedOf(string method, string? setting, bool warned)
    {
        using SoundDataset data = TinySounds.Open();
        var recorder = new Recorder();
        Train("short", Tiny(method, data, setting is null ? [] : [setting]), data, recorder: recorder);
        Assert.Equal(warned, recorder.Notes.Any(note => note.Contains($"recipes/{method}-librispeech-quick.yaml", StringComparison.Ordinal)));
    }

    /// <summary>The BERT over vq-wav2vec's tokens, the second half of the run, takes its share of a rate that stays.</summary>
    [Fact]
    public void AMethodMayTakeItsShareOfTheScheduledRate()
    {
        using SoundDataset data = TinySounds.Open();
        var recorder = new Recorder();
        Train("rates", Tiny("vq-wav2vec", data, "optimizer.lr=0.002", "schedule.name=constant", "schedule.warmup=0", "method.token-lr=0.5", "method.token-warmup=0"), data, recorder: recorder);
        Assert.Equal([0.002, 0.002, 0.002, 0.001, 0.001, 0.001], recorder.Events.OfType<StepLogged>().Select(e => e.LearningRate), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    /// <summary>A run of a very small network that takes a fraction of a second; crops of 0.6 seconds, which some recordings are shorter than.</summary>
    internal static RunConfig Tiny(string method, Dataset data, params string[] more)
    {
        string[] model = MethodCatalog.Get(method).SetupFor("speech").Architecture switch
        {
            "resnet" => ["model.width=4", "model.mels=16"],
            "wav2vec2" => ["model.dim=16", "model.depth=2", "model.heads=2", "model.conv-dim=8", "model.position-kernel=8", "model.position-groups=4"],
            "fbank-transformer" => ["model.dim=16", "model.depth=2", "model.heads=2", "model.mels=16"],
            "conformer" => ["model.dim=16", "model.depth=2", "model.heads=2", "model.mels=16", "model.conv-dim=4", "model.kernel=5"],
            "gru" or "decoar" => ["model.dim=16", "model.depth=2", "model.mels=16"],
            "audiontt" => ["model.dim=16", "model.mels=16"],
            "cpc" => ["model.dim=16"],
            _ => ["model.dim=16", "model.depth=2"],
        };
        HashSet<string> keys = [.. ConfigBinder.Keys(method)];
        string[] smaller =
        [
            "method.projector=[16, 4]", "method.predictor-hidden=16", "method.queue=16", "method.negative-count=4", "method.clusters=6", "method.codes=8", "method.entries=8",
            "method.final-dim=8", "method.code-dim=8", "method.projection=8", "method.depth-projector=[16, 8]",
        ];
        return ConfigBinder.Bind(method, null,
        [
            .. model, .. smaller.Where(s => keys.Contains(s[..s.IndexOf('=', StringComparison.Ordinal)])),
            "data.crop=0.6", "train.batch-size=8", "train.steps=6", "log.every=1", "checkpoint.every=3", "monitor.every=4", "monitor.items=8", "monitor.knn-k=3",
            .. more,
        ], data);
    }

    private void Train(string name, RunConfig config, SoundDataset data, bool resume = false, Recorder? recorder = null, CancellationToken stop = default) =>
        Trainer.Run(config, data, folder[name], resume, recorder ?? new Recorder(), stop);

    private byte[] Encoder(string name) => File.ReadAllBytes(Path.Combine(folder[name], "encoder.safetensors"));
}
