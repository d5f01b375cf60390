using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("", "ab", 2)]
    [InlineData("kitten", "sitting", 3)]        // k-s, e-i, +g
    [InlineData("intention", "execution", 5)]   // Jurafsky and Martin, chapter 2
    [InlineData("abcd", "bcde", 2)]
    public void Counts_the_fewest_edits(string a, string b, int expected)
    {
        Assert.Equal(expected, EditDistance.Of<char>(a, b));
        Assert.Equal(expected, EditDistance.Of<char>(b, a));
    }

    [Fact]
    public void A_rate_weighs_references_by_their_length()
    {
        // 1 of 2 words wrong and 1 of 4 missing: 2 of 6.
        Assert.Equal(2.0 / 6, EditDistance.WordErrorRate(["one two", "a b  c\td"], ["one too", "a c d"]), 1e-12);
        Assert.Equal(2, EditDistance.Rate<int>([[1]], [[2, 3]]));
        Assert.Throws<TacitException>(() => EditDistance.WordErrorRate([" "], ["word"]));
        Assert.Throws<ArgumentException>(() => EditDistance.WordErrorRate(["a"], []));
    }

    [Fact]
    public void Greedy_decoding_merges_repeats_and_drops_blanks()
    {
        int[][] best = [[0, 1, 1, 0, 1, 2, 2], [3, 3, 3, 0, 0, 1, 1]];
        Tensor logits = Tensor.Zeros(new Shape(2, 7, 4));
        for (int n = 0; n < 2; n++)
        {
            for (int t = 0; t < 7; t++)
            {
                logits[n, t, best[n][t]] = 1;
            }
        }

        Assert.Equal([[1, 1, 2], [3, 1]], CtcDecoder.Greedy(logits));
        Assert.Equal([[1], [3]], CtcDecoder.Greedy(logits, [4, 5]));
        Assert.Equal([[0, 0, 2], [3, 0]], CtcDecoder.Greedy(logits, blank: 1));
    }
}
