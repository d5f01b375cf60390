using Tacit.Evaluation.Decoding;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation.Decoding;

public sealed class NGramModelTests
{
    private static readonly string[][] Sentences = [.. new[] { "the cat sat", "the cat ran", "a dog sat on the mat", "the dog", "cat and dog and cat" }.Select(s => s.Split(' '))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Probabilities_sum_to_one_after_any_words(int order)
    {
        var model = NGramModel.Estimate(Sentences, order);
        Assert.Equal(9 + 2, model.VocabularySize);
        Assert.Equal(model.VocabularySize, model.Vocabulary.Distinct().Count());
        foreach (string before in (string[])["", "the", "the cat", "sat on the", "never heard", "mat the zebra", "cat and dog"])
        {
            int[] history = [.. model.Beginning, .. before.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(model.Id)];
            Assert.Equal(1, model.Vocabulary.Sum(word => Math.Exp(model.LogProbability(history, word))), 1e-12);
            Assert.All(model.Vocabulary, word => Assert.True(Math.Exp(model.LogProbability(history, word)) > 0));
        }
    }

    [Fact]
    public void A_bigram_by_hand()
    {
        // "a b", "a b", "a c": bigrams <s>a 3, ab 2, b</s> 2, ac 1, c</s> 1; n1 = 2, n2 = 2, so d = 2 / (2 + 4) = 1/3.
        // Preceded by how many words: a 1, b 1, c 1, </s> 2 of 5; n1 = 3, n2 = 1, so d = 3/5. V = 3 + 2.
        var model = NGramModel.Estimate([["a", "b"], ["a", "b"], ["a", "c"]], 2);
        double One(double count) => (Math.Max(count - 0.6, 0) + (0.6 * 4 / 5)) / 5;
        double third = 1.0 / 3;
        Expect((2 - third + (third * 2 * One(1))) / 3, "a", "b");
        Expect((1 - third + (third * 2 * One(1))) / 3, "a", "c");
        Expect(third * 2 * One(0) / 3, "a", "zebra");
        Expect(One(1), "zebra", "b");       // nothing was seen after it

        void Expect(double p, string before, string word) => Assert.Equal(p, Math.Exp(model.LogProbability([model.Id(before)], model.Id(word))), 1e-12);
    }

    [Fact]
    public void A_word_that_follows_many_is_likelier_in_a_new_place_than_one_that_follows_a_single_word_often()
    {
        // "francisco" is frequent, but only after "san".
        string[][] text = [.. Enumerable.Repeat("san francisco", 5).Concat(["red hat", "blue hat", "old hat"]).Select(s => s.Split(' '))];
        var model = NGramModel.Estimate(text, 2);
        int[] after = [model.Id("green")];
        Assert.True(model.LogProbability(after, model.Id("hat")) > model.LogProbability(after, model.Id("francisco")));
    }

    [Fact]
    public void What_was_said_is_likelier_than_its_words_in_another_order()
    {
        var model = NGramModel.Estimate(Sentences);
        Assert.True(model.LogProbability(["the", "cat", "sat"]) > model.LogProbability(["sat", "the", "cat"]));
        Assert.Throws<TacitException>(() => NGramModel.Estimate([[], []]));
    }
}
