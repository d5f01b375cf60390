using System.Diagnostics;

namespace Tacit.Training;

/// <summary>Wall-clock time of one sitting: for rates and forecasts, never for decisions that touch weights.</summary>
internal sealed class Clock
{
    private readonly long began = Stopwatch.GetTimestamp();
    private long lap = Stopwatch.GetTimestamp();
    private long lapStep;
    private long steps;
    private double wait;
    private double secondsPerStep;

    /// <summary>Seconds since this sitting began.</summary>
    public double Elapsed => Stopwatch.GetElapsedTime(began).TotalSeconds;

    /// <summary>One step more, and what it waited for data.</summary>
    public void Step(double waited) => wait += waited;

    /// <summary>Begins a new interval; what happened between the last logged step and now (monitoring) counts in none.</summary>
    public void Lap(long step, long ofSteps)
    {
        lap = Stopwatch.GetTimestamp();
        (lapStep, steps, wait) = (step, ofSteps, 0);
    }

    public StepLogged Logged(RunConfig config, Learner learner, RunProgress progress, int items)
    {
        double seconds = Math.Max(1e-9, Stopwatch.GetElapsedTime(lap).TotalSeconds);
        long done = Math.Max(1, progress.Step - lapStep);
        secondsPerStep = secondsPerStep == 0 ? seconds / done : (0.7 * secondsPerStep) + (0.3 * seconds / done);
        long perStep = (long)config.Train.BatchSize * config.Train.Accumulate;
        return new StepLogged(
            progress.Step,
            steps,
            progress.Step / ConfigResolver.StepsPerEpoch(config.Train, items),
            progress.Loss,
            learner.LearningRate,
            learner.GradientNorm,
            done * perStep / seconds,
            wait,
            secondsPerStep * (steps - progress.Step),
            [.. learner.Diagnostics.Values.Select(v => KeyValuePair.Create(v.Name, v.Value))])
        {
            Histograms = [.. learner.Diagnostics.Histograms],
        };
    }
}
