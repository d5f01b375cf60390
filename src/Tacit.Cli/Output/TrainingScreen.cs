using Tacit.Training;

namespace Tacit.Cli;

/// <summary>Shows a run as it goes: a line with rate and time left, what the representation looks like, and every alarm.</summary>
internal sealed class TrainingScreen(Screen screen) : ITrainingObserver
{
    private readonly Pace pace = new(screen.Interactive);
    private string items = "pictures";

    public void On(TrainingEvent happened)
    {
        switch (happened)
        {
            case RunNote { Warning: true } warning:
                screen.Warn(warning.Text);
                break;
            case RunNote note:
                screen.Paragraph(note.Text);
                break;
            case RunCalibrated calibrated:
                screen.Paragraph($"{calibrated.Minutes:0.##} minutes are {calibrated.Steps:N0} steps of {calibrated.SecondsPerStep:0.000} s.");
                break;
            case RunStarted started:
                Started(started);
                break;
            case StepLogged step when step.Step == step.Steps || pace.IsDue:
                screen.Progress(Line(step, items));
                break;
            case RepresentationMonitored seen:
                screen.Line(Line(seen.Reading, seen.Health));
                break;
            case HealthAlarm alarm:
                screen.Warn($"Step {alarm.Step:N0}: the representation looks {alarm.Health.Word}: {string.Join("; ", alarm.Health.Reasons)}.");
                break;
        }
    }

    internal static string Line(StepLogged s, string items = "pictures")
    {
        string wait = s.DataWait > 0.05 ? $" · waited {s.DataWait:0.0} s for data" : "";
        return $"step {s.Step:N0}/{s.Steps:N0} · epoch {s.Epoch:0.0} · loss {s.Loss:0.000} · {s.SamplesPerSecond:N0} {items}/s · {Durations.Clock(s.SecondsLeft)} left{wait}";
    }

    internal static string Line(MonitorReading r, HealthReport health)
    {
        string knn = r.Knn is { } k ? $"kNN {100 * k:0.0} % · " : "";
        return $"step {r.Step:N0} · {knn}rank {r.RankMe:0.0} of {r.Width} · deviation {r.Deviation:0.00} · {health.Word}";
    }

    private void Started(RunStarted started)
    {
        string from = started.FirstStep > 0 ? $", going on from step {started.FirstStep:N0}" : "";
        DataOptions data = started.Config.Data;
        (items, string size) = started.Config.Modality switch
        {
            "image" => ("pictures", $" at {data.Size} px"),
            "text" => ("texts", $" of at most {data.Length} tokens"),
            _ => ("recordings", data.Crop is { } crop ? $", {crop:0.##} s of each" : ""),
        };
        screen.Paragraph(
            $"{started.Config.MethodName} on {started.Items:N0} {items}{size}: {started.Config.Model.Backbone.Name} of width {started.Config.Model.Backbone.OwnWidth}, " +
            $"{started.Parameters:N0} parameters with heads; {started.Steps:N0} steps of {started.Config.Train.BatchSize * started.Config.Train.Accumulate:N0} ({(double)started.Steps / started.StepsPerEpoch:0.0} epochs){from}.");
        screen.Line($"Run: {ShownPath.Of(started.Directory)}");
    }
}
