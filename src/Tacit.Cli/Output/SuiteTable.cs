using System.Globalization;
using Spectre.Console;
using Tacit.Evaluation;
using Tacit.Evaluation.Suite;

namespace Tacit.Cli;

/// <summary>The suite's results as a table that fits 80 columns: a line a metric, what others published in a column of its own.</summary>
internal static class SuiteTable
{
    /// <param name="rows">One a task.</param>
    /// <param name="upstream">What was judged.</param>
    /// <param name="published">The benchmark's upstream whose scores stand beside it.</param>
    public static Table Of(IReadOnlyList<SuiteRow> rows, string upstream, string published)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("task")
            .AddColumn("metric")
            .AddColumn(new TableColumn($"{Markup.Escape(upstream)} (95 % interval)").RightAligned())
            .AddColumn(new TableColumn($"published:\n{published}").RightAligned());
        foreach (EvaluationResult result in rows.SelectMany(r => r.Results))
        {
            string theirs = Published.Score(published, result.Task, result.Metric) is { } score ? Number(result.Metric, score) : "";
            table.AddRow(new Text(result.Task), new Text(result.Metric), new Text(Cell(result)), new Text(theirs));
        }

        return table;
    }

    /// <summary>71.2 % (69.6 – 72.8); what is no share as it is.</summary>
    private static string Cell(EvaluationResult r) => SuiteMetric.Of(r.Metric).Percent
        ? EvaluationTable.Cell(r)
        : string.Create(CultureInfo.InvariantCulture, $"{r.Value:0.000} ({r.Low:0.000} – {r.High:0.000})");

    /// <summary>71.2 %; what is no share as it is.</summary>
    public static string Number(string metric, double value) =>
        SuiteMetric.Of(metric).Percent ? $"{100 * value:0.0} %" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
