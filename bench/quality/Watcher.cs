using Tacit.Training;

namespace Tacit.Quality;

/// <summary>Tells how a run goes, and remembers the alarms.</summary>
internal sealed class Watcher(string name) : ITrainingObserver
{
    private long told;

    /// <summary>The first alarm that said collapsed.</summary>
    public HealthAlarm? Collapse { get; private set; }

    public StepLogged? Last { get; private set; }

    public void On(TrainingEvent happened)
    {
        switch (happened)
        {
            case RunNote note:
                Say(note.Text);
                break;
            case HealthAlarm alarm:
                Collapse ??= alarm.Health.Verdict == Verdict.Collapsed ? alarm : null;
                Say($"step {alarm.Step}: {alarm.Health.Word}: {string.Join("; ", alarm.Health.Reasons)}");
                break;
            case RepresentationMonitored seen:
                Say($"step {seen.Reading.Step}: loss {seen.Reading.Loss:0.000}, kNN {seen.Reading.Knn:0.000}, RankMe {seen.Reading.RankMe:0.0}, deviation {seen.Reading.Deviation:0.00}");
                break;
            case StepLogged logged:
                Last = logged;
                if (Environment.TickCount64 - told > 30_000)
                {
                    told = Environment.TickCount64;
                    Say($"step {logged.Step} of {logged.Steps}, loss {logged.Loss:0.000}, {logged.SamplesPerSecond:0} items/s, {logged.SecondsLeft:0} s left");
                }

                break;
            default:
                break;
        }
    }

    private void Say(string text) => Console.Error.WriteLine($"{name}: {text}");
}
