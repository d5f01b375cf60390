using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>Spoken words to be looked for, and strings of words by other speakers to look in.</summary>
/// <param name="Queries">Samples of each query: the part of a recorded word where it is said.</param>
/// <param name="QueryWords">Its word, by number.</param>
/// <param name="Documents">Samples of each document.</param>
/// <param name="DocumentWords">The words in it, by number; one of no class of its own is none.</param>
internal sealed record SpokenQueries(float[][] Queries, int[] QueryWords, float[][] Documents, int[][] DocumentWords)
{
    /// <summary>What every other word of a document is called.</summary>
    private const string Unknown = "_unknown_", Silence = "_silence_";

    private const int Words = 5;
    private const float UnknownShare = 0.6f;
    private const double QuerySpeakers = 0.3;

    private static readonly ulong Stream = Philox.Hash("spoken queries");

    /// <summary>
    /// The recipe: three in ten speakers say the queries, the others the documents. A query is a word drawn from those with a class of their
    /// own, and a recording of it, cut to where it is said (<see cref="SpeechActivity"/>). A document is 5 recordings one after the other, each
    /// by a speaker of its own: 6 in 10 are of <c>_unknown_</c>, the others of any word that may be asked for.
    /// </summary>
    /// <param name="words">Recordings of single words in class folders, with speakers.</param>
    /// <param name="queries">How many.</param>
    /// <param name="documents">How many.</param>
    /// <param name="seed">Of all draws.</param>
    /// <exception cref="TacitException">Nothing says who speaks, or one side has no words.</exception>
    public static SpokenQueries Make(SoundDataset words, int queries, int documents, ulong seed)
    {
        string name = Evaluator.Name(words.Path);
        if (words.Speakers is not { } who || words.Labels is not { } labels)
        {
            throw new TacitException($"{name} has no words or no speakers: query by example takes recordings of single words in one folder a word, with names that tell who speaks.");
        }

        int unknown = words.Classes.ToList().IndexOf(Unknown);
        int[] usable = [.. Enumerable.Range(0, words.Count).Where(i => who[i] >= 0 && labels[i] >= 0 && words.Classes[labels[i]] != Silence && words.Samples(i) > 0)];
        bool[] asks = SuiteSplit.Groups([.. usable.Select(i => who[i])], QuerySpeakers, seed);
        ILookup<int, int> asked = SuiteSplit.Positions(asks, true).Select(p => usable[p]).Where(i => labels[i] != unknown).ToLookup(i => labels[i]);
        ILookup<int, int> searched = SuiteSplit.Positions(asks, false).Select(p => usable[p]).ToLookup(i => labels[i]);
        int[] shared = [.. asked.Select(g => g.Key).Where(word => searched.Contains(word)).Order()];
        if (shared.Length == 0)
        {
            throw new TacitException($"{name} has no word that is said by two speakers: query by example looks for one's words in what others say.");
        }

        var random = new RandomSequence(seed, Stream, 0);
        var set = new SpokenQueries(new float[queries][], new int[queries], new float[documents][], new int[documents][]);
        for (int q = 0; q < queries; q++)
        {
            set.QueryWords[q] = shared[random.NextInt(shared.Length)];
            set.Queries[q] = Said(words.Read(Draw(asked[set.QueryWords[q]], ref random)), words.Rate);
        }

        for (int d = 0; d < documents; d++)
        {
            var samples = new List<float>();
            set.DocumentWords[d] = new int[Words];
            for (int w = 0; w < Words; w++)
            {
                bool other = random.NextUniform() < UnknownShare && searched.Contains(unknown);
                int word = other ? unknown : shared[random.NextInt(shared.Length)];
                set.DocumentWords[d][w] = word;
                samples.AddRange(words.Read(Draw(searched[word], ref random)));
            }

            set.Documents[d] = [.. samples];
        }

        return set;
    }

    private static int Draw(IEnumerable<int> recordings, ref RandomSequence random)
    {
        int[] all = [.. recordings];
        return all[random.NextInt(all.Length)];
    }

    /// <summary>From the first block that is speech to the last one; all of a recording without any.</summary>
    private static float[] Said(float[] samples, int rate)
    {
        bool[] speech = SpeechActivity.Of(samples, rate);
        int first = Array.IndexOf(speech, true), last = Array.LastIndexOf(speech, true), size = rate / SpeechActivity.Rate;
        return first < 0 ? samples : samples[(first * size)..((last + 1) * size)];
    }
}
