using Tacit.Data;

namespace Tacit.Training;

/// <summary>Pre-trains an encoder and keeps everything of the run in one directory.</summary>
public static class Trainer
{
    /// <summary>Runs to the last step, or until asked to stop, which finishes the step and writes a checkpoint.</summary>
    /// <param name="config">From <see cref="ConfigBinder"/>; resolved here against the data.</param>
    /// <param name="data">The training items. Labels, where there are any, serve the online kNN only.</param>
    /// <param name="directory">The run's directory: made if missing.</param>
    /// <param name="resume">Go on with the run that the directory holds; where it holds none, begin at step 0 and say so.</param>
    /// <param name="observer">Told of everything, on this thread.</param>
    /// <param name="stop">Asks for the end after the step under way.</param>
    /// <exception cref="ConfigurationException">A value cannot work; the directory holds another run; resuming with another configuration or data.</exception>
    /// <exception cref="TacitException">The loss or a gradient is not finite (the last good checkpoint stays); the disk is full.</exception>
    public static RunResult Run(RunConfig config, Dataset data, string directory, bool resume, ITrainingObserver observer, CancellationToken stop = default) =>
        Run(config, data, directory, resume, observer, null, stop);

    /// <inheritdoc cref="Run(RunConfig, Dataset, string, bool, ITrainingObserver, CancellationToken)"/>
    /// <param name="profiler">Measures the steps; null for none.</param>
    public static RunResult Run(RunConfig config, Dataset data, string directory, bool resume, ITrainingObserver observer, StepProfiler? profiler, CancellationToken stop) =>
        new TrainingRun(config, Items(config, data, directory, resume), new RunDirectory(directory), observer, profiler).Run(resume, stop);

    /// <summary>The items of a run: recordings are cut into the run's pieces, texts become tokens.</summary>
    private static Dataset Items(RunConfig config, Dataset data, string directory, bool resume)
    {
        var run = new RunDirectory(directory);
        return data switch
        {
            SoundDataset sounds => SoundResolver.Pieces(resume && run.HasRun ? run.ReadConfig() : config, sounds),
            TextDataset texts => TextResolver.Tokens(resume && run.HasRun ? run.ReadConfig() : config, texts),
            _ => data,
        };
    }
}
