using System.CommandLine;
using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Models;
using Tacit.Training;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit neighbours RUN --data PATH --query FILE</c>: the items nearest to a picture or recording by the cosine of the encoder's features.</summary>
internal sealed class NeighboursCommand
{
    private const int DefaultTop = 10;
    private const int ShownQueries = 10;

    private readonly Argument<string> run = new("RUN") { Description = "A run's directory, an encoder.safetensors, a folder as Hugging Face publishes it, raw, or random:BACKBONE" };
    private readonly Option<string?> data = Options.Text("--data", "PATH", "What is searched: pictures or recordings, or their features as 'tacit embed' wrote them", required: true);
    private readonly Option<string?> query = Options.Text("--query", "FILE", "A picture or recording, a folder of them, or the name of an item of the data", required: true);
    private readonly Option<int?> top = Options.Whole("--top", "K", $"How many of the nearest (default: {DefaultTop})", 1, 10_000);
    private readonly Option<string?> layer = Options.Features();
    private readonly Option<string?> sheet = Options.Text("--sheet", "FILE", "Of pictures, also draw queries and what was found to a .png file, a row a query");
    private readonly Option<bool> padding = Options.PublishedPadding();
    private readonly Screen screen;
    private readonly CancellationToken stop;

    private NeighboursCommand(Screen screen, CancellationToken stop) => (this.screen, this.stop) = (screen, stop);

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var neighbours = new NeighboursCommand(screen, stop);
        var command = new Command("neighbours", "Find the items nearest to a picture or recording")
        {
            neighbours.run, neighbours.data, neighbours.query, neighbours.top, neighbours.layer, neighbours.sheet, neighbours.padding,
        };
        command.SetAction(neighbours.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(data)!;
        string? picture = parsed.GetValue(sheet);
        if (picture is not null && !string.Equals(Path.GetExtension(picture), ".png", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"--sheet {picture}: the name must end in .png.");
        }

        string features = parsed.GetValue(layer) ?? Backbone.Last;
        if (features == Encoder.Weighted)
        {
            throw new ConfigurationException("--features weighted: the weights are learned by eval's linear probe; choose a layer.");
        }

        var pace = new Pace(screen.Interactive);
        void Tell(int done, int of)
        {
            if (pace.IsDue)
            {
                screen.Progress($"embedded {done:N0} of {of:N0}");
            }
        }

        using var search = Search.Open(
            looked => Encoder.Open(parsed.GetRequiredValue(run), Inputs.Default(looked), publishedPadding: parsed.GetValue(padding)).At(features),
            path, parsed.GetRequiredValue(query)!, Tell, stop);
        if (search.Difference is { } differs)
        {
            screen.Warn(differs);
        }

        int asked = parsed.GetValue(top) ?? DefaultTop, most = search.Others;
        if (parsed.GetValue(top) is not null && asked > most)
        {
            screen.Warn($"--top {asked:N0}: there are {most:N0} items to be found, and all of them are given.");
        }

        IReadOnlyList<Found> found = search.Find(Math.Min(asked, most));
        foreach (Dataset seen in new[] { search.Items.Data, search.Queries.Data }.OfType<Dataset>().Distinct())
        {
            BrokenFiles.Tell(seen, screen);
        }

        if (picture is not null)
        {
            NeighboursSheet.Write(picture, search, found);
        }

        QueryReport[] reports = [.. found.Select(f => new QueryReport(
            search.Queries.Names[f.Query],
            [.. f.Rows.Select((row, i) => new Neighbour(search.Items.Names[row], search.Items.Labels?[row], 1 - (double)f.Similarities[i], f.Similarities[i]))]))];
        (string? single, IReadOnlyList<Neighbour>? results) = search.IsSingle ? (reports[0].Query, reports[0].Results) : (null, null);
        screen.Result(
            new NeighboursReport(search.Encoder, path, search.Items.Count, picture, single, results, search.IsSingle ? null : reports),
            ResultJson.Default.NeighboursReport);
        foreach (QueryReport report in reports.Take(ShownQueries))
        {
            NeighboursTable.Show(report, search, screen);
        }

        if (reports.Length > ShownQueries)
        {
            screen.Paragraph($"{reports.Length - ShownQueries:N0} more queries were answered; --json gives them all.");
        }

        if (picture is not null)
        {
            screen.Paragraph($"Wrote {picture}: {found.Count:N0} rows, the query first.");
        }

        return ExitCode.Done;
    }
}
