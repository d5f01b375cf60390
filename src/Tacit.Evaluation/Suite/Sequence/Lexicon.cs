using System.IO.Compression;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>Words and their phones, from a pronouncing dictionary: a word and its phones a line, parted by spaces.</summary>
/// <remarks>
/// Marks of stress (<c>AH0</c>) are taken away. Of several pronunciations of a word, <c>word</c> and <c>word(2)</c>, the first one counts.
/// Lines that begin with <c>;;;</c> or <c>#</c> are comments. Case of words makes no difference. A word that is not there but is one that is with
/// the ending s or 's gets that ending's phone, which follows from the last one: IH Z after S, Z, SH, ZH, CH and JH, S after P, T, K, F and TH,
/// otherwise Z.
/// </remarks>
internal sealed class Lexicon
{
    private readonly Dictionary<string, int[]> words = new(StringComparer.OrdinalIgnoreCase);

    private Lexicon(IReadOnlyList<string> phones) => Phones = phones;

    /// <summary>The phones, in alphabetical order; the k-th is symbol k + 1.</summary>
    public IReadOnlyList<string> Phones { get; }

    /// <summary>Reads a dictionary, gzipped or not.</summary>
    /// <exception cref="TacitException">There is no word in it.</exception>
    public static Lexicon Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using Stream text = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(text);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return Of(lines, Path.GetFileName(path));
    }

    /// <summary>The same from lines.</summary>
    public static Lexicon Of(IEnumerable<string> lines, string name)
    {
        string[][] entries = [.. lines
            .Where(line => !line.StartsWith(";;;", StringComparison.Ordinal))
            .Select(line => (line.StartsWith('#') ? string.Empty : line.Split(" #")[0]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(parts => parts.Length > 1)];
        string[] phones = [.. entries.SelectMany(parts => parts.Skip(1)).Select(Plain).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (phones.Length == 0)
        {
            throw new TacitException($"There is no word in {name}: a lexicon has a word and its phones on each line, such as 'adapt AH D AE P T'.");
        }

        var numbers = phones.Select((phone, i) => (phone, i + 1)).ToDictionary(p => p.phone, p => p.Item2, StringComparer.Ordinal);
        var lexicon = new Lexicon(phones);
        foreach (string[] parts in entries)
        {
            int variant = parts[0].EndsWith(')') ? parts[0].LastIndexOf('(') : -1;
            lexicon.words.TryAdd(variant > 0 ? parts[0][..variant] : parts[0], [.. parts.Skip(1).Select(phone => numbers[Plain(phone)])]);
        }

        return lexicon;
    }

    /// <summary>The phones of a sentence's words one after the other, or null where a word is not in the lexicon.</summary>
    public int[]? Encode(string sentence)
    {
        var symbols = new List<int>();
        foreach (string word in sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Find(word) is not { } phones)
            {
                return null;
            }

            symbols.AddRange(phones);
        }

        return [.. symbols];
    }

    private int[]? Find(string word)
    {
        if (words.TryGetValue(word, out int[]? phones))
        {
            return phones;
        }

        string stem = word.EndsWith("'s", StringComparison.OrdinalIgnoreCase) ? word[..^2] : word.EndsWith('s') || word.EndsWith('S') ? word[..^1] : string.Empty;
        return words.TryGetValue(stem, out phones) && Ending(Phones[phones[^1] - 1]) is { } ending ? [.. phones, .. ending] : null;
    }

    /// <summary>The phones of the ending s; null in a lexicon without them.</summary>
    private int[]? Ending(string last)
    {
        string[] spoken = last switch
        {
            "S" or "Z" or "SH" or "ZH" or "CH" or "JH" => ["IH", "Z"],
            "P" or "T" or "K" or "F" or "TH" => ["S"],
            _ => ["Z"],
        };
        int[] symbols = [.. spoken.Select(phone => Phones.ToList().IndexOf(phone) + 1)];
        return symbols.Contains(0) ? null : symbols;
    }

    private static string Plain(string phone) => phone.TrimEnd('0', '1', '2');
}
