using Tacit.Data;
using Tacit.Data.Text;

namespace Tacit.Cli.Commands;

/// <summary>One word of a text that is hidden.</summary>
/// <param name="Tokens">The speech, or as much of it around the word as a model takes.</param>
/// <param name="Place">Of the word in it.</param>
/// <param name="Line">The verse with a gap.</param>
internal sealed record Blank(int[] Tokens, int Place, string Line)
{
    public int Token => Tokens[Place];
}

/// <summary>The demo's text: speeches with their speakers, most to learn from and every tenth scene put aside.</summary>
/// <param name="Train">What is learned from.</param>
/// <param name="HeldOut">What is put aside.</param>
internal sealed record DemoPlay(string Train, string HeldOut)
{
    private const int Scene = 20;       // speeches

    /// <summary>Cuts a file whose speeches stand between empty lines.</summary>
    public static DemoPlay Read(string path)
    {
        string[] speeches = File.ReadAllText(path).Trim().Split("\n\n");
        string Part(bool held) => string.Join("\n\n", speeches.Where((_, i) => i / Scene % 10 == 9 == held)) + "\n";
        return new DemoPlay(Part(false), Part(true));
    }

    /// <summary>Words of what was put aside that are one token, each hidden in its speech.</summary>
    public IReadOnlyList<Blank> Blanks(BytePairTokenizer tokenizer, int length)
    {
        var blanks = new List<Blank>();
        foreach (string speech in HeldOut.Split("\n\n"))
        {
            int[] tokens = tokenizer.Encode(speech);
            for (int place = 2; place + 1 < tokens.Length; place++)
            {
                string word = tokenizer.Text([tokens[place]]), next = tokenizer.Text([tokens[place + 1]]);
                if (word.Length > 2 && word[0] == ' ' && word.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0 && !char.IsLetter(next[0]) && next[0] != '\'')
                {
                    int start = Math.Clamp(place - (length / 2), 0, Math.Max(0, tokens.Length - length));
                    int[] shown = tokens[start..Math.Min(tokens.Length, start + length)];
                    string before = tokenizer.Text(tokens.AsSpan(0, place)), after = tokenizer.Text(tokens.AsSpan(place + 1));
                    blanks.Add(new Blank(shown, place - start, $"{before[(before.LastIndexOf('\n') + 1)..]} ____{after.Split('\n')[0]}"));
                }
            }
        }

        return blanks;
    }

    /// <summary>The speeches of the three who speak most, without their names: every other one to learn from, the others to ask about.</summary>
    public (TextDataset Known, TextDataset Asked) Speakers()
    {
        var speeches = $"{Train.TrimEnd()}\n\n{HeldOut}".Split("\n\n")
            .Select(s => s.Split(":\n", 2)).Where(s => s.Length == 2).Select(s => (Who: s[0], What: s[1].Trim())).Where(s => s.What.Length > 40).ToList();
        string[] names = [.. speeches.GroupBy(s => s.Who).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(3).Select(g => g.Key).Order(StringComparer.Ordinal)];
        var theirs = speeches.Where(s => names.Contains(s.Who)).ToList();
        TextDataset Part(int rest)
        {
            var part = theirs.Where((_, i) => i % 2 == rest).ToList();
            return TextDataset.Of("speeches", [.. part.Select(s => s.What)], [.. part.Select(s => Array.IndexOf(names, s.Who))], names);
        }

        return (Part(0), Part(1));
    }
}
