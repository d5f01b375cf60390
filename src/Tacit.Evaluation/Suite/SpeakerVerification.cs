using Tacit.Data;
using Tacit.Evaluation.Scores;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// <c>asv</c>: whether two recordings are by one speaker. An x-vector learns from a second at a time of the speakers of librispeech-train and
/// speech-commands-train, a fifth of whom are the development part; trials are pairs of pieces of at most 4 s of librispeech-test, of
/// different utterances, and pairs of words of speech-commands-test, of which the pairs of two speakers are drawn, four for each of one.
/// No speaker of a trial was learned from. The error rate is the mean of that of the readers' trials and of that of the words'.
/// </summary>
/// <remarks>SUPERB, section 3.2: x-vector, AM-softmax, cosine, equal error rate; beside it the minimum detection cost at a prior of 0.05.</remarks>
internal sealed class SpeakerVerification : SuiteTask
{
    private const double Held = 0.2, PieceSeconds = 4, Prior = 0.05;

    public override string Name => "asv";

    public override string Title => "speaker verification";

    public override IReadOnlyList<string> Needs { get; } = ["librispeech-train", "librispeech-test", "speech-commands-train", "speech-commands-test"];

    public override SuiteOutcome Run(SuiteContext context)
    {
        ulong seed = context.Options.Seed;
        Voices[] learned = [Voices.Of(context, Needs[0]), Voices.Of(context, Needs[2])];
        Voices[] asked = [Voices.Of(context, Needs[1], PieceSeconds), Voices.Of(context, Needs[3])];
        Voices[] train = [.. learned.Select(v => v.Where(SuiteSplit.Groups([.. Enumerable.Range(0, v.SpeakerCount)], Held, seed), held: false))];
        Voices[] development = [.. learned.Select(v => v.Where(SuiteSplit.Groups([.. Enumerable.Range(0, v.SpeakerCount)], Held, seed), held: true))];
        SpeakerFit Fit(Voices[] voices) => new(context, voices);
        double rate = context.BestRate(Name, learned.Select(v => v.Store), rate =>
        {
            SpeakerFit fit = Fit(train);
            fit.Learn(rate, context.Options.TrialSteps(fit.Steps));
            return -Trials.Mean(Pairs(fit, development, seed), EqualErrorRate.Of);
        });
        SpeakerFit last = Fit(learned);
        last.Learn(rate, last.Steps);
        Trial[] trials = Pairs(last, asked, seed);
        return new SuiteOutcome(
            [Trials.Score("eer", trials, EqualErrorRate.Of, seed), Trials.Score("min-dcf", trials, (t, n) => MinimumDetectionCost.Of(t, n, Prior), seed)],
            UtteranceFit.Describe(rate, last.Shares));
    }

    private static Trial[] Pairs(SpeakerFit fit, Voices[] sets, ulong seed)
    {
        var trials = new List<Trial>();
        int speakers = 0;
        foreach ((int set, Voices voices) in sets.Index())
        {
            float[][] embeddings = fit.Embed(voices);
            trials.AddRange(voices.Pairs(seed).Select(p => new Trial(speakers + voices.Speakers[p.A], speakers + voices.Speakers[p.B], Trials.Cosine(embeddings[p.A], embeddings[p.B]), set)));
            speakers += voices.SpeakerCount;
        }

        return [.. trials];
    }
}

/// <summary>Recordings with who speaks.</summary>
/// <param name="Store">Their states.</param>
/// <param name="Items">Numbers in the store.</param>
/// <param name="Speakers">Who speaks in each of those.</param>
/// <param name="SpeakerCount">How many speakers there are.</param>
/// <param name="Wholes">Which recording each is of: pieces of one are no trial.</param>
internal sealed record Voices(StateStore Store, int[] Items, int[] Speakers, int SpeakerCount, string[] Wholes)
{
    private const int OthersPerTarget = 4;

    /// <summary>The recordings of a set of which it is known who speaks, cut into pieces where that is asked.</summary>
    /// <exception cref="TacitException">There are no two speakers.</exception>
    public static Voices Of(SuiteContext context, string name, double? pieceSeconds = null)
    {
        SoundDataset whole = context.Data.Sounds(name);
        if (whole.Speakers is null || whole.SpeakerNames.Count < 2)
        {
            throw new TacitException($"{name} has recordings of {(whole.Speakers is null ? "nobody who is named" : "one speaker only")}; telling whether two recordings are by one speaker needs at least two.");
        }

        SoundDataset sounds = pieceSeconds is { } seconds ? whole.Cut(seconds) : whole;
        StateStore store = context.States(sounds);
        int[] items = [.. store.Items.Where(i => sounds.Speakers![i] >= 0)];
        return new Voices(store, items, Array.ConvertAll(items, i => sounds.Speakers![i]), sounds.SpeakerNames.Count, Array.ConvertAll(items, i => SoundPieces.Whole(sounds.Names[i])));
    }

    /// <summary>The recordings of those speakers who are held out, or of those who are not.</summary>
    public Voices Where(bool[] speakers, bool held)
    {
        int[] kept = [.. Enumerable.Range(0, Items.Length).Where(i => speakers[Speakers[i]] == held)];
        return new Voices(Store, Array.ConvertAll(kept, i => Items[i]), Array.ConvertAll(kept, i => Speakers[i]), SpeakerCount, Array.ConvertAll(kept, i => Wholes[i]));
    }

    /// <summary>Pairs of positions: all of one speaker that are of different recordings, and for each of them four of two speakers, drawn.</summary>
    /// <exception cref="TacitException">No speaker has two recordings, or there is one speaker only.</exception>
    public IReadOnlyList<(int A, int B)> Pairs(ulong seed)
    {
        List<(int A, int B)> same = [], others = [];
        for (int a = 0; a < Items.Length; a++)
        {
            for (int b = a + 1; b < Items.Length; b++)
            {
                if (Speakers[a] != Speakers[b])
                {
                    others.Add((a, b));
                }
                else if (Wholes[a] != Wholes[b])
                {
                    same.Add((a, b));
                }
            }
        }

        if (same.Count == 0 || others.Count == 0)
        {
            throw new TacitException($"Trials need two speakers, and two recordings of one: there are {same.Count} pairs of one speaker and {others.Count} of two.");
        }

        int[] order = Philox.Permutation(others.Count, seed, Philox.Hash("trials"), 0);
        return [.. same, .. order.Take(OthersPerTarget * same.Count).Select(i => others[i])];
    }
}
