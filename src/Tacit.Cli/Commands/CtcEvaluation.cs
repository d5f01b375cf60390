using Spectre.Console;
using Tacit.Data;
using Tacit.Evaluation;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit eval RUN --data PATH --task ctc</c>: what is said, in letters or phones, learned from transcripts.</summary>
internal sealed class CtcEvaluation(Screen screen, Action<string, int, int> progress, ulong seed, CancellationToken stop)
{
    /// <summary>What <c>--task</c> calls it.</summary>
    public const string Word = "ctc";

    public void Run(
        Encoder encoder, Dataset data, Dataset? test, bool finetune, string? units, string? lexicon, string? output, string[] settings, LabelBudget budget, int draws)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        void Say(string sentence)
        {
            if (said.Add(sentence))
            {
                screen.Warn(sentence);
            }
        }

        var task = new CtcTask(data, test, units ?? "letters", lexicon, CtcTask.Defaults.With(settings), seed, Say) { Budget = budget, Draws = draws, Progress = progress, Stop = stop };
        IReadOnlyList<ErrorRow> rows = task.Run(encoder, finetune, output is null ? null : result => result.Save(output));
        EvaluationComparison[] compared = [.. Compared(rows)];
        screen.Result(
            new EvaluationReport([.. rows.Select(r => r.Result)]) { Comparisons = compared.Length > 0 ? compared : null }, ResultJson.Default.EvaluationReport);
        Show(rows, task);
        ComparisonText.Show(compared, screen);
        if (output is not null)
        {
            screen.Line();
            screen.Paragraph($"Wrote the encoder of the last row and its head to {output}.");
        }
    }

    /// <summary>The last network against the first, a metric each: pre-trained against scratch, or against the untrained one.</summary>
    private IEnumerable<EvaluationComparison> Compared(IReadOnlyList<ErrorRow> rows)
    {
        foreach (IGrouping<string, ErrorRow> metric in rows.GroupBy(r => r.Result.Metric))
        {
            if (metric.First() != metric.Last())
            {
                yield return ErrorRow.Compare(metric.Last(), metric.First(), seed);
            }
        }
    }

    private void Show(IReadOnlyList<ErrorRow> rows, CtcTask task)
    {
        EvaluationResult first = rows[0].Result;
        string[] metrics = [.. rows.Select(r => r.Result.Metric).Distinct()];
        var table = new Table().Border(TableBorder.Simple).AddColumn("encoder");
        foreach (string metric in metrics)
        {
            table.AddColumn(new TableColumn($"{metric.ToUpperInvariant()} (95 % interval)").RightAligned());
        }

        foreach (ErrorRow[] line in rows.Chunk(metrics.Length))
        {
            table.AddRow([new Text($"{line[0].Result.Encoder}, {(line[0].Result.Protocol == "linear" ? "frozen" : "fine-tuned")}"), .. line.Select(r => new Text(EvaluationTable.Cell(r.Result)))]);
        }

        screen.Line();
        screen.Line($"{first.Task}: error rates on {first.N:N0} recordings, lower is better");
        screen.Render(table);
        screen.Paragraph(rows[^1].Detail);
        foreach ((string Said, string Read) sample in task.Samples.Take(1))
        {
            screen.Paragraph($"said: {sample.Said}");
            screen.Paragraph($"read: {sample.Read}");
        }
    }
}
