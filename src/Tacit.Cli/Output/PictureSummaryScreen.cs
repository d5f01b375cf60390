using Spectre.Console;
using Tacit.Data;

namespace Tacit.Cli;

/// <summary>What <c>data info</c> says about pictures.</summary>
internal static class PictureSummaryScreen
{
    private const int ShownClasses = 20;

    public static DataReport Report(PictureSummary seen) => new(
        seen.Path, seen.Form, seen.Items, [.. seen.Classes.Select(c => new ClassCount(c.Name, c.Count))], seen.Unlabelled, seen.Widths, seen.Heights,
        [.. seen.Formats.Select(f => new FormatCount(f.Format, f.Count))], seen.Grey, seen.Bytes, seen.Ignored, seen.Broken, seen.Warnings);

    public static void Show(PictureSummary seen, Screen screen)
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
