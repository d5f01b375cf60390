using Tacit.Tensors;

namespace Tacit.Evaluation.Decoding;

/// <summary>How likely a word is after those before it, estimated from sentences: interpolated Kneser-Ney.</summary>
/// <remarks>
/// Kneser and Ney 1995; Chen and Goodman 1999, section 2.7. The highest order counts how often words occur, those below after how many
/// different words they do; from each count d = n₁ / (n₁ + 2 n₂) is taken (n₁ and n₂: how many counts are 1 and 2; 0.75 where either is 0) and
/// given to the order below; below the words alone stands 1 / V. Probabilities after any words sum to 1 over the vocabulary,
/// <see cref="Unknown"/> and <see cref="End"/> included.
/// </remarks>
public sealed class NGramModel
{
    /// <summary>Any word that is not in the vocabulary.</summary>
    public const int Unknown = 1;

    /// <summary>The end of a sentence.</summary>
    public const int End = 2;

    /// <summary>What stands before the first word.</summary>
    public const int Start = 3;

    private const int First = 4, LongestOrder = 4;
    private const double UsualDiscount = 0.75;

    private readonly Dictionary<string, int> ids;
    private readonly Level[] levels;

    private NGramModel(Dictionary<string, int> ids, Level[] levels) => (this.ids, this.levels) = (ids, levels);

    /// <summary>Words that a probability depends on, itself included.</summary>
    public int Order => levels.Length;

    /// <summary>V: the words of the sentences, <see cref="Unknown"/> and <see cref="End"/>.</summary>
    public int VocabularySize => ids.Count + 2;

    /// <summary>Every word's number, and those of the unknown one and the end.</summary>
    public IEnumerable<int> Vocabulary => ids.Values.Append(Unknown).Append(End);

    /// <summary>What stands before a sentence.</summary>
    public int[] Beginning => [.. Enumerable.Repeat(Start, Order - 1)];

    /// <summary>Estimates a model.</summary>
    /// <param name="sentences">Words; empty sentences say nothing and are passed over.</param>
    /// <param name="order">1 to 4.</param>
    /// <exception cref="TacitException">There is no sentence.</exception>
    public static NGramModel Estimate(IEnumerable<IReadOnlyList<string>> sentences, int order = 3)
    {
        if (order is < 1 or > LongestOrder)
        {
            throw new ArgumentOutOfRangeException(nameof(order), order, $"A language model is of order 1 to {LongestOrder}.");
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var counts = new Dictionary<UInt128, int>();
        foreach (IReadOnlyList<string> sentence in sentences.Where(s => s.Count > 0))
        {
            int[] words = [.. Enumerable.Repeat(Start, order - 1), .. sentence.Select(Number), End];
            for (int i = order - 1; i < words.Length; i++)
            {
                UInt128 key = Key(words.AsSpan(i - order + 1, order));
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        if (numbers.Count == 0)
        {
            throw new TacitException("A language model needs at least one sentence with a word in it.");
        }

        var orders = new Level[order];
        for (int n = order; n >= 1; n--)
        {
            orders[n - 1] = new Level(counts);
            counts = Shorter(counts, n);
        }

        return new NGramModel(numbers, orders);

        int Number(string word)
        {
            if (!numbers.TryGetValue(word, out int id))
            {
                numbers.Add(word, id = First + numbers.Count);
            }

            return id;
        }
    }

    /// <summary>A word's number; <see cref="Unknown"/> where it was in no sentence.</summary>
    public int Id(string word) => ids.GetValueOrDefault(word, Unknown);

    /// <summary>log p(word | the words before), natural.</summary>
    /// <param name="before">The last <see cref="Order"/> − 1 of these count, fewer are enough; a sentence starts with <see cref="Beginning"/>.</param>
    /// <param name="word">Any of <see cref="Vocabulary"/>.</param>
    public double LogProbability(ReadOnlySpan<int> before, int word)
    {
        double p = 1.0 / VocabularySize;
        for (int n = 1; n <= Order && n - 1 <= before.Length; n++)
        {
            p = levels[n - 1].Probability(Key(before[^(n - 1)..]), word, p);
        }

        return Math.Log(p);
    }

    /// <summary>log p of a whole sentence and its end, natural.</summary>
    public double LogProbability(IReadOnlyList<string> sentence)
    {
        int[] words = [.. Beginning, .. sentence.Select(Id), End];
        double sum = 0;
        for (int i = Order - 1; i < words.Length; i++)
        {
            sum += LogProbability(words.AsSpan(0, i), words[i]);
        }

        return sum;
    }

    private static UInt128 Key(ReadOnlySpan<int> words)
    {
        UInt128 key = 0;
        foreach (int word in words)
        {
            key = (key << 32) | (uint)word;
        }

        return key;
    }

    /// <summary>Of each n-gram without its first word, how many first words it was seen with.</summary>
    private static Dictionary<UInt128, int> Shorter(Dictionary<UInt128, int> counts, int order)
    {
        var shorter = new Dictionary<UInt128, int>();
        UInt128 rest = (UInt128.One << (32 * (order - 1))) - 1;
        foreach (UInt128 key in counts.Keys)
        {
            shorter[key & rest] = shorter.GetValueOrDefault(key & rest) + 1;
        }

        return shorter;
    }

    /// <summary>One order: counts of n-grams, and of what goes before their last word all counts and how many there are.</summary>
    private sealed class Level
    {
        private readonly Dictionary<UInt128, int> counts;
        private readonly Dictionary<UInt128, (int All, int Kinds)> contexts = [];
        private readonly double discount;

        public Level(Dictionary<UInt128, int> counts)
        {
            this.counts = counts;
            foreach ((UInt128 key, int count) in counts)
            {
                (int all, int kinds) = contexts.GetValueOrDefault(key >> 32);
                contexts[key >> 32] = (all + count, kinds + 1);
            }

            int once = counts.Values.Count(c => c == 1), twice = counts.Values.Count(c => c == 2);
            discount = once > 0 && twice > 0 ? once / (once + (2.0 * twice)) : UsualDiscount;
        }

        public double Probability(UInt128 before, int word, double below) => !contexts.TryGetValue(before, out var context) ? below
            : (Math.Max(counts.GetValueOrDefault((before << 32) | (uint)word) - discount, 0) + (discount * context.Kinds * below)) / context.All;
    }
}
