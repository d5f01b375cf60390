namespace Tacit.Training;

/// <summary>Sees what happens in a run, on the training thread: progress bars, logs, tests.</summary>
public interface ITrainingObserver
{
    void On(TrainingEvent happened);
}
