using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>One task of one upstream: its rows, or why it could not run.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Results">One row a metric; none where it could not run.</param>
/// <param name="Detail">What was chosen, or why it could not run.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record SuiteRow(string Task, IReadOnlyList<EvaluationResult> Results, string Detail, double Seconds);

/// <summary>Runs tasks one after the other; one that cannot run says why and does not hold up the others.</summary>
public static class SuiteRunner
{
    /// <summary>What <see cref="EvaluationResult.Protocol"/> calls the suite.</summary>
    public const string Protocol = "superb";

    /// <summary>One row a task, as each is done.</summary>
    public static IEnumerable<SuiteRow> Run(SuiteContext context, IEnumerable<SuiteTask> tasks)
    {
        foreach (SuiteTask task in tasks)
        {
            context.Stop.ThrowIfCancellationRequested();
            long begun = TimeProvider.System.GetTimestamp();
            SuiteOutcome outcome = context.Data.WhyNot(task) is { } missing ? new SuiteOutcome([], missing) : Try(context, task);
            double seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
            yield return new SuiteRow(
                task.Name,
                [.. outcome.Scores.Select(s => new EvaluationResult(context.Upstream.Name, task.Name, Protocol, s.Metric, s.Value, s.Low, s.High, s.N))],
                outcome.Detail,
                seconds);
        }
    }

    private static SuiteOutcome Try(SuiteContext context, SuiteTask task)
    {
        try
        {
            return task.Run(context);
        }
        catch (TacitException error)
        {
            return new SuiteOutcome([], error.Message);
        }
    }
}
