using System.Text.RegularExpressions;

namespace Tacit.EndToEnd;

/// <summary>A command that stands in a block of a page, and how a test makes it small.</summary>
/// <param name="Page">The page's path within the repository.</param>
/// <param name="Line">Where it stands, from 1.</param>
/// <param name="Text">As written, without what follows <c>#</c>.</param>
internal sealed partial record DocsCommand(string Page, int Line, string Text)
{
    private static readonly string[] Lengths = ["--minutes", "--epochs", "--steps"];

    /// <summary>The words behind <c>tacit</c>.</summary>
    public string[] Words => Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];

    /// <summary>
    /// The same command for tiny data: given twice, an option's last value counts. Pre-training takes two steps of eight items and looks at the
    /// representation at its ends alone; heads and fine-tuning take two steps, labels are drawn once, one learning rate is tried. One thread, since
    /// waiting for others costs more than so little work.
    /// </summary>
    public string[] Small => [.. Words[0] == "pretrain" ? WithoutLength : Words, .. Smaller, "--threads", "1"];

    /// <summary>Directories of runs that it writes.</summary>
    public IEnumerable<string> Made => Words is ["pretrain", ..] or ["eval", ..] ? Runs.Where(run => After("--out") == run) : [];

    /// <summary>Directories of runs that must be there.</summary>
    public IEnumerable<string> Needed => Runs.Except(Made);

    private string[] Smaller => Words[0] switch
    {
        "pretrain" => ["--steps", "2", "--batch-size", "8", "--set", "monitor.every=0"],
        "superb" => ["--set", "train.steps=2", "--set", "search.rates=0.01", "--cache", "cache"],
        "eval" => [.. Learns ? ["--set", "steps=2", "--set", "batch-size=4"] : Array.Empty<string>(), .. Words.Contains("--labels") ? ["--draws", "1"] : Array.Empty<string>()],
        _ => [],
    };

    private bool Learns => After("--protocol") == "finetune" || After("--task") == "ctc";

    private IEnumerable<string> Runs => Words.Where(word => RunName().IsMatch(word));

    /// <summary>The commands of a page in order: lines of indented and fenced blocks that begin with <c>tacit</c>.</summary>
    public static IEnumerable<DocsCommand> Of(string root, string page)
    {
        bool fenced = false;
        foreach ((int number, string line) in File.ReadLines(Path.Combine(root, page)).Index())
        {
            fenced ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if ((fenced || line.StartsWith("    ", StringComparison.Ordinal)) && line.TrimStart().StartsWith("tacit ", StringComparison.Ordinal))
            {
                yield return new DocsCommand(page, number + 1, Comment().Replace(line.Trim(), ""));
            }
        }
    }

    private string? After(string option) => Words.SkipWhile(word => word != option).Skip(1).FirstOrDefault();

    private IEnumerable<string> WithoutLength => Words.Where((word, i) => !Lengths.Contains(word) && (i == 0 || !Lengths.Contains(Words[i - 1])));

    [GeneratedRegex(@"\s+#\s.*$", RegexOptions.None, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("^runs/[a-z0-9-]+$", RegexOptions.None, 1000)]
    private static partial Regex RunName();
}
