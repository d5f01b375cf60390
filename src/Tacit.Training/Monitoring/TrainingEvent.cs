namespace Tacit.Training;

/// <summary>Something that happened in a run.</summary>
public abstract record TrainingEvent;

/// <summary>One sentence for people: a default that adapted, a run that was finished already, another instruction set.</summary>
/// <param name="Warning">Whether it deserves attention.</param>
public sealed record RunNote(string Text, bool Warning = false) : TrainingEvent;

/// <summary>Everything is resolved and the first step is next.</summary>
/// <param name="FirstStep">0, or the checkpoint's step when resuming.</param>
/// <param name="Parameters">Trainable numbers of encoder and heads.</param>
public sealed record RunStarted(RunConfig Config, string Directory, long FirstStep, long Steps, int Items, long StepsPerEpoch, long Parameters) : TrainingEvent;

/// <summary>A length in minutes was turned into steps.</summary>
public sealed record RunCalibrated(double Minutes, long Steps, double SecondsPerStep) : TrainingEvent;

/// <summary>A logged step, with means over the steps since the last logged one where that makes sense.</summary>
/// <param name="Step">Steps done, this one included.</param>
/// <param name="Epoch">Passes over the data, fractional.</param>
/// <param name="SamplesPerSecond">Items a second since the last logged step.</param>
/// <param name="DataWait">Seconds the training thread waited for the loader since the last logged step.</param>
/// <param name="SecondsLeft">At the rate seen lately.</param>
/// <param name="Diagnostics">The method's named values.</param>
public sealed record StepLogged(
    long Step,
    long Steps,
    double Epoch,
    double Loss,
    double LearningRate,
    double GradientNorm,
    double SamplesPerSecond,
    double DataWait,
    double SecondsLeft,
    IReadOnlyList<KeyValuePair<string, double>> Diagnostics) : TrainingEvent
{
    /// <summary>The method's histograms of this step: counts of 20 equal bins.</summary>
    public IReadOnlyList<(string Name, double[] Counts)> Histograms { get; init; } = [];
}

/// <summary>The representation was looked at: label-free scores, the online kNN where labels exist, and the verdict.</summary>
public sealed record RepresentationMonitored(MonitorReading Reading, HealthReport Health) : TrainingEvent;

/// <summary>The verdict turned worse: said once for each turn.</summary>
public sealed record HealthAlarm(long Step, HealthReport Health) : TrainingEvent;

/// <summary>A checkpoint is safely on disk.</summary>
public sealed record CheckpointWritten(long Step, string Path) : TrainingEvent;

/// <summary>The run ended, by its last step or by interruption.</summary>
public sealed record RunEnded(RunResult Result) : TrainingEvent;
