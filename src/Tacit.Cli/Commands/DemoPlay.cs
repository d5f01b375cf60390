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

    private static readonly HashSet<string> BeforeNouns = ["the", "a", "an", "my", "thy", "his", "her", "our", "your", "their", "this"];

    private static readonly HashSet<string> BeforeVerbs = ["i", "thou", "you", "we", "they", "he", "she", "who", "will", "shall", "would", "must", "can", "not"];

    /// <summary>What may be missing.</summary>
    public static IReadOnlyList<string> KindNames { get; } = ["noun", "verb"];

    /// <summary>Cuts a file whose speeches stand between empty lines.</summary>
    public static DemoPlay Read(string path)
    {
        string[] speeches = File.ReadAllText(path).Trim().Split("\n\n");
        string Part(bool held) => string.Join("\n\n", speeches.Where((_, i) => i / Scene % 10 == 9 == held)) + "\n";
        return new DemoPlay(Part(false), Part(true));
    }

    /// <summary>Whether a token is a word in small letters, with the space before it.</summary>
    public static bool IsWord(string token) => token.Length > 2 && token[0] == ' ' && token.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0;

    /// <summary>Words of a text that are one token, each hidden in its speech.</summary>
    public static IReadOnlyList<Blank> Blanks(string text, BytePairTokenizer tokenizer, int length)
    {
        var blanks = new List<Blank>();
        foreach (string speech in text.Split("\n\n"))
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

    /// <summary>Gaps where a noun or a verb is missing, of the words that the text itself shows to be one or the other.</summary>
    /// <remarks>
    /// A noun mostly follows "the", "my" …, a verb "I", "shall" …: four times as often as the other way. Every other word is for learning,
    /// in what is learned from, and the others are for asking, in what was put aside; as many of either kind.
    /// </remarks>
    public (List<(Blank Blank, int Kind)> Known, List<(Blank Blank, int Kind)> Asked) Kinds(BytePairTokenizer tokenizer, int length)
    {
        string[] words = Train.Split([' ', '\n', ',', '.', ';', ':', '!', '?', '-'], StringSplitOptions.RemoveEmptyEntries);
        var follows = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach ((string before, string word) in words.Zip(words.Skip(1)))
        {
            string led = before.ToLowerInvariant();
            int kind = BeforeNouns.Contains(led) ? 0 : BeforeVerbs.Contains(led) ? 1 : -1;
            if (kind >= 0 && !BeforeNouns.Contains(word) && !BeforeVerbs.Contains(word))
            {
                (follows.TryGetValue(word, out int[]? counts) ? counts : follows[word] = new int[2])[kind]++;
            }
        }

        string[][] kinds = [.. Enumerable.Range(0, 2).Select(kind => follows.Where(f => f.Value[kind] >= 6 && f.Value[kind] >= 4 * f.Value[1 - kind])
            .Select(f => f.Key).Order(StringComparer.Ordinal).ToArray())];
        List<(Blank, int)> Part(string text, int rest)
        {
            List<Blank> blanks = [.. Blanks(text, tokenizer, length)];
            List<(Blank, int)>[] each = [.. Enumerable.Range(0, 2).Select(kind =>
            {
                HashSet<string> chosen = [.. kinds[kind].Where((_, i) => i % 2 == rest)];
                return blanks.Where(b => chosen.Contains(tokenizer.Text([b.Token])[1..])).Select(b => (b, kind)).ToList();
            })];
            int most = each.Min(e => e.Count);
            return [.. each.SelectMany(e => Enumerable.Range(0, most).Select(i => e[(int)((long)i * e.Count / most)]))];
        }

        return (Part(Train, 0), Part(HeldOut, 1));
    }
}
