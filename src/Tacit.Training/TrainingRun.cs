using System.Diagnostics;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>One sitting of one run: begins or resumes it, loops, and leaves the encoder.</summary>
internal sealed class TrainingRun(RunConfig config, Dataset data, RunDirectory directory, ITrainingObserver observer, StepProfiler? profiler = null)
{
    private readonly Clock clock = new();
    private RunConfig config = config;
    private RunProgress progress = new();
    private double secondsBefore;

    public RunResult Run(bool resume, CancellationToken stop)
    {
        bool goesOn = Prepare(resume);
        var learner = new Learner(config);
        var passes = new StagePass(config, data, directory, Note);
        long from = goesOn ? Restore(learner, passes) : -1;
        long steps = config.Train.Steps!.Value;
        if (progress.Step >= steps && directory.HasEncoder)
        {
            Note($"The run in '{directory.Path}' is finished: all {steps} steps are done.");
            return End(interrupted: false);
        }

        using var log = new MetricsLog(directory.MetricsPath, from);
        using Loader loader = Loaders.Training(config, data, learner.Method);
        var monitor = new Monitor(config, data, learner.Method);
        observer.On(new RunStarted(config, directory.Path, progress.Step, steps, data.Count, loader.StepsPerEpoch, learner.ParameterCount));
        if (from < 0)
        {
            WarnOfShortRun(steps);
            Untrained(learner, monitor, log);
        }

        clock.Lap(progress.Step, steps);
        while (progress.Step < steps)
        {
            Step(learner, loader, passes, monitor, log);
            if (stop.IsCancellationRequested && progress.Step < steps)
            {
                Save(learner);
                return End(interrupted: true);
            }
        }

        EncoderFile.Write(directory.EncoderPath, learner.Encoder, config);
        return End(interrupted: false);
    }

    /// <summary>Resolves the configuration, new or the run's own, and writes it. Says whether there is a checkpoint to go on from.</summary>
    private bool Prepare(bool resume)
    {
        if (directory.HasRun && !resume)
        {
            throw new ConfigurationException($"'{directory.Path}' already holds a run; go on with it by --resume, or give another --out.");
        }

        if (directory.HasRun)
        {
            RunConfig stored = directory.ReadConfig();
            long? asked = config.Train with { BatchSize = stored.Train.BatchSize, Accumulate = stored.Train.Accumulate } is var train && ConfigSchema.LengthKeys.Any(config.Given.Contains)
                ? ConfigResolver.StepsOf(train, data.Count)
                : null;
            config = Differences.Merge(stored, config, asked) with { Tokenizer = (data as TextDataset)?.Tokenizer };
        }
        else
        {
            if (resume)
            {
                Note($"There is nothing to resume in '{directory.Path}': the run starts at step 0.");
            }

            config = ConfigResolver.ForData(config, data, Note);
        }

        try
        {
            Directory.CreateDirectory(directory.CheckpointFolder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"The run's directory '{directory.Path}' cannot be made: {error.Message.TrimEnd('.')}.", error);
        }

        if (config.Train.Steps is null)
        {
            Calibrate();
        }

        bool checkpoint = directory.CheckpointSteps().Count > 0;
        if (directory.HasRun && !checkpoint)
        {
            Note($"The run in '{directory.Path}' has no checkpoint yet: it starts at step 0.");
        }

        config.Tokenizer?.Write(directory.TokenizerPath);
        AtomicFile.WriteText(directory.ConfigPath, ConfigBinder.ToYaml(config));
        return checkpoint;
    }

    private void Calibrate()
    {
        double minutes = config.Train.Minutes!.Value;
        Note($"Timing a few steps, to turn {minutes:0.##} minutes into a number of steps.");
        try
        {
            (config, double perStep) = Calibration.Run(config, data, clock);
            observer.On(new RunCalibrated(minutes, config.Train.Steps!.Value, perStep));
        }
        catch (NotFiniteException error)
        {
            throw Stopped(error);
        }
    }

    private long Restore(Learner learner, StagePass passes)
    {
        long newest = directory.CheckpointSteps()[^1];
        progress = Checkpoint.Read(directory.CheckpointPath(newest), learner, config, data.Fingerprint, data.Count, text => observer.On(new RunNote(text, Warning: true)));
        passes.Restore(learner, progress.Step);
        secondsBefore = progress.Seconds;
        return progress.Step;
    }

    private void WarnOfShortRun(long steps)
    {
        if (MethodCatalog.Get(config.MethodName).Setup.LongRun is { } needed && steps < needed.Steps && !config.Given.Contains(needed.Key))
        {
            observer.On(new RunNote(
                $"{config.MethodName} has its published settings, which are for tens of thousands of steps and may learn nothing in {steps:N0}: " +
                $"settings for short runs are in recipes/{config.MethodName}-librispeech-quick.yaml, reasons in docs/methods-speech.md.",
                Warning: true));
        }
    }

    private void Untrained(Learner learner, Monitor monitor, MetricsLog log)
    {
        MonitorReading reading = monitor.Read(learner.Encoder, 0, null);
        HealthReport health = Health.Judge(reading, reading, reading.RankMe, null, 0, null);
        progress = progress with { Untrained = reading, BestRank = reading.RankMe };
        log.Write(0, null, monitor.Seconds, reading, health);
        observer.On(new RepresentationMonitored(reading, health));
    }

    private void Step(Learner learner, Loader loader, StagePass passes, Monitor monitor, MetricsLog log)
    {
        double loss;
        try
        {
            loss = profiler is null
                ? learner.Step(progress.Step, loader, passes)
                : profiler.Step(() => learner.Step(progress.Step, loader, passes), config.Train.Steps!.Value);
        }
        catch (NotFiniteException error)
        {
            throw Stopped(error);
        }

        long steps = config.Train.Steps!.Value, done = progress.Step + 1;
        progress = progress with
        {
            Step = done,
            Loss = loss,
            FirstLoss = done == 1 ? loss : progress.FirstLoss,
            LossMean = done == 1 ? loss : progress.LossMean + ((loss - progress.LossMean) / Math.Min(done, 50)),
            Embedding = EmbeddingSpread.Next(progress.Embedding, learner.Diagnostics),
        };
        clock.Step(loader.DataWait);
        bool last = done == steps;
        bool look = last || (config.Monitor.Every is > 0 and { } every && done % every == 0);
        bool best = false;
        if (look || done == 1 || done % config.Log.Every == 0)
        {
            StepLogged logged = clock.Logged(config, learner, progress, data.Count);
            observer.On(logged);
            (MonitorReading Reading, HealthReport Health)? seen = look ? Look(learner, monitor, out best) : null;
            HealthReport? health = seen?.Health ?? Health.Judge(progress.Embedding);
            log.Write(done, logged, monitor.Seconds, seen?.Reading, health);
            if (seen is { } both)
            {
                observer.On(new RepresentationMonitored(both.Reading, both.Health));
            }

            Tell(health);
            clock.Lap(done, steps);
        }

        bool stops = config.Monitor.StopOnCollapse && progress.Verdict == Verdict.Collapsed;
        if (last || best || stops || done % config.Checkpoint.Every!.Value == 0)
        {
            Save(learner);
        }

        if (stops && !last)
        {
            throw new TacitException($"Step {done}: the run has collapsed and monitor.stop-on-collapse is on, so it ends here; the checkpoint of this step is kept.");
        }
    }

    private (MonitorReading Reading, HealthReport Health) Look(Learner learner, Monitor monitor, out bool best)
    {
        MonitorReading reading = monitor.Read(learner.Encoder, progress.Step, progress.LossMean);
        double bestRank = Math.Max(progress.BestRank, reading.RankMe);
        double? chance = learner.Method.ChanceLoss(config.Train.BatchSize) ?? progress.FirstLoss;
        HealthReport health = Health.Judge(
            reading, progress.Untrained ?? reading, bestRank, chance, (double)progress.Step / config.Train.Steps!.Value, progress.Embedding);
        double score = reading.Knn ?? reading.RankMe;
        best = score > progress.BestScore;
        progress = progress with
        {
            BestRank = bestRank,
            BestScore = best ? score : progress.BestScore,
            BestStep = best ? progress.Step : progress.BestStep,
        };
        return (reading, health);
    }

    /// <summary>Sounds the alarm when the verdict turns worse; null where nothing was judged.</summary>
    private void Tell(HealthReport? health)
    {
        if (health is null)
        {
            return;
        }

        if (health.Verdict > progress.Verdict)
        {
            observer.On(new HealthAlarm(progress.Step, health));
        }

        progress = progress with { Verdict = health.Verdict };
    }

    private void Save(Learner learner)
    {
        progress = progress with { Seconds = secondsBefore + clock.Elapsed };
        observer.On(new CheckpointWritten(progress.Step, Checkpoint.Write(directory, learner, config, progress, data.Fingerprint, data.Count)));
    }

    private TacitException Stopped(NotFiniteException error)
    {
        IReadOnlyList<long> steps = directory.CheckpointSteps();
        string kept = steps.Count > 0 ? $"the checkpoint of step {steps[^1]} is kept" : "no checkpoint was written yet";
        return new TacitException(
            $"Step {progress.Step + 1}: {error.Message}. The step was not applied and {kept}. Begin again with a lower optimizer.lr (it is {config.Optimizer.Lr:R}) or a limit by optimizer.clip-norm.", error);
    }

    private RunResult End(bool interrupted)
    {
        var result = new RunResult(
            directory.Path,
            progress.Step,
            progress.Step * config.Train.BatchSize * config.Train.Accumulate,
            progress.Seconds,
            progress.Loss,
            new HealthReport(progress.Verdict, []).Word,
            interrupted);
        observer.On(new RunEnded(result));
        return result;
    }

    private void Note(string text) => observer.On(new RunNote(text));
}
