using System.Globalization;
using System.Text;
using Tacit.Tensors;

namespace Tacit.Quality;

/// <summary>docs/results-images.md, written from the rows alone.</summary>
internal static class PicturePage
{
    private const string Introduction = """
        # Every image method on CIFAR-10

        Each method was trained by its quick recipe (`recipes/METHOD-cifar10-quick.yaml`, about three minutes on two cores unless the
        table says otherwise) on the 50,000 training pictures without their labels, then frozen and judged on the 10,000 test
        pictures: kNN (k = 200, T = 0.1) and a linear probe (L-BFGS, its strength chosen on held-out training pictures), with 95 %
        bootstrap intervals over the test pictures. The test pictures chose nothing. Recipes are short: the figures say what a
        method learns in minutes, not what it is capable of; published figures come from hundreds of epochs.

        Generative and predictive methods and data2vec are judged at the layer whose probe is best on held-out *training* pictures; *layer* names
        it, and the untrained encoders' layers are chosen alike. *Beats* says whether kNN or linear lies above the same encoder
        untrained by more than both intervals. RankMe is the effective rank of the test pictures' features, of their width. *Pictures
        a second* is measured by itself on a quiet machine, at each side of the recipe's views.

            bench/quality/run           # trains and judges what is missing; can be stopped and goes on where it was
            bench/quality/run --speed


        """;

    public static void Write(string path)
    {
        PictureRow[] rows = [.. Rows.Pictures.Finished(RowJson.Default.PictureRow)];
        Dictionary<string, Speed> speeds = Rows.Pictures.All("speed-", RowJson.Default.Speed).ToDictionary(s => s.Method, StringComparer.Ordinal);
        var page = new StringBuilder(Introduction);
        Table(page, rows, speeds);
        Spread(page, rows);
        Collapses(page);
        AtomicFile.WriteText(Path.Combine(Rows.Root, path), page.ToString());
    }

    private static void Table(StringBuilder page, PictureRow[] rows, Dictionary<string, Speed> speeds)
    {
        page.Append("| method | encoder | layer | kNN | linear | beats | RankMe | steps | minutes | pictures a second | health |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (string family in Cells.Families)
        {
            PictureRow[] members = [.. rows.Where(r => r.Family == family && r.Seed == 0).OrderBy(r => Cells.Place(r.Method)).ThenBy(r => r.Name, StringComparer.Ordinal)];
            if (members.Length > 0 && family is not ("baseline" or "reference"))
            {
                page.Append(CultureInfo.InvariantCulture, $"| **{family}** | | | | | | | | | | |\n");
            }

            foreach (PictureRow row in members)
            {
                bool trained = row.Steps > 0;
                page.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Encoder}, {row.Side} px | {row.Layer ?? ""} | {Cells.Shown(row.Knn)} | {Cells.Shown(row.Linear)} | ")
                    .Append(trained ? Beats(row, rows) : "").Append(" | ")
                    .Append(row.RankMe > 0 ? string.Create(CultureInfo.InvariantCulture, $"{row.RankMe:0.0} of {row.Width}") : "").Append(" | ")
                    .Append(trained ? row.Steps.ToString("N0", CultureInfo.InvariantCulture) : "").Append(" | ")
                    .Append(trained ? (row.Seconds / 60).ToString("0.0", CultureInfo.InvariantCulture) : "").Append(" | ")
                    .Append(trained && speeds.TryGetValue(row.Method, out Speed? speed) ? string.Join(", ", speed.PicturesPerSecond.Select(s => $"{s.Value:N0} at {s.Key} px")) : "").Append(" | ")
                    .Append(row.Health ?? "").Append(" |\n");
            }
        }

        page.Append('\n');
    }

    /// <summary>The spread over seeds of the methods that were trained with several.</summary>
    private static void Spread(StringBuilder page, PictureRow[] rows)
    {
        IGrouping<string, PictureRow>[] groups = [.. rows.Where(r => r.Steps > 0).GroupBy(r => r.Method).Where(g => g.Count() > 1)];
        if (groups.Length == 0)
        {
            return;
        }

        page.Append("## Over seeds\n\n| method | seeds | kNN | linear |\n|---|---|---|---|\n");
        foreach (IGrouping<string, PictureRow> group in groups)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {group.Key} | {group.Count()} | {Values(group, r => r.Knn.Value)} | {Values(group, r => r.Linear.Value)} |\n");
        }

        page.Append('\n');
    }

    private static void Collapses(StringBuilder page)
    {
        IReadOnlyList<Collapse> runs = Rows.Pictures.All("collapse-", RowJson.Default.Collapse);
        if (runs.Count == 0)
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture, $"""
            ## What keeps the two branches apart
            The first {CollapseCase.Steps} steps of a quick recipe, whole and with one safeguard taken away (`bench/quality/run --collapse`). The
            alarm is the one that `tacit pretrain` gives; `monitor.stop-on-collapse=true` would end the run there.

            | run | taken away | alarm | embedding deviation | embedding rank |
            |---|---|---|---|---|

            """);
        foreach (Collapse run in CollapseCase.All.Select(c => runs.FirstOrDefault(r => r.Name == c.Name)).OfType<Collapse>())
        {
            string alarm = run.AlarmStep is { } step ? $"step {step}: {run.Reason}" : $"none in {run.Steps} steps";
            page.Append(CultureInfo.InvariantCulture, $"| {run.Name} | {(run.Settings.Length == 0 ? "nothing" : $"`{string.Join(' ', run.Settings)}`")} | {alarm} | {run.EmbeddingDeviation:0.000} | {run.EmbeddingRank:0.0} |\n");
        }

        page.Append('\n');
    }

    private static string Beats(PictureRow row, PictureRow[] rows)
    {
        PictureRow? untrained = rows.FirstOrDefault(r => r.Family == "baseline" && r.Encoder == row.Encoder && r.Side == row.Side);
        return untrained is null ? "?" : (row.Knn.Low > untrained.Knn.High, row.Linear.Low > untrained.Linear.High) switch
        {
            (true, true) => "both",
            (true, false) => "kNN",
            (false, true) => "linear",
            _ => "**no**",
        };
    }

    private static string Values(IEnumerable<PictureRow> rows, Func<PictureRow, double> value)
    {
        double[] values = [.. rows.OrderBy(r => r.Seed).Select(r => 100 * value(r))];
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", values.Select(v => v.ToString("0.0", CultureInfo.InvariantCulture)))} (spread {values.Max() - values.Min():0.0})");
    }
}
