using Spectre.Console;
using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Training;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit eval RUN --protocol scores</c>: what features say of themselves, beside those of the raw items and of the same network untrained.</summary>
internal static class ScoresScreen
{
    private static readonly string[] LowerIsBetter = ["alignment", "uniformity", "abx-within", "abx-across"];

    public static int Run(
        string run, Dataset data, Dataset? test, string? labels, string layer, bool publishedPadding, ulong? seed, Screen screen, CancellationToken stop)
    {
        if (test is not null || labels is not null)
        {
            throw new ConfigurationException($"{(test is not null ? "--test" : "--labels")}: --protocol {LabelFreeScores.Name} teaches nothing, so it has no labels to learn from and nothing to hold back; leave it out.");
        }

        Encoder encoder = Encoder.Open(run, Inputs.Default(data), seed, publishedPadding).At(layer);
        var scores = new LabelFreeScores(data, seed ?? encoder.Seed) { Progress = what => screen.Progress(what) };
        var rows = new List<EvaluationResult>();
        foreach (Encoder each in (Encoder[])[Encoder.Raw(encoder.Input), encoder.Untrained(), .. encoder.IsTrained ? [encoder] : Array.Empty<Encoder>()])
        {
            rows.AddRange(scores.Run(each, stop));
        }

        BrokenFiles.Tell(data, screen);
        screen.Result(new EvaluationReport(rows), ResultJson.Default.EvaluationReport);
        screen.Line();
        screen.Line($"{rows[0].Task}: label-free scores of {rows[0].N:N0} {data.Word}");
        screen.Render(Of(rows));
        screen.Paragraph("None of them was taught anything. What they can and cannot tell stands in docs/diagnostics.md.");
        return ExitCode.Done;
    }

    /// <summary>One line a score, one column an encoder; intervals below the values that have one.</summary>
    internal static Table Of(IReadOnlyList<EvaluationResult> rows)
    {
        string[] encoders = [.. rows.Select(r => r.Encoder).Distinct()];
        var table = new Table().Border(TableBorder.Simple).AddColumn("score");
        foreach (string encoder in encoders)
        {
            table.AddColumn(new TableColumn(encoder.EscapeMarkup()).RightAligned());
        }

        table.AddColumn("better");
        foreach (IGrouping<string, EvaluationResult> score in rows.GroupBy(r => r.Metric))
        {
            table.AddRow([
                new Text(score.Key),
                .. encoders.Select(e => new Text(score.FirstOrDefault(r => r.Encoder == e) is { } row ? Cell(row) : "–")),
                new Text(LowerIsBetter.Contains(score.Key) ? "lower" : "higher"),
            ]);
        }

        return table;
    }

    /// <summary>128.4, or 0.612 above 0.590 – 0.634.</summary>
    private static string Cell(EvaluationResult row)
    {
        string format = row.Metric is "rankme" or "lidar" ? "0.0" : "0.000";
        string value = row.Value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        return row.Low < row.High ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value}\n{row.Low:0.000} – {row.High:0.000}") : value;
    }
}
