using System.CommandLine;
using Spectre.Console;
using Tacit.Data;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit data info PATH</c>: what Tacit sees there.</summary>
internal static class DataCommand
{
    private const int ManyPictures = 5000;
    private const int ShownClasses = 20;
    private const int ShownBroken = 10;

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var path = new Argument<string>("PATH") { Description = "Folder, .tar, manifest, IDX or CIFAR-10 file" };
        var info = new Command("info", "Items, classes, sizes and broken files: what Tacit sees at a path") { path };
        info.SetAction(parsed => Run(screen, parsed.GetRequiredValue(path), stop));
        return new Command("data", "Look at data") { info };
    }

    private static int Run(Screen screen, string path, CancellationToken stop)
    {
        using PictureDataset data = PictureDataset.Open(path);
        if (data.Count >= ManyPictures)
        {
            screen.Line($"Decoding {data.Count:N0} pictures …");
        }

        PictureSummary seen = data.Inspect();
        stop.ThrowIfCancellationRequested();
        screen.Result(
            new DataReport(
                seen.Path, seen.Form, seen.Items, [.. seen.Classes.Select(c => new ClassCount(c.Name, c.Count))], seen.Unlabelled, seen.Widths, seen.Heights,
                [.. seen.Formats.Select(f => new FormatCount(f.Format, f.Count))], seen.Grey, seen.Bytes, seen.Ignored, seen.Broken, seen.Warnings),
            ResultJson.Default.DataReport);
        if (!screen.Json)
        {
            Show(seen, screen);
        }

        return ExitCode.Done;
    }

    private static void Show(PictureSummary seen, Screen screen)
    {
        screen.Line($"{seen.Path}: {seen.Form}");
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        void Fact(string name, string value) => facts.AddRow(new Text(name), new Text(value));

        string grey = seen.Grey == 0 ? "" : seen.Grey == seen.Items ? ", all grey" : $", {seen.Grey:N0} of them grey";
        Fact("pictures", $"{seen.Items:N0}{grey} ({seen.Bytes / 1e6:N1} MB)");
        Fact("kinds", string.Join(", ", seen.Formats.Select(f => $"{f.Format} {f.Count:N0}")));
        Fact("size", Size(seen));
        Fact("labels", seen.Classes.Count == 0 ? "none (none are needed to pre-train)"
            : $"{seen.Classes.Count} classes{(seen.Unlabelled > 0 ? $", {seen.Unlabelled:N0} pictures without one" : "")}");
        if (seen.Ignored > 0)
        {
            Fact("ignored", $"{seen.Ignored:N0} files that are not pictures");
        }

        Fact("broken", $"{seen.Broken.Count:N0}");
        screen.Render(facts);
        if (seen.Classes.Count > 0)
        {
            screen.Render(Classes(seen));
        }

        foreach (BrokenItem broken in seen.Broken.Take(ShownBroken))
        {
            screen.Warn($"{broken.Name}: {broken.Reason}");
        }

        if (seen.Broken.Count > ShownBroken)
        {
            screen.Warn($"… and {seen.Broken.Count - ShownBroken:N0} more broken files; --json lists all.");
        }

        foreach (string warning in seen.Warnings)
        {
            screen.Warn(warning);
        }
    }

    private static string Size(PictureSummary seen) =>
        seen.DifferentSizes == 1
            ? $"{seen.Widths.Min} × {seen.Heights.Min} pixels"
            : $"{seen.Widths.Min} × {seen.Heights.Min} to {seen.Widths.Max} × {seen.Heights.Max} pixels, {seen.DifferentSizes:N0} different; typical {seen.Widths.Median} × {seen.Heights.Median}";

    private static Table Classes(PictureSummary seen)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("class").AddColumn(new TableColumn("pictures").RightAligned());
        foreach ((string name, int count) in seen.Classes.Take(ShownClasses))
        {
            table.AddRow(new Text(name), new Text($"{count:N0}"));
        }

        if (seen.Classes.Count > ShownClasses)
        {
            table.AddRow(new Text($"… and {seen.Classes.Count - ShownClasses} more"), new Text($"{seen.Classes.Skip(ShownClasses).Sum(c => c.Count):N0}"));
        }

        return table;
    }
}
