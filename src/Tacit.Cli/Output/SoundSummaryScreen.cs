using System.Globalization;
using Spectre.Console;
using Tacit.Data;

namespace Tacit.Cli;

/// <summary>What <c>data info</c> says about recordings.</summary>
internal static class SoundSummaryScreen
{
    private const int ShownClasses = 20;
    private const int ShownNames = 3;

    public static SoundReport Report(SoundSummary heard) => new(
        "speech", heard.Path, heard.Form, heard.Items, Math.Round(heard.Seconds, 3), heard.Lengths, heard.ReadRate,
        [.. heard.Formats.Select(f => new FormatCount(f.Format, f.Count))], [.. heard.Rates.Select(r => new ValueCount(r.Rate, r.Count))],
        [.. heard.Channels.Select(c => new ValueCount(c.Channels, c.Count))], [.. heard.Bits.Select(b => new ValueCount(b.Bits, b.Count))],
        [.. heard.Classes.Select(c => new ClassSeconds(c.Name, c.Count, Math.Round(c.Seconds, 3)))], heard.Unlabelled,
        [.. heard.Speakers.Select(s => new ClassCount(s.Name, s.Count))], heard.Transcripts, heard.Bytes, heard.Silent,
        [.. heard.Clipped.Select(c => new ClippedItem(c.Name, Math.Round(c.Share, 5)))], heard.TooShort, heard.Odd, heard.Ignored, heard.Broken, heard.Warnings);

    public static void Show(SoundSummary heard, Screen screen)
    {
        screen.Line($"{heard.Path}: {heard.Form}");
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        void Fact(string name, string value) => facts.AddRow(new Text(name), new Text(value));
        void Odd(string name, IReadOnlyList<string> which, string what)
        {
            if (which.Count > 0)
            {
                Fact(name, $"{which.Count:N0}, {what}: {string.Join(", ", which.Take(ShownNames))}{(which.Count > ShownNames ? " …" : "")}");
            }
        }

        Fact("recordings", $"{heard.Items:N0}, {Together(heard.Seconds)} ({heard.Bytes / 1e6:N1} MB)");
        Fact("length", heard.Lengths.Min == heard.Lengths.Max
            ? Seconds(heard.Lengths.Min) + " each"
            : $"{Seconds(heard.Lengths.Min)} to {Seconds(heard.Lengths.Max)}, typically {Seconds(heard.Lengths.Median)}");
        Stored(heard, Fact);
        Fact("speakers", heard.Speakers.Count == 0 ? "not known" : Speakers(heard));
        Fact("transcripts", heard.Transcripts == 0 ? "none" : heard.Transcripts == heard.Items ? "for all" : $"for {heard.Transcripts:N0} of {heard.Items:N0}");
        Fact("labels", heard.Classes.Count == 0 ? "none (none are needed to pre-train)"
            : $"{heard.Classes.Count} classes{(heard.Unlabelled > 0 ? $", {heard.Unlabelled:N0} recordings without one" : "")}");
        Odd("silent", heard.Silent, "below −60 dB");
        Odd("clipped", [.. heard.Clipped.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {100 * c.Share:0.#} %"))], "at full scale for over 0.1 %");
        Odd("too short", heard.TooShort, "under 25 ms, padded with zeros");
        Odd("damaged", [.. heard.Odd.Select(o => o.Name)], "what is there is used");
        if (heard.Ignored > 0)
        {
            Fact("ignored", heard.Ignored == 1 ? "1 file that is not a recording" : $"{heard.Ignored:N0} files that are not recordings");
        }

        Fact("broken", heard.Broken.Count == 0 ? "none" : $"{heard.Broken.Count:N0}, skipped");
        screen.Render(facts);
        if (heard.Classes.Count > 0)
        {
            screen.Render(Classes(heard));
        }

        foreach (BrokenItem odd in heard.Odd.Take(ShownNames))
        {
            screen.Warn($"{odd.Name}: {odd.Reason}");
        }
    }

    /// <summary>One line where all files are alike; otherwise how many there are of each kind, rate, channel count and size of sample.</summary>
    private static void Stored(SoundSummary heard, Action<string, string> fact)
    {
        string rates = heard.Rates.All(r => r.Rate == heard.ReadRate) ? "" : $" (read at {Kilohertz(heard.ReadRate)})";
        string channels = heard.Channels.All(c => c.Channels == 1) ? "" : " (mixed to mono)";
        (string Name, string Values, string Note)[] rows =
        [
            ("kinds", Counts(heard.Formats.Select(f => (f.Format == "ffmpeg" ? "through ffmpeg" : f.Format, f.Count)), heard.Items), ""),
            ("rates", Counts(heard.Rates.Select(r => (Kilohertz(r.Rate), r.Count)), heard.Items), rates),
            ("channels", Counts(heard.Channels.Select(c => (c.Channels switch { 1 => "mono", 2 => "stereo", var n => $"{n} channels" }, c.Count)), heard.Items), channels),
            ("samples", Counts(heard.Bits.Select(b => ($"{b.Bits} bits", b.Count)), heard.Items), ""),
        ];
        if (heard.Formats.Count == 1 && heard.Rates.Count == 1 && heard.Channels.Count == 1 && heard.Bits.Count == 1)
        {
            fact("stored as", string.Join(", ", rows.Select(r => r.Values + r.Note)));
            return;
        }

        foreach ((string name, string values, string note) in rows)
        {
            fact(name, values + note);
        }
    }

    /// <summary>"FLAC", or "16 kHz: 8, 44.1 kHz: 1" where there are several.</summary>
    private static string Counts(IEnumerable<(string Name, int Count)> counts, int all) =>
        string.Join(", ", counts.Select(c => c.Count == all ? c.Name : $"{c.Name}: {c.Count:N0}"));

    private static string Speakers(SoundSummary heard)
    {
        int[] each = [.. heard.Speakers.Select(s => s.Count).Order()];
        string spread = each[0] == each[^1] ? $"{each[0]:N0} recordings each" : $"{each[0]:N0} to {each[^1]:N0} recordings each";
        return $"{heard.Speakers.Count:N0}, {spread}";
    }

    private static string Together(double seconds) => seconds switch
    {
        < 120 => $"{seconds:0.0} seconds",
        < 7200 => $"{seconds / 60:0.0} minutes",
        _ => $"{seconds / 3600:N1} hours",
    };

    private static string Seconds(double seconds) => seconds switch
    {
        < 0.1 => $"{1000 * seconds:0.#} ms",
        < 10 => $"{seconds:0.00} s",
        < 120 => $"{seconds:0.0} s",
        _ => $"{seconds / 60:0.0} min",
    };

    private static string Kilohertz(int rate) => $"{rate / 1000.0:0.###} kHz";

    private static Table Classes(SoundSummary heard)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("class")
            .AddColumn(new TableColumn("recordings").RightAligned()).AddColumn(new TableColumn("minutes").RightAligned());
        void Row(string name, int count, double seconds) => table.AddRow(new Text(name), new Text($"{count:N0}"), new Text($"{seconds / 60:N1}"));
        foreach ((string name, int count, double seconds) in heard.Classes.Take(ShownClasses))
        {
            Row(name, count, seconds);
        }

        if (heard.Classes.Count > ShownClasses)
        {
            Row($"… and {heard.Classes.Count - ShownClasses} more", heard.Classes.Skip(ShownClasses).Sum(c => c.Count), heard.Classes.Skip(ShownClasses).Sum(c => c.Seconds));
        }

        return table;
    }
}
