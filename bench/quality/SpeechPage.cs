using System.Globalization;
using System.Text;
using Tacit.Tensors;

namespace Tacit.Quality;

/// <summary>docs/results-speech.md, written from the rows alone.</summary>
internal static class SpeechPage
{
    private const string Introduction = """
        # Every speech method on LibriSpeech

        Each method was trained by its quick recipe (`recipes/METHOD-librispeech-quick.yaml`, three to five minutes on two cores unless
        the table says otherwise) on 33 minutes of LibriSpeech by 20 speakers, without transcripts. Then the encoder was frozen, its
        states averaged over time, and judged on recordings it never heard:

        - **words**: Speech Commands, 12 classes (ten words, unknown, silence), 982 training and 458 test recordings by other speakers;
        - **digits**: Free Spoken Digit, which of ten digits is said, 1,500 training and 300 test recordings, 8 kHz read at 16;
        - **speakers**: the same recordings, which of six speakers says it.

        Accuracies are those of a linear probe (L-BFGS, its strength chosen on held-out training recordings) and, further down, of
        nearest neighbours, with 95 % bootstrap intervals over the test recordings. Each task takes the layer whose probe is best on
        held-out *training* recordings (of other speakers where the test's are others); it is named behind the figure, and the untrained
        encoders' layers are chosen alike. The test recordings chose nothing. *Beats* lists the tasks where the method lies above the same
        encoder untrained, compared recording by recording: the 95 % bootstrap interval of the difference lies above 0, or, in
        parentheses, the difference is smaller than that. *fbank* is the mean over time of 80 FBANK bins, with the very head the encoders
        get; *fbank-mean-deviation* has their standard deviations over time beside them. *Seconds of sound a second* is measured by itself
        on a quiet machine; a crop counts once however many views are made of it. Recipes are short: the figures say what a method learns
        in minutes from half an hour, not what it is capable of.

        Methods that look at a second of sound as at a picture were trained with a narrow ResNet-18. AudioNTT, their default, tells more
        words untrained than the narrow network does after minutes, and minutes hardly add to it: SimCLR, COLA and DeLoRes-S in recipes of
        two to five minutes were once judged on these test recordings with it, at 70.3, 71.2 and 68.8 % of the words beside its untrained 70.1.

            bench/quality/run --speech           # trains and judges what is missing; can be stopped and goes on where it was
            bench/quality/run --speech --speed


        """;

    public static void Write(string path)
    {
        IReadOnlyList<SpeechRow> rows = Rows.Speech.Finished(RowJson.Default.SpeechRow);
        Dictionary<string, SpeechSpeed> speeds = Rows.Speech.All("speed-", RowJson.Default.SpeechSpeed).ToDictionary(s => s.Method, StringComparer.Ordinal);
        var page = new StringBuilder(Introduction);
        Best(page, rows);
        Summary(page, rows);
        Table(page, rows, ["steps", "minutes", "seconds of sound a second", "health"], task => task.Linear, row => row.Steps == 0 ? ["", "", "", ""] :
        [
            row.Steps.ToString("N0", CultureInfo.InvariantCulture),
            (row.Seconds / 60).ToString("0.0", CultureInfo.InvariantCulture),
            speeds.TryGetValue(row.Method, out SpeechSpeed? speed) ? speed.SoundPerSecond.ToString("N0", CultureInfo.InvariantCulture) : "",
            row.Health ?? "",
        ]);
        page.Append("## By nearest neighbours\n\nThe same features by kNN (cosine similarity, k half of a class's mean size, T = 0.1), and the effective rank (RankMe) of the words' test features, of their width.\n\n");
        Table(page, rows, ["RankMe"], task => task.Knn, row => row.Tasks.TryGetValue("words", out TaskScore? words) ? [string.Create(CultureInfo.InvariantCulture, $"{words.RankMe:0.0} of {words.Width}")] : [""]);
        AtomicFile.WriteText(Path.Combine(Rows.Root, path), page.ToString().TrimEnd('\n') + "\n");
    }

    /// <summary>Who tells words best, and how far above FBANK that is.</summary>
    private static void Best(StringBuilder page, IReadOnlyList<SpeechRow> rows)
    {
        if (rows.Where(r => r.Steps > 0).MaxBy(r => r.Tasks["words"].Linear.Value) is { } best && rows.FirstOrDefault(r => r.Name == SpeechBench.Fbank) is { } fbank)
        {
            double difference = 100 * (best.Tasks["words"].Linear.Value - fbank.Tasks["words"].Linear.Value);
            page.Append(CultureInfo.InvariantCulture, $"Best at words so far: {best.Name}, {Math.Abs(difference):0.0} points {(difference < 0 ? "below" : "above")} FBANK with the same head.\n\n");
        }
    }

    /// <summary>Which methods are beyond chance above the same encoder untrained on some task, and by what.</summary>
    private static void Summary(StringBuilder page, IReadOnlyList<SpeechRow> rows)
    {
        SpeechRow[] trained = [.. rows.Where(r => r.Steps > 0 && Untrained(r, rows) is not null)];
        SpeechRow[] byProbe = [.. trained.Where(r => Any(r, task => task.Linear))], byNeighbours = [.. trained.Except(byProbe).Where(r => Any(r, task => task.Knn))];
        SpeechRow[] neither = [.. trained.Except(byProbe).Except(byNeighbours)];
        page.Append(
            CultureInfo.InvariantCulture,
            $"Of {trained.Length} methods {byProbe.Length} beat the same encoder untrained on some task beyond chance by the probe, {byNeighbours.Length} more by nearest neighbours{Named(byNeighbours)}, {(neither.Length == 0 ? "none" : neither.Length)} by neither{Named(neither)}.\n\n");

        bool Any(SpeechRow row, Func<TaskScore, Score> score) => SpeechTask.Names.Any(task => Paired.Above(score(row.Tasks[task]), score(Untrained(row, rows)!.Tasks[task])));

        static string Named(SpeechRow[] some) => some.Length == 0 ? "" : $" ({string.Join(", ", some.Select(r => r.Name))})";
    }

    private static SpeechRow? Untrained(SpeechRow row, IReadOnlyList<SpeechRow> rows) => rows.FirstOrDefault(r => r.Family == "baseline" && r.Encoder == row.Encoder);

    private static void Table(StringBuilder page, IReadOnlyList<SpeechRow> rows, string[] columns, Func<TaskScore, Score> score, Func<SpeechRow, string[]> cells)
    {
        string[] head = ["method", "encoder", .. SpeechTask.Names, "beats", .. columns];
        Line(page, head);
        page.Append('|').Append(string.Concat(head.Select(_ => "---|"))).Append('\n');
        foreach (string family in Cells.Families)
        {
            SpeechRow[] members = [.. rows.Where(r => r.Family == family).OrderBy(r => Cells.Place(r.Method)).ThenBy(r => r.Name, StringComparer.Ordinal)];
            if (members.Length > 0 && family != "baseline")
            {
                Line(page, [$"**{family}**", .. head[1..].Select(_ => "")]);
            }

            foreach (SpeechRow row in members)
            {
                Line(page, [row.Name, row.Encoder, .. SpeechTask.Names.Select(task => row.Tasks.TryGetValue(task, out TaskScore? found) ? $"{Cells.Shown(score(found))} {found.Layer}".TrimEnd() : ""), Beats(row, rows, score), .. cells(row)]);
            }
        }

        page.Append('\n');
    }

    private static void Line(StringBuilder page, IEnumerable<string> cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Beats(SpeechRow row, IReadOnlyList<SpeechRow> rows, Func<TaskScore, Score> score)
    {
        if (row.Steps == 0)
        {
            return "";
        }

        if (Untrained(row, rows) is not { } untrained)
        {
            return "?";
        }

        string[] beaten = [.. SpeechTask.Names.Where(task => score(row.Tasks[task]).Value > score(untrained.Tasks[task]).Value)
            .Select(task => Paired.Above(score(row.Tasks[task]), score(untrained.Tasks[task])) ? task : $"({task})")];
        return beaten.Length == 0 ? "**none**" : string.Join(", ", beaten);
    }
}
