using Tacit.Data;
using Tacit.Data.Text;
using Tacit.Tensors;

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

    /// <summary>Whether a token is a word in small letters, with the space before it.</summary>
    public static bool IsWord(string token) => token.Length > 2 && token[0] == ' ' && token.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0;

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
                if (IsWord(word) && !char.IsLetter(next[0]) && next[0] != '\'')
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

    /// <summary>Lines of what was put aside, every other one with its words shuffled: half to learn from, half to ask about.</summary>
    public (TextDataset Known, TextDataset Asked) Orders()
    {
        string[][] lines = [.. HeldOut.ToLowerInvariant().Split('\n').Where(line => !line.EndsWith(':')).Select(Words).Where(words => words.Length is >= 6 and <= 12)];
        int[] order = Philox.Permutation(lines.Length, 0, Philox.Hash("lines"), 0);
        TextDataset Part(int from, int to) => TextDataset.Of(
            "lines", [.. Enumerable.Range(from, to - from).Select(i => i % 2 == 0 ? string.Join(' ', lines[order[i]]) : Shuffled(lines[order[i]], i))],
            [.. Enumerable.Range(from, to - from).Select(i => i % 2)], ["written", "shuffled"]);
        return (Part(0, lines.Length / 2), Part(lines.Length / 2, lines.Length));

        // Without capitals and signs, which would give the order away.
        static string[] Words(string line) => [.. line.Split(' ').Select(word => word.Trim(',', '.', ';', ':', '!', '?', '-')).Where(word => word.Length > 0)];
        static string Shuffled(string[] words, int i) => string.Join(' ', Philox.Permutation(words.Length, 0, Philox.Hash("shuffle"), i).Select(w => words[w]));
    }
}
