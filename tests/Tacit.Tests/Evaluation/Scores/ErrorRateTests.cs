using Tacit.Evaluation.Scores;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation.Scores;

public sealed class ErrorRateTests
{
    [Theory]
    [InlineData("", "", 0, 0, 0)]
    [InlineData("", "ab", 0, 2, 0)]
    [InlineData("abc", "", 0, 0, 3)]
    [InlineData("kitten", "sitting", 2, 1, 0)]          // k-s, e-i, +g
    [InlineData("abcd", "bcde", 0, 1, 1)]               // −a, +e
    [InlineData("intention", "execution", 5, 0, 0)]     // letter by letter: as few as with −i, +c and three substituted
    public void Edits_by_kind(string reference, string hypothesis, int substitutions, int insertions, int deletions) =>
        Assert.Equal(new ErrorRate(substitutions, insertions, deletions, reference.Length), ErrorRate.Of<char>(reference, hypothesis));

    [Fact]
    public void A_phone_error_rate_of_four_sevenths()
    {
        // One substituted, two missing, one too many in seven phones.
        ErrorRate per = ErrorRate.Of<int>([1, 2, 3, 4, 5, 6, 7], [1, 9, 3, 6, 7, 8]);
        Assert.Equal((1, 1, 2), (per.Substitutions, per.Insertions, per.Deletions));
        Assert.Equal(4.0 / 7, per.Value, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_sum_is_the_edit_distance_and_the_kinds_explain_the_lengths(int salt)
    {
        int[] a = [.. Hashed.Doubles(17 + salt, salt).Select(v => (int)((v + 1) * 2))], b = [.. Hashed.Doubles(13 + (3 * salt), salt + 40).Select(v => (int)((v + 1) * 2))];
        ErrorRate rate = ErrorRate.Of<int>(a, b);
        Assert.Equal(EditDistance.Of<int>(a, b), rate.Edits);
        Assert.Equal(a.Length - rate.Deletions, b.Length - rate.Insertions);
    }

    [Fact]
    public void A_corpus_weighs_utterances_by_their_length()
    {
        string[] references = ["one two", "a b  c\td"], hypotheses = ["one too", "a c d"];
        ErrorRate words = ErrorRate.Sum(references.Zip(hypotheses, ErrorRate.OfWords));
        Assert.Equal(new ErrorRate(1, 0, 1, 6), words);
        Assert.Equal(EditDistance.WordErrorRate(references, hypotheses), words.Value, 1e-12);

        // "one two" to "one too": one of 7 characters; "a b c d" to "a c d": two of 7.
        Assert.Equal(3.0 / 14, ErrorRate.Sum(references.Zip(hypotheses, ErrorRate.OfCharacters)).Value, 1e-12);
        Assert.Throws<TacitException>(() => ErrorRate.OfWords(" ", "word").Value);
    }

    [Fact]
    public void Slots_are_found_by_type_and_filled_by_the_nearest_value()
    {
        Slot[] reference = [new("object", "lights"), new("room", "kitchen"), new("room", "attic")];
        Slot[] hypothesis = [new("room", "kitten"), new("room", "attic"), new("time", "noon")];

        // Types {object, room} and {room, time}: precision and recall 1/2.
        Assert.Equal(0.5, SlotScores.TypeF1(reference, hypothesis), 1e-12);

        // lights: 6 missing of 6; kitchen–kitten: 2 of 7; attic: 0 of 5. What was said for "time" is not counted.
        ErrorRate values = SlotScores.ValueErrors(reference, hypothesis);
        Assert.Equal((8, 18), (values.Edits, values.Length));
        Assert.Equal((1, 0, 0), (SlotScores.TypeF1([], []), SlotScores.TypeF1(reference, []), SlotScores.TypeF1([], hypothesis)));
        Assert.Equal(default, SlotScores.ValueErrors([], hypothesis));
    }
}
