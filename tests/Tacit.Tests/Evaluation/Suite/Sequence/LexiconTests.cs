using Tacit.Evaluation.Suite.Sequence;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation.Suite.Sequence;

public sealed class LexiconTests
{
    private static readonly string[] Lines = [";;; a comment", "cat K AE1 T", "dog D AO1 G", "dog(2) D AA1 G", "house HH AW1 S", "is IH1 Z  # a comment", "# another"];

    private static string? Spoken(Lexicon lexicon, string text) => lexicon.Encode(text) is { } symbols ? string.Join(' ', symbols.Select(s => lexicon.Phones[s - 1])) : null;

    [Fact]
    public void Phones_lose_their_stress_and_the_first_pronunciation_counts()
    {
        var lexicon = Lexicon.Of(Lines, "lines");
        Assert.Equal(["AA", "AE", "AO", "AW", "D", "G", "HH", "IH", "K", "S", "T", "Z"], lexicon.Phones);
        Assert.Equal("K AE T D AO G IH Z", Spoken(lexicon, "Cat  DOG is"));
        Assert.Equal([], lexicon.Encode(" ")!);
    }

    [Theory]
    [InlineData("CATS", "K AE T S")]
    [InlineData("dog's", "D AO G Z")]
    [InlineData("HOUSE'S", "HH AW S IH Z")]
    [InlineData("zebra", null)]
    [InlineData("cat zebra", null)]
    [InlineData("s", null)]
    public void The_ending_s_follows_from_the_last_phone(string word, string? expected) => Assert.Equal(expected, Spoken(Lexicon.Of(Lines, "lines"), word));

    [Fact]
    public void A_lexicon_without_words_is_refused() =>
        Assert.Equal(
            "There is no word in empty.dict: a lexicon has a word and its phones on each line, such as 'adapt AH D AE P T'.",
            Assert.Throws<TacitException>(() => Lexicon.Of(["# nothing", ""], "empty.dict")).Message);

    [Fact]
    public void Letters_are_written_and_read()
    {
        int[] symbols = LetterAlphabet.Encode("It's  a\tcat")!;
        Assert.Equal([11, 22, 2, 21, 1, 3, 1, 5, 3, 22], symbols);
        Assert.Equal("IT'S A CAT", LetterAlphabet.Decode(symbols));
        Assert.Null(LetterAlphabet.Encode("CAFÉ"));
        Assert.Null(LetterAlphabet.Encode("20 cats"));
    }
}
