using Spectre.Console;
using Tacit.Evaluation;

namespace Tacit.Cli;

/// <summary>What was found for one query.</summary>
internal static class NeighboursTable
{
    public static void Show(QueryReport report, Search search, Screen screen)
    {
        bool labelled = report.Results.Any(r => r.Label is not null);
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("").RightAligned()).AddColumn("item");
        if (labelled)
        {
            table.AddColumn("class");
        }

        table.AddColumn(new TableColumn("distance").RightAligned()).AddColumn(new TableColumn("similarity").RightAligned());
        for (int i = 0; i < report.Results.Count; i++)
        {
            Neighbour found = report.Results[i];
            table.AddRow([
                new Text($"{i + 1}"), new Text(found.Item), .. labelled ? [new Text(found.Label ?? "–")] : Array.Empty<Text>(),
                new Text($"{found.Distance:0.0000}"), new Text($"{found.Similarity:0.0000}"),
            ]);
        }

        screen.Line();
        screen.Line($"{report.Query}: the nearest of {search.Items.Count:N0} by {search.Encoder}");
        screen.Render(table);
    }
}
