using Tacit.Data;
using Tacit.Tensors;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly TinyPictures pictures = new();

    public void Dispose() => pictures.Dispose();

    [Fact]
    public void ARunLeavesWhatTheDesignSays()
    {
        var recorder = new Recorder();
        RunResult result = TinyRun.Train(pictures, "run", TinyRun.Config(), recorder: recorder);
        Assert.Equal((6, 48, false), (result.Steps, result.Samples, result.Interrupted));
        Assert.True(result.Seconds > 0 && double.IsFinite(result.Loss));
        var run = new RunDirectory(result.Run);
        Assert.True(run.HasRun && run.HasEncoder);
        Assert.Equal(6, run.CheckpointSteps()[^1]);
        Assert.Equal(6, run.ReadConfig().Train.Steps);
        string[] steps = [.. File.ReadLines(run.MetricsPath).Select(line => line[..line.IndexOf(',', StringComparison.Ordinal)])];
        Assert.Equal(["{\"step\":0", "{\"step\":1", "{\"step\":2", "{\"step\":3", "{\"step\":4", "{\"step\":5", "{\"step\":6"], steps);
        Assert.Equal([0L, 4, 6], recorder.Events.OfType<RepresentationMonitored>().Select(e => e.Reading.Step));
        Assert.All(recorder.Events.OfType<RepresentationMonitored>(), e => Assert.InRange(e.Reading.Knn!.Value, 0, 1));
        Assert.Equal(6, recorder.Events.OfType<StepLogged>().Count());
        Assert.IsType<RunEnded>(recorder.Events[^1]);
        Assert.Empty(Directory.GetFiles(run.Path, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void MetricsHoldLossRateAndDiagnostics()
    {
        TinyRun.Train(pictures, "run", TinyRun.Config());
        string last = File.ReadLines(Path.Combine(pictures.Run("run"), "metrics.jsonl")).Last();
        foreach (string key in new[] { "step", "epoch", "loss", "lr", "grad_norm", "samples_per_second", "data_wait", "positive_similarity", "contrastive_accuracy", "rankme", "uniformity", "alignment", "deviation", "knn", "health" })
        {
            Assert.Contains($"\"{key}\":", last, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AStoppedAndResumedRunEndsWithTheVeryBytesOfAnUninterruptedOne()
    {
        TinyRun.Train(pictures, "whole", TinyRun.Config());
        using var stop = new CancellationTokenSource();
        var recorder = new Recorder(e => StopAt(e, 2, stop));
        RunResult part = TinyRun.Train(pictures, "parts", TinyRun.Config(), recorder: recorder, stop: stop.Token);
        Assert.True(part.Interrupted);
        Assert.Equal(2, part.Steps);
        Assert.Equal([2L], recorder.Events.OfType<CheckpointWritten>().Select(e => e.Step));
        Assert.False(new RunDirectory(part.Run).HasEncoder);
        RunResult rest = TinyRun.Train(pictures, "parts", TinyRun.Config(), resume: true);
        Assert.Equal((6, 48, false), (rest.Steps, rest.Samples, rest.Interrupted));
        AssertSame("whole", "parts");
    }

    /// <summary>Values that are lists are written with spaces in one place and without in another.</summary>
    [Fact]
    public void ARunWithListsInItsConfigurationResumes()
    {
        RunConfig config = TinyRun.Config("data.sizes=[8,12@0.5]", "schedule.name=step", "schedule.milestones=0.5,0.8");
        TinyRun.Train(pictures, "whole", config);
        using var stop = new CancellationTokenSource();
        TinyRun.Train(pictures, "parts", config, recorder: new Recorder(e => StopAt(e, 4, stop)), stop: stop.Token);
        TinyRun.Train(pictures, "parts", config, resume: true);
        AssertSame("whole", "parts");
    }

    /// <summary>What kill -9 leaves: the last checkpoint, and lines of the log after it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public void AKilledAndResumedRunEndsWithTheVeryBytesOfAnUninterruptedOne(int killedAt)
    {
        TinyRun.Train(pictures, "whole", TinyRun.Config());
        Kill("parts", killedAt);
        string log = Path.Combine(pictures.Run("parts"), "metrics.jsonl");
        File.AppendAllText(log, "{\"step\":99,\"lo");
        var recorder = new Recorder();
        TinyRun.Train(pictures, "parts", TinyRun.Config(), resume: true, recorder);
        Assert.Equal(killedAt <= 3, recorder.Notes.Any(note => note.Contains("no checkpoint yet: it starts at step 0", StringComparison.Ordinal)));
        AssertSame("whole", "parts");
    }

    [Fact]
    public void OneThreadAndTwoGiveTheSameBytes()
    {
        int threads = WorkerPool.Shared.Threads;
        try
        {
            WorkerPool.Configure(1);
            TinyRun.Train(pictures, "one", TinyRun.Config());
            WorkerPool.Configure(2);
            TinyRun.Train(pictures, "two", TinyRun.Config());
        }
        finally
        {
            WorkerPool.Configure(threads);
        }

        AssertSame("one", "two");
    }

    [Fact]
    public void AnotherSeedGivesAnotherEncoder()
    {
        TinyRun.Train(pictures, "a", TinyRun.Config());
        TinyRun.Train(pictures, "b", TinyRun.Config("train.seed=1"));
        Assert.NotEqual(TinyRun.Encoder(pictures, "a"), TinyRun.Encoder(pictures, "b"));
    }

    [Fact]
    public void ItsConfigurationAsARecipeMakesTheSameRun()
    {
        TinyRun.Train(pictures, "a", TinyRun.Config("optimizer.name=lars", "schedule.warmup=2", "data.sizes=[8, 12@0.5]", "train.accumulate=2"));
        TinyRun.Train(pictures, "b", ConfigBinder.Bind("simclr", Path.Combine(pictures.Run("a"), "config.yaml"), []));
        AssertSame("a", "b");
    }

    [Fact]
    public void AFinishedRunIsLeftAsItIs()
    {
        RunResult first = TinyRun.Train(pictures, "run", TinyRun.Config());
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(pictures.Run("run"), "encoder.safetensors"));
        var recorder = new Recorder();
        RunResult again = TinyRun.Train(pictures, "run", TinyRun.Config(), resume: true, recorder);
        Assert.Equal(first, again);
        Assert.Contains(recorder.Notes, note => note.Contains("is finished", StringComparison.Ordinal));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(pictures.Run("run"), "encoder.safetensors")));
    }

    [Fact]
    public void ARunKilledBeforeItsEncoderWasWrittenOnlyWritesIt()
    {
        TinyRun.Train(pictures, "run", TinyRun.Config());
        byte[] encoder = TinyRun.Encoder(pictures, "run");
        File.Delete(Path.Combine(pictures.Run("run"), "encoder.safetensors"));
        TinyRun.Train(pictures, "run", TinyRun.Config(), resume: true);
        Assert.Equal(encoder, TinyRun.Encoder(pictures, "run"));
    }

    [Fact]
    public void ADirectoryThatHoldsARunIsRefusedWithoutResume()
    {
        TinyRun.Train(pictures, "run", TinyRun.Config());
        byte[] encoder = TinyRun.Encoder(pictures, "run");
        var error = Assert.Throws<ConfigurationException>(() => TinyRun.Train(pictures, "run", TinyRun.Config("train.seed=4")));
        Assert.Contains("already holds a run", error.Message, StringComparison.Ordinal);
        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
        Assert.Equal(encoder, TinyRun.Encoder(pictures, "run"));
    }

    [Fact]
    public void CheckpointsWithoutTheirConfigurationAreNotTakenForANewRuns()
    {
        Kill("run", 4);
        File.Delete(Path.Combine(pictures.Run("run"), "config.yaml"));
        Assert.Contains("already holds a run", Assert.Throws<ConfigurationException>(() => TinyRun.Train(pictures, "run", TinyRun.Config())).Message, StringComparison.Ordinal);
        Assert.Contains("there is no config.yaml", Assert.Throws<TacitException>(() => TinyRun.Train(pictures, "run", TinyRun.Config(), resume: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ADirectoryThatCannotBeMadeIsSaidBeforeAnythingIsTrained()
    {
        File.WriteAllText(pictures.Run("file"), "");
        var recorder = new Recorder();
        Assert.Contains("cannot be made", Assert.Throws<TacitException>(() => TinyRun.Train(pictures, "file/run", TinyRun.Config(), recorder: recorder)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(recorder.Events, e => e is RunStarted or StepLogged);
    }

    [Fact]
    public void ResumingNothingBeginsAndSaysSo()
    {
        var recorder = new Recorder();
        TinyRun.Train(pictures, "run", TinyRun.Config(), resume: true, recorder);
        Assert.Contains(recorder.Notes, note => note.Contains("nothing to resume", StringComparison.Ordinal));
        Assert.True(new RunDirectory(pictures.Run("run")).HasEncoder);
    }

    [Fact]
    public void ResumingWithAnotherConfigurationIsRefusedWithTheDifference()
    {
        Kill("run", 4);
        var error = Assert.Throws<ConfigurationException>(() => TinyRun.Train(pictures, "run", TinyRun.Config("optimizer.lr=0.5", "train.steps=9"), resume: true));
        Assert.Contains("optimizer.lr 0.00375 there, 0.5 now; train.steps 6 there, 9 now", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResumingWithFewerWordsTakesTheRunsOwn()
    {
        TinyRun.Train(pictures, "whole", TinyRun.Config());
        Kill("parts", 5);
        TinyRun.Train(pictures, "parts", ConfigBinder.Bind("simclr", null, ["checkpoint.keep=5"]), resume: true);
        AssertSame("whole", "parts");
    }

    [Fact]
    public void AnEditedConfigurationIsRefusedWithTheDifference()
    {
        Kill("run", 4);
        string path = Path.Combine(pictures.Run("run"), "config.yaml");
        File.WriteAllText(path, File.ReadAllText(path).Replace("temperature: 0.2", "temperature: 0.4", StringComparison.Ordinal));
        var error = Assert.Throws<ConfigurationException>(() => TinyRun.Train(pictures, "run", ConfigBinder.Bind("simclr", null, []), resume: true));
        Assert.Contains("method.temperature 0.2 there, 0.4 now", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ResumingOnOtherDataIsRefusedWithTheDifference()
    {
        Kill("run", 4);
        File.Delete(Path.Combine(pictures.DataPath, "class0", "00.ppm"));
        var error = Assert.Throws<ConfigurationException>(() => TinyRun.Train(pictures, "run", TinyRun.Config(), resume: true));
        Assert.Contains("another data set: 24 items", error.Message, StringComparison.Ordinal);
        Assert.Contains("23 items", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALossThatIsNotFiniteStopsTheRunAndKeepsTheLastCheckpoint()
    {
        var error = Assert.Throws<TacitException>(() => TinyRun.Train(pictures, "run", TinyRun.Config("optimizer.lr=1e25", "checkpoint.every=1", "monitor.every=0")));
        Assert.IsNotType<ConfigurationException>(error);
        Assert.Matches("^Step [2-6]: (the loss is|the gradient of).*The step was not applied and the checkpoint of step [1-5] is kept.*optimizer\\.lr", error.Message);
        var run = new RunDirectory(pictures.Run("run"));
        Assert.NotEmpty(run.CheckpointSteps());
        Assert.False(run.HasEncoder);
        SafetensorsContent kept = Safetensors.Read(run.CheckpointPath(run.CheckpointSteps()[^1]));
        Assert.All(kept.Tensors.Where(t => t.Key.StartsWith("method.", StringComparison.Ordinal)), t => Assert.DoesNotContain(t.Value.ToArray(), float.IsNaN));
    }

    [Fact]
    public void ALargerBatchThanTheDataIsRefusedWhereItWasAskedFor()
    {
        var error = Assert.Throws<ConfigurationException>(() => TinyRun.Train(pictures, "run", TinyRun.Config("train.batch-size=25")));
        Assert.Contains("train.batch-size: a batch of 25 is larger than the data set, which has 24 items", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(pictures.Run("run")));
    }

    [Fact]
    public void ALargerBatchThanTheDataAdaptsWhereItWasTheDefault()
    {
        var recorder = new Recorder();
        RunConfig config = ConfigBinder.Bind("simclr", null, [.. TinyRun.Settings.Where(s => !s.StartsWith("train.batch-size", StringComparison.Ordinal)), "train.steps=1"]);
        RunResult result = TinyRun.Train(pictures, "run", config, recorder: recorder);
        Assert.Equal(24, result.Samples);
        Assert.Contains(recorder.Notes, note => note.Contains("a batch is 24 instead of 256", StringComparison.Ordinal));
    }

    [Fact]
    public void ABrokenPictureIsPassedOver()
    {
        File.WriteAllText(Path.Combine(pictures.DataPath, "class0", "00.ppm"), "P6\n12 12\n255\ntoo short");
        RunResult result = TinyRun.Train(pictures, "run", TinyRun.Config());
        Assert.Equal(6, result.Steps);
    }

    [Fact]
    public void ALengthInMinutesBecomesStepsOnce()
    {
        var recorder = new Recorder();
        string[] settings = [.. TinyRun.Settings.Where(s => !s.StartsWith("train.steps", StringComparison.Ordinal)), "train.minutes=0.005", "data.sizes=[8, 12@0.5]"];
        RunResult result = TinyRun.Train(pictures, "run", ConfigBinder.Bind("simclr", null, settings), recorder: recorder);
        RunCalibrated calibrated = Assert.Single(recorder.Events.OfType<RunCalibrated>());
        Assert.Equal(calibrated.Steps, result.Steps);
        RunConfig written = new RunDirectory(result.Run).ReadConfig();
        Assert.Equal((result.Steps, null), (written.Train.Steps!.Value, written.Train.Minutes));

        // As if the steps had been asked for.
        TinyRun.Train(pictures, "same", ConfigBinder.Bind("simclr", null, [.. settings.Where(s => !s.StartsWith("train.minutes", StringComparison.Ordinal)), $"train.steps={result.Steps}"]));
        AssertSame("run", "same");
    }

    [Fact]
    public void NewestCheckpointsAndTheBestAreKept()
    {
        var recorder = new Recorder();
        TinyRun.Train(pictures, "run", TinyRun.Config("checkpoint.every=1", "checkpoint.keep=1", "monitor.every=2"), recorder: recorder);
        var readings = recorder.Events.OfType<RepresentationMonitored>().Where(e => e.Reading.Step > 0).ToList();
        long best = readings.MaxBy(e => e.Reading.Knn)!.Reading.Step;
        Assert.Equal(new SortedSet<long> { best, 6 }, new RunDirectory(pictures.Run("run")).CheckpointSteps());
    }

    [Fact]
    public void AccumulatedBatchesCountAsOneStep()
    {
        RunResult result = TinyRun.Train(pictures, "run", TinyRun.Config("train.accumulate=3"));
        Assert.Equal((6, 6 * 3 * 8), (result.Steps, result.Samples));
    }

    [Fact]
    public void UnlabelledPicturesTrainWithoutKnn()
    {
        using PictureDataset labelled = pictures.Open();
        PictureDataset data = PictureDataset.Of("unlabelled", [.. Enumerable.Range(0, labelled.Count).Select(labelled.Decode)]);
        var recorder = new Recorder();
        Trainer.Run(TinyRun.Config(), data, pictures.Run("run"), false, recorder);
        Assert.All(recorder.Events.OfType<RepresentationMonitored>(), e => Assert.Null(e.Reading.Knn));
    }

    /// <summary>The steady state, logging and monitoring left out: the promise is 64 KB a step.</summary>
    [Fact]
    public void AStepInTheSteadyStateAllocatesLittle()
    {
        using PictureDataset data = pictures.Open();
        RunConfig config = ConfigResolver.ForData(TinyRun.Config("train.steps=1000"), data, _ => { });
        var learner = new Learner(config);
        using var loader = Loaders.Training(config, data, learner.Method);
        var passes = new StagePass(config, data, null, _ => { });
        long before = 0;
        const int Warm = 6, Steps = 12;
        for (int step = 0; step < Warm + Steps; step++)
        {
            before = step == Warm ? GC.GetTotalAllocatedBytes(precise: true) : before;
            learner.Step(step, loader, passes);
        }

        long each = (GC.GetTotalAllocatedBytes(precise: true) - before) / Steps;
        Assert.InRange(each, 1, 64 << 10);
    }

    private static void StopAt(TrainingEvent happened, long step, CancellationTokenSource stop)
    {
        if (happened is StepLogged logged && logged.Step == step)
        {
            stop.Cancel();
        }
    }

    /// <summary>Ends a run as abruptly as one process can end its own: nothing is written after this moment.</summary>
    private void Kill(string name, long step) => Assert.Throws<OperationCanceledException>(() => TinyRun.Train(pictures, name, TinyRun.Config(), recorder: new Recorder(e =>
    {
        if (e is StepLogged logged && logged.Step == step)
        {
            throw new OperationCanceledException();
        }
    })));

    private void AssertSame(string a, string b)
    {
        Assert.Equal(TinyRun.Encoder(pictures, a), TinyRun.Encoder(pictures, b));
        Assert.Equal(TinyRun.Metrics(pictures, a), TinyRun.Metrics(pictures, b));
    }
}
