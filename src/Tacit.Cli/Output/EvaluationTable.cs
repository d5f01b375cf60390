using Spectre.Console;
using Tacit.Evaluation;

namespace Tacit.Cli;

/// <summary>Evaluation rows as a table that fits 80 columns.</summary>
internal static class EvaluationTable
{
    /// <summary>One line an encoder, one column a protocol.</summary>
    public static Table Of(IReadOnlyList<EvaluationRow> rows)
    {
        string[] protocols = [.. rows.Select(r => r.Result.Protocol).Distinct()];
        var table = new Table().Border(TableBorder.Simple).AddColumn("encoder");
        foreach (string protocol in protocols)
        {
            table.AddColumn(new TableColumn($"{Title(protocol)} (95 % interval)").RightAligned());
        }

        foreach (IGrouping<string, EvaluationRow> encoder in rows.GroupBy(r => r.Result.Encoder))
        {
            table.AddRow([new Text(encoder.Key), .. protocols.Select(p => new Text(encoder.FirstOrDefault(r => r.Result.Protocol == p) is { } row ? Cell(row.Result) : "–"))]);
        }

        return table;
    }

    public static string Title(string protocol) => protocol switch
    {
        "knn" => "kNN",
        "linear" => "linear probe",
        FineTune.Word => "fine-tuned",
        _ => protocol,
    };

    /// <summary>71.2 % (69.6 – 72.8), or with the spread over draws 71.2 ± 0.8 % (69.6 – 72.8).</summary>
    public static string Cell(EvaluationResult r) =>
        $"{100 * r.Value:0.0}{(r.Spread is { } spread ? $" ± {100 * spread:0.0}" : "")} % ({100 * r.Low:0.0} – {100 * r.High:0.0})";
}
