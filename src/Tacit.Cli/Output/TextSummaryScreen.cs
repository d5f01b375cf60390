using Spectre.Console;
using Tacit.Data;

namespace Tacit.Cli;

/// <summary>What <c>data info</c> says about texts.</summary>
internal static class TextSummaryScreen
{
    private const int ShownClasses = 20;

    public static TextReport Report(TextDataset texts)
    {
        long bytes = 0, words = 0;
        int read = 0;
        foreach (byte[] text in texts.Documents())
        {
            read++;
            bytes += text.Length;
            words += System.Text.Encoding.UTF8.GetString(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).LongLength;
        }

        ClassCount[] classes = [.. texts.Classes.Select((name, c) => new ClassCount(name, texts.Labels!.Count(l => l == c)))];
        return new("text", texts.Path, texts.Form, read, classes, texts.Labels?.Count(l => l < 0) ?? texts.Count, bytes, words, texts.Ignored, texts.Broken, texts.Warnings);
    }

    public static void Show(TextReport seen, Screen screen)
    {
        screen.Line($"{seen.Path}: {seen.Form}");
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        void Fact(string name, string value) => facts.AddRow(new Text(name), new Text(value));

        Fact("texts", $"{seen.Items:N0} ({seen.Bytes / 1e6:N2} MB)");
        Fact("words", $"{seen.Words:N0}");
        Fact("labels", seen.Classes.Count == 0 ? "none (none are needed to pre-train)"
            : $"{seen.Classes.Count} classes{(seen.Unlabelled > 0 ? $", {seen.Unlabelled:N0} texts without one" : "")}");
        if (seen.Ignored > 0)
        {
            Fact("ignored", seen.Ignored == 1 ? "1 file that is not text" : $"{seen.Ignored:N0} files that are not text");
        }

        Fact("broken", seen.Broken.Count == 0 ? "none" : $"{seen.Broken.Count:N0}, skipped");
        screen.Render(facts);
        if (seen.Classes.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumn("class").AddColumn(new TableColumn("texts").RightAligned());
            foreach (ClassCount each in seen.Classes.Take(ShownClasses))
            {
                table.AddRow(new Text(each.Name), new Text($"{each.Items:N0}"));
            }

            if (seen.Classes.Count > ShownClasses)
            {
                table.AddRow(new Text($"… and {seen.Classes.Count - ShownClasses} more"), new Text($"{seen.Classes.Skip(ShownClasses).Sum(c => c.Items):N0}"));
            }

            screen.Render(table);
        }
    }
}
