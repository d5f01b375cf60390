namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>The letters that English transcripts are written in: blank 0, space 1, apostrophe 2, A to Z from 3.</summary>
internal static class LetterAlphabet
{
    private const string Characters = " 'ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>What each symbol spells; the blank nothing.</summary>
    public static IReadOnlyList<string> Symbols { get; } = [string.Empty, .. Characters.Select(c => c.ToString())];

    /// <summary>Symbols of a text, case being no difference and white space counting once; null where a character is none of them.</summary>
    public static int[]? Encode(string text)
    {
        string plain = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();
        int[] symbols = [.. plain.Select(c => Characters.IndexOf(c) + 1)];
        return symbols.Contains(0) ? null : symbols;
    }

    /// <summary>The text that symbols spell.</summary>
    public static string Decode(IEnumerable<int> symbols) => string.Concat(symbols.Select(s => Symbols[s]));
}
