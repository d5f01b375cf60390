using System.Diagnostics;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Nn;

namespace Tacit.Training;

/// <summary>
/// Turns a length in minutes into a number of steps by timing discarded steps on a copy of the learner: each side of a
/// progressive plan, pictures decoded for the first time and decoded before, and one look at the representation.
/// </summary>
internal static class Calibration
{
    private const long Provisional = 1000;
    private const double Margin = 0.02;             // of the time: checkpoints, and the machine's moods
    private const double TimingShare = 0.02;        // of the time for timing, at most:
    private const double LongestTiming = 20;        // seconds
    private const double LookingShare = 0.05;       // of the time, unless the interval of readings was given

    /// <summary>The configuration with its length in steps, which fit into what is left of the minutes, and the seconds that an average step takes.</summary>
    /// <param name="config">Resolved for its data, with minutes.</param>
    /// <param name="data">What will be trained on.</param>
    /// <param name="clock">Began when the run began: the time of calibration is the run's own.</param>
    public static (RunConfig Config, double SecondsPerStep) Run(RunConfig config, Dataset data, Clock clock)
    {
        double budget = config.Train.Minutes!.Value * 60;

        // Hardly any learning rate: peak rates without their warm-up diverge, and take as long.
        RunConfig copy = ConfigResolver.ForLength(
            config with { Schedule = new ScheduleOptions { Name = "constant" }, Optimizer = config.Optimizer with { Lr = 1e-9 } }, Provisional);
        var learner = new Learner(copy);
        var passes = new StagePass(copy, data, null, _ => { });
        long started = Stopwatch.GetTimestamp();
        passes.Before(learner, 0);
        double pass = Stopwatch.GetElapsedTime(started).TotalSeconds;
        (int Side, double Share)[] phases = Phases(copy);
        double perStep = 0, decoding = 0;
        foreach ((int side, double share) in phases)
        {
            (double fresh, double again) = Time(copy, data, learner, passes, side, Math.Min(LongestTiming, TimingShare * budget) / phases.Length);
            perStep += share * again;
            decoding = Math.Max(decoding, fresh - again);
        }

        var monitor = new Monitor(copy, data, learner.Method);
        _ = monitor.Read(learner.Encoder, 0, null);
        double looking = monitor.Seconds;
        double left = (budget * (1 - Margin)) - clock.Elapsed - looking - pass;      // the reading at step 0 and the first pass are still to come

        // As many readings as a small share of the time allows, at most ten; with a given interval they cost a share of each step.
        long looks = Math.Clamp((long)(LookingShare * budget / looking), 1, 10);
        double each = perStep + (learner.Method.Stage is { EveryEpochs: > 0 } stage ? pass / passes.Interval(stage) : 0) + (config.Monitor.Every is > 0 and { } given ? looking / given : 0);
        left -= config.Monitor.Every switch { null => looks * looking, 0 => looking, _ => 0 };

        // The first pass over the data also decodes it.
        double epoch = ConfigResolver.StepsPerEpoch(copy.Train, data.Count);
        double fits = left / (each + decoding);
        fits = fits > epoch ? (left - (epoch * decoding)) / each : fits;
        long steps = Math.Max(1, (long)fits);
        MonitorOptions readings = config.Monitor with { Every = config.Monitor.Every ?? ((steps + looks - 1) / looks) };
        return (ConfigResolver.ForLength(config with { Monitor = readings }, steps), perStep);
    }

    /// <summary>Pictures a second at each side of the plan, decoded before.</summary>
    public static IReadOnlyList<(int Side, double PicturesPerSecond)> Rates(RunConfig config, Dataset data, double seconds)
    {
        RunConfig copy = ConfigResolver.ForLength(config, Provisional);
        var learner = new Learner(copy);
        var passes = new StagePass(copy, data, null, _ => { });
        passes.Before(learner, 0);
        double pictures = copy.Train.BatchSize * copy.Train.Accumulate;
        return [.. Phases(copy).Select(phase => (phase.Side, pictures / Time(copy, data, learner, passes, phase.Side, 2 * seconds).Again))];
    }

    /// <summary>Each side of the plan with its share of the steps.</summary>
    private static (int Side, double Share)[] Phases(RunConfig config) =>
        config.Data.Sizes is { } plan
            ? [.. Enumerable.Range(0, (int)Provisional).Select(step => plan.At(step, Provisional)).GroupBy(side => side).Select(g => (g.Key, (double)g.Count() / Provisional))]
            : [(config.Data.Size ?? 0, 1.0)];

    /// <summary>Seconds of a step whose pictures are decoded for it, and of one whose pictures were decoded before.</summary>
    private static (double Fresh, double Again) Time(RunConfig config, Dataset data, Learner learner, StagePass passes, int side, double seconds)
    {
        const int Warm = 2, Least = 2, Most = 50;
        int count = Least;
        double fresh = Pass(skipUntil: Warm);
        return (fresh, Pass(skipUntil: 0));

        double Pass(int skipUntil)
        {
            using Loader loader = Loaders.At(side, config, data, learner.Method);
            for (int step = 0; step < skipUntil; step++)
            {
                learner.Step(step + 1, loader, passes);
            }

            long began = Stopwatch.GetTimestamp();
            int done = 0;
            bool first = skipUntil > 0;
            while (done < (first ? Most : count) && (done < Least || !first || Stopwatch.GetElapsedTime(began).TotalSeconds < seconds / 2))
            {
                learner.Step(Warm + 1 + done++, loader, passes);
            }

            count = done;
            return Stopwatch.GetElapsedTime(began).TotalSeconds / done;
        }
    }
}
