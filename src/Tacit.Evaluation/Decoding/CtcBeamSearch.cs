using Tacit.Tensors;

namespace Tacit.Evaluation.Decoding;

/// <summary>What frames may spell.</summary>
/// <param name="Symbols">Without blanks and merged repeats.</param>
/// <param name="LogProbability">Of all alignments that were kept, natural.</param>
/// <param name="Score">With the language model's share and the bonus for words; the best has the highest.</param>
public sealed record CtcHypothesis(int[] Symbols, double LogProbability, double Score);

/// <summary>How <see cref="CtcBeamSearch"/> searches.</summary>
public sealed record CtcBeamOptions
{
    /// <summary>Hypotheses that are kept from frame to frame.</summary>
    public int Beam { get; init; } = 32;

    /// <summary>The symbol that stands for none.</summary>
    public int Blank { get; init; }

    /// <summary>Symbols less likely than this in a frame do not lengthen a hypothesis there.</summary>
    public double Floor { get; init; } = 1e-4;

    /// <summary>α: how much the language model's log-probability counts.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>β: added for each word.</summary>
    public double Beta { get; init; } = 1;
}

/// <summary>
/// Prefix beam search: the likeliest sequence of symbols over all its alignments, where asked with what a model of words says of them:
/// log p(symbols | frames) + α · log p(words) + β · number of words.
/// </summary>
/// <remarks>
/// Graves and Jaitly 2014; Hannun et al. 2014, arXiv:1408.2873, algorithm 1. A word is judged when a space follows it, the last one and the
/// sentence's end after the last frame.
/// </remarks>
/// <param name="options">How.</param>
/// <param name="words">The model of words; null for none.</param>
/// <param name="symbols">Of each symbol what it spells; a space parts words. Only needed with a model.</param>
public sealed class CtcBeamSearch(CtcBeamOptions options, NGramModel? words = null, IReadOnlyList<string>? symbols = null)
{
    private readonly IReadOnlyList<string>? spelling = words is null ? null : symbols ?? throw new ArgumentNullException(nameof(symbols), "A model of words needs to know what symbols spell.");

    /// <summary>The hypotheses that are left after the last frame, the best first.</summary>
    /// <param name="logits">[T, V], of any scale: the softmax over symbols is part of it.</param>
    public IReadOnlyList<CtcHypothesis> Search(Tensor logits)
    {
        if (logits.Rank != 2 || (uint)options.Blank >= (uint)logits.Shape[1] || (spelling is not null && spelling.Count != logits.Shape[1]))
        {
            throw ShapeException.Unfit("CtcBeamSearch", logits.Shape, "it takes [T, V] with a blank among V symbols, each of which spells something where words are judged");
        }

        int frames = logits.Shape[0], count = logits.Shape[1];
        var root = new Prefix(null, -1, words?.Beginning ?? [], string.Empty, 0) { Blank = 0 };
        List<Prefix> beam = [root];
        var log = new double[count];
        for (int t = 0; t < frames; t++)
        {
            Normalize(logits.Span.Slice(t * count, count), log);
            var next = new List<Prefix>();
            foreach (Prefix prefix in beam)
            {
                Touch(prefix, next);
                prefix.NextBlank = Add(prefix.NextBlank, prefix.Total + log[options.Blank]);
                if (prefix.Symbol >= 0)
                {
                    prefix.NextSymbol = Add(prefix.NextSymbol, prefix.OnSymbol + log[prefix.Symbol]);
                }

                for (int s = 0; s < count; s++)
                {
                    double from = s == prefix.Symbol ? prefix.Blank : prefix.Total;
                    if (s != options.Blank && log[s] >= Math.Log(options.Floor) && from > double.NegativeInfinity)
                    {
                        Prefix longer = prefix.Longer(s, Lengthen);
                        Touch(longer, next);
                        longer.NextSymbol = Add(longer.NextSymbol, from + log[s]);
                    }
                }
            }

            foreach (Prefix prefix in next)
            {
                prefix.Advance();
            }

            // Sorting keeps the order of equals, so that ties do not depend on anything but the order of symbols.
            Prefix[] best = [.. next.OrderByDescending(p => p.Total + p.Language).Take(options.Beam)];
            foreach (Prefix dropped in beam.Concat(next).Except(best))
            {
                dropped.Clear();
            }

            beam = [.. best];
        }

        return [.. beam.Select(p => new CtcHypothesis(p.Symbols(), p.Total, p.Total + Finish(p))).OrderByDescending(h => h.Score)];
    }

    /// <summary>The best hypothesis of each item.</summary>
    /// <param name="logits">[N, T, V]</param>
    /// <param name="lengths">Frames of each item.</param>
    public int[][] Best(Tensor logits, int[] lengths)
    {
        int row = logits.Shape[1], width = logits.Shape[2];
        return [.. lengths.Select((length, n) => Search(logits.Rows(n, 1).Reshape(row, width).Rows(0, length))[0].Symbols)];
    }

    private static void Touch(Prefix prefix, List<Prefix> next)
    {
        if (!prefix.Touched)
        {
            prefix.Touched = true;
            next.Add(prefix);
        }
    }

    private Prefix Lengthen(Prefix prefix, int symbol)
    {
        string text = spelling?[symbol] ?? string.Empty;
        if (text != " ")
        {
            return new Prefix(prefix, symbol, prefix.History, prefix.Word + text, prefix.Language);
        }

        (int[] history, double language) = Judge(prefix);
        return new Prefix(prefix, symbol, history, string.Empty, language);
    }

    /// <summary>The words with the one that is being spelled, and what they are worth.</summary>
    private (int[] History, double Language) Judge(Prefix prefix)
    {
        if (words is null || prefix.Word.Length == 0)
        {
            return (prefix.History, prefix.Language);
        }

        int word = words.Id(prefix.Word);
        double language = prefix.Language + (options.Alpha * words.LogProbability(prefix.History, word)) + options.Beta;
        return (words.Order == 1 ? [] : [.. prefix.History[1..], word], language);
    }

    private double Finish(Prefix prefix)
    {
        (int[] history, double language) = Judge(prefix);
        return words is null ? 0 : language + (options.Alpha * words.LogProbability(history, NGramModel.End));
    }

    private static void Normalize(ReadOnlySpan<float> logits, double[] log)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (float logit in logits)
        {
            max = Math.Max(max, logit);
        }

        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - max);
        }

        for (int s = 0; s < log.Length; s++)
        {
            log[s] = logits[s] - max - Math.Log(sum);
        }
    }

    /// <summary>log(eᵃ + eᵇ)</summary>
    private static double Add(double a, double b) => Math.Max(a, b) is var max && double.IsNegativeInfinity(max) ? max : max + Math.Log(1 + Math.Exp(Math.Min(a, b) - max));

    /// <summary>A sequence of symbols, with the probability of its alignments that end in a blank and of those that end in its last symbol.</summary>
    private sealed class Prefix(Prefix? parent, int symbol, int[] history, string word, double language)
    {
        private Dictionary<int, Prefix>? longer;

        public int Symbol => symbol;

        public int[] History => history;

        public string Word => word;

        public double Language => language;

        public double Blank { get; set; } = double.NegativeInfinity;

        public double OnSymbol { get; private set; } = double.NegativeInfinity;

        public double Total { get; private set; } = parent is null ? 0 : double.NegativeInfinity;

        public double NextBlank { get; set; } = double.NegativeInfinity;

        public double NextSymbol { get; set; } = double.NegativeInfinity;

        public bool Touched { get; set; }

        public Prefix Longer(int next, Func<Prefix, int, Prefix> make)
        {
            longer ??= [];
            if (!longer.TryGetValue(next, out Prefix? found))
            {
                longer.Add(next, found = make(this, next));
            }

            return found;
        }

        public void Advance()
        {
            (Blank, OnSymbol, Touched) = (NextBlank, NextSymbol, false);
            (NextBlank, NextSymbol) = (double.NegativeInfinity, double.NegativeInfinity);
            Total = Add(Blank, OnSymbol);
        }

        /// <summary>Out of the beam: it may come back, as if it had never been there.</summary>
        public void Clear() => (Blank, OnSymbol, Total) = (double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity);

        public int[] Symbols()
        {
            var all = new List<int>();
            for (Prefix at = this; at.Symbol >= 0; at = at.Parent!)
            {
                all.Add(at.Symbol);
            }

            all.Reverse();
            return [.. all];
        }

        private Prefix? Parent => parent;
    }
}
