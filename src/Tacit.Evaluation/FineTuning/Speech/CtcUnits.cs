using System.Globalization;
using System.Text;
using Tacit.Evaluation.Suite.Sequence;
using Tacit.Methods;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>What CTC's symbols stand for, besides the blank, which is symbol 0.</summary>
internal abstract class CtcUnits
{
    public const string LettersWord = "letters", PhonesWord = "phones";

    /// <summary><c>letters</c> or <c>phones</c>.</summary>
    public abstract string Word { get; }

    /// <summary>The symbols as a published vocabulary names them: <c>&lt;pad&gt;</c>, the blank, first.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Why a transcript cannot be written in these units, as a sentence goes on.</summary>
    public abstract string Unwritable { get; }

    /// <summary>A transcript's symbols, which may be none; null where it cannot be written.</summary>
    /// <param name="text">What is said.</param>
    /// <param name="dropped">Characters that have no symbol and were left out.</param>
    public abstract int[]? Encode(string text, out int dropped);

    /// <summary>The units that <c>--units</c> and <c>--lexicon</c> ask for.</summary>
    /// <exception cref="ConfigurationException">Phones without a lexicon, or letters with one.</exception>
    public static CtcUnits Of(string units, string? lexicon) => (units, lexicon) switch
    {
        (PhonesWord, null) => throw new ConfigurationException("--units phones needs --lexicon FILE: a word and its phones a line, such as CMUdict's, gzipped or not."),
        (PhonesWord, _) => new PhoneUnits(ReadLexicon(lexicon)),
        (_, null) => new LetterUnits(),
        _ => throw new ConfigurationException("--lexicon: letters need no lexicon; add --units phones."),
    };

    private static Lexicon ReadLexicon(string path)
    {
        try
        {
            return Lexicon.Read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TacitException($"The lexicon '{path}' cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
    }
}

/// <summary>
/// English letters as published wav2vec 2.0 models write them: capitals, <c>'</c>, and <c>|</c> between words. Accents are taken off letters,
/// dashes and slashes part words, curled apostrophes are straightened; every other character is dropped and counted.
/// </summary>
internal sealed class LetterUnits : CtcUnits
{
    private const string Accented = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŠŽ", Bare = "AAAAAACEEEEIIIINOOOOOOUUUUYYSZ";

    public override string Word => LettersWord;

    public override IReadOnlyList<string> Names { get; } = ["<pad>", "|", .. LetterAlphabet.Symbols.Skip(2)];

    public override string Unwritable => "no character of the alphabet";

    public override int[]? Encode(string text, out int dropped) => LetterAlphabet.Encode(Plain(text, out dropped)) is { Length: > 0 } symbols ? symbols : null;

    /// <summary>A text in the alphabet, words parted by one space.</summary>
    internal static string Plain(string text, out int dropped)
    {
        var plain = new StringBuilder(text.Length);
        dropped = 0;
        foreach (char given in text.ToUpperInvariant())
        {
            int accented = Accented.IndexOf(given);
            char c = accented < 0 ? given : Bare[accented];
            if (c is >= 'A' and <= 'Z' or '\'')
            {
                plain.Append(c);
            }
            else if (c is '\u2019' or '\u2018' or '\u02bc')
            {
                plain.Append('\'');
            }
            else if (char.IsWhiteSpace(c) || c == '/' || char.GetUnicodeCategory(c) == UnicodeCategory.DashPunctuation)
            {
                plain.Append(' ');
            }
            else if (char.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                dropped++;
            }
        }

        return string.Join(' ', plain.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>The phones of a pronouncing dictionary, by each word's first pronunciation.</summary>
internal sealed class PhoneUnits(Lexicon lexicon) : CtcUnits
{
    public override string Word => PhonesWord;

    public override IReadOnlyList<string> Names { get; } = ["<pad>", .. lexicon.Phones];

    public override string Unwritable => "a word that is not in the lexicon";

    public override int[]? Encode(string text, out int dropped) =>
        lexicon.Encode(LetterUnits.Plain(text, out dropped)) is { Length: > 0 } symbols ? symbols : null;
}
