using Tacit.Evaluation.Decoding;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation.Decoding;

public sealed class CtcBeamSearchTests
{
    private static readonly string[] Spelling = ["", " ", "a", "b"];

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 3)]
    [InlineData(6, 4)]
    public void Every_sequence_has_the_sum_over_its_alignments(int frames, int symbols)
    {
        for (int salt = 0; salt < 4; salt++)
        {
            Tensor logits = Tensor.From(Hashed.Singles(frames * symbols, salt, 3), new Shape(frames, symbols));
            Dictionary<string, double> all = Sums(logits);
            IReadOnlyList<CtcHypothesis> found = new CtcBeamSearch(new CtcBeamOptions { Beam = 100_000, Floor = 0 }).Search(logits);
            Assert.Equal(all.Count, found.Count);
            Assert.All(found, h => Assert.Equal(all[string.Join(' ', h.Symbols)], Math.Exp(h.LogProbability), 1e-10));
            Assert.Equal(all.MaxBy(p => p.Value).Key, string.Join(' ', found[0].Symbols));
        }
    }

    [Fact]
    public void The_likeliest_sequence_is_not_always_the_likeliest_alignment()
    {
        // Each frame: blank 0.4, a 0.35, b 0.25. The best alignment is all blanks (0.16); "a" has three alignments, 0.4025 together.
        Tensor logits = Tensor.From([.. Enumerable.Repeat(new[] { 0.4, 0.35, 0.25 }, 2).SelectMany(p => p).Select(p => (float)Math.Log(p))], new Shape(2, 3));
        CtcHypothesis best = new CtcBeamSearch(new CtcBeamOptions()).Search(logits)[0];
        Assert.Equal([1], best.Symbols);
        Assert.Equal((2 * 0.4 * 0.35) + (0.35 * 0.35), Math.Exp(best.LogProbability), 1e-6);
        Assert.Equal([[]], CtcDecoder.Greedy(logits.Reshape(1, 2, 3)));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(2, -0.5)]
    public void With_a_model_of_words_the_best_of_all_sequences(double alpha, double beta)
    {
        var model = NGramModel.Estimate([["ab", "a"], ["a", "ab"], ["ab", "b"]], 2);
        for (int salt = 0; salt < 6; salt++)
        {
            Tensor logits = Tensor.From(Hashed.Singles(6 * 4, salt + 30, 2), new Shape(6, 4));
            (string Key, double Score) best = Sums(logits).Select(p => (p.Key, Math.Log(p.Value) + Worth(p.Key))).MaxBy(p => p.Item2);
            CtcHypothesis found = new CtcBeamSearch(new CtcBeamOptions { Beam = 100_000, Floor = 0, Alpha = alpha, Beta = beta }, model, Spelling).Search(logits)[0];
            Assert.Equal(best.Key, string.Join(' ', found.Symbols));
            Assert.Equal(best.Score, found.Score, 1e-9);
        }

        double Worth(string key)
        {
            string[] words = string.Concat(key.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(s => Spelling[int.Parse(s)])).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (alpha * model.LogProbability(words)) + (beta * words.Length);
        }
    }

    [Fact]
    public void A_narrow_beam_still_finds_what_is_sure()
    {
        Tensor logits = Tensor.Zeros(new Shape(1, 8, 4));
        int[] spoken = [2, 2, 0, 2, 1, 3, 3, 0];
        for (int t = 0; t < 8; t++)
        {
            logits[0, t, spoken[t]] = 9;
        }

        Assert.Equal([[2, 2, 1, 3]], new CtcBeamSearch(new CtcBeamOptions { Beam = 2 }).Best(logits, [8]));
        Assert.Equal([[2, 2]], new CtcBeamSearch(new CtcBeamOptions { Beam = 2 }).Best(logits, [4]));
        Assert.Throws<ShapeException>(() => new CtcBeamSearch(new CtcBeamOptions { Blank = 4 }).Search(logits.Reshape(8, 4)));
    }

    /// <summary>Every alignment, one by one, by what it spells.</summary>
    private static Dictionary<string, double> Sums(Tensor logits)
    {
        int frames = logits.Shape[0], symbols = logits.Shape[1];
        var sums = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int path = 0; path < (int)Math.Pow(symbols, frames); path++)
        {
            int[] aligned = [.. Enumerable.Range(0, frames).Select(t => path / (int)Math.Pow(symbols, t) % symbols)];
            string spelled = string.Join(' ', aligned.Where((s, t) => s != 0 && (t == 0 || aligned[t - 1] != s)));
            double p = 1;
            for (int t = 0; t < frames; t++)
            {
                p *= Math.Exp(logits[t, aligned[t]]) / Enumerable.Range(0, symbols).Sum(s => Math.Exp(logits[t, s]));
            }

            sums[spelled] = sums.GetValueOrDefault(spelled) + p;
        }

        return sums;
    }
}
