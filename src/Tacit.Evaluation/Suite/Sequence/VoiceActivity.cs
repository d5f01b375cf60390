using Tacit.Data;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>
/// <c>vad</c>: where somebody speaks, under noise (<see cref="SoundMixture.Noisy"/>). 150 recordings of speakers of librispeech-train are learned
/// from, 40 of a fifth of its speakers, held out, are the development part, 80 of the speakers of librispeech-test the test.
/// </summary>
/// <remarks>
/// Not a task of the benchmark, and done as its lightest ones are: a linear head, binary cross-entropy. F1 of the states that are speech, a state
/// being called so where its probability is at least 1/2, as speechbrain's recipe for voice activity reports, and the share of states that are right.
/// </remarks>
/// <param name="mixtures">How many recordings each part has.</param>
internal sealed class VoiceActivity(MixtureCounts mixtures) : SuiteTask
{
    private const int SmallProjector = 256;
    private const double Held = 0.2;

    public VoiceActivity()
        : this(new MixtureCounts(150, 40, 80))
    {
    }

    public override string Name => "vad";

    public override string Title => "voice activity";

    public override IReadOnlyList<string> Needs { get; } = ["librispeech-train", "librispeech-test"];

    public override SuiteOutcome Run(SuiteContext context)
    {
        ulong seed = context.Options.Seed;
        SoundDataset learned = context.Data.Sounds(Needs[0]), asked = context.Data.Sounds(Needs[1]);
        int[][] speakers = Diarization.Speakers(learned, 2);
        bool[] held = SuiteSplit.Groups([.. Enumerable.Range(0, speakers.Length)], Held, seed);
        int[] Of(bool which) => [.. SuiteSplit.Positions(held, which).SelectMany(s => speakers[s])];
        ActivitySet train = ActivitySet.Of(context, "noisy speech to learn", SoundMixture.Noisy(learned, Of(false), mixtures.Learned, seed));
        ActivitySet development = ActivitySet.Of(context, "noisy speech for development", SoundMixture.Noisy(learned, Of(true), mixtures.Development, seed + 1));
        ActivitySet test = ActivitySet.Of(context, "noisy speech to judge", SoundMixture.Noisy(asked, [.. Diarization.Speakers(asked, 1).SelectMany(s => s)], mixtures.Asked, seed + 2));
        var fit = new ActivityFit(context, train, development, new SequenceHeadSizes(context.Options.Projector ?? SmallProjector), 1) { Usual = (600, 8) };
        (SequenceHead head, string detail) = fit.Run(Name);
        Count[] counts = [.. HeadFit.Answers(head, test.Store, test.Store.Items).Select((logits, i) => Count.Of(logits.Span, test.Spoken[i][0]))];
        Count Sum(int[] drawn) => drawn.Aggregate(default(Count), (sum, i) => sum + counts[i]);
        return new SuiteOutcome(
            [
                SuiteScore.Of("f1", counts.Length, drawn => Sum(drawn).F1, seed),
                SuiteScore.Of("accuracy", counts.Length, drawn => Sum(drawn).Accuracy, seed),
            ],
            detail);
    }

    /// <summary>States that are speech and called so, that are only one of both, and that are neither.</summary>
    internal readonly record struct Count(int Hits, int FalseAlarms, int Misses, int Rejections)
    {
        /// <summary>2 · hits / (2 · hits + false alarms + misses); 1 where nothing is speech and nothing called so.</summary>
        public double F1 => Hits + FalseAlarms + Misses == 0 ? 1 : 2.0 * Hits / ((2.0 * Hits) + FalseAlarms + Misses);

        public double Accuracy => (double)(Hits + Rejections) / (Hits + FalseAlarms + Misses + Rejections);

        public static Count operator +(Count a, Count b) => new(a.Hits + b.Hits, a.FalseAlarms + b.FalseAlarms, a.Misses + b.Misses, a.Rejections + b.Rejections);

        public static Count Of(ReadOnlySpan<float> logits, bool[] speech)
        {
            var count = default(Count);
            for (int t = 0; t < speech.Length; t++)
            {
                count += (speech[t], logits[t] >= 0) switch
                {
                    (true, true) => new Count(1, 0, 0, 0),
                    (false, true) => new Count(0, 1, 0, 0),
                    (true, false) => new Count(0, 0, 1, 0),
                    _ => new Count(0, 0, 0, 1),
                };
            }

            return count;
        }
    }
}
