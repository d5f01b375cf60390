using System.Globalization;
using Tacit.Data;
using Tacit.Evaluation.Scores;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>
/// <c>sd</c>: who of two speaks when (<see cref="SoundMixture.TwoSpeakers"/>). 150 mixtures of speakers of librispeech-train are learned from, 30 of a
/// fifth of its speakers, held out, are the development part, 60 of the speakers of librispeech-test the test.
/// </summary>
/// <remarks>
/// SUPERB, section 3.2: one LSTM layer (512 wide, here 256) and linear, binary cross-entropy in the better order of the speakers, diarisation error
/// rate without a collar. The threshold (0.3 to 0.7) and the length of the median filter (1 or 11 states) are the benchmark's; it takes the best on
/// its test set, here the development part chooses.
/// </remarks>
/// <param name="mixtures">How many mixtures each part has.</param>
internal sealed class Diarization(MixtureCounts mixtures) : SuiteTask
{
    private const double Held = 0.2;

    public Diarization()
        : this(new MixtureCounts(150, 30, 60))
    {
    }

    private static readonly double[] Thresholds = [0.3, 0.4, 0.5, 0.6, 0.7];
    private static readonly int[] Medians = [1, 11];

    public override string Name => "sd";

    public override string Title => "speaker diarisation";

    public override IReadOnlyList<string> Needs { get; } = ["librispeech-train", "librispeech-test"];

    /// <summary>Of each speaker of a set the utterances that can be read, at least 1 s long.</summary>
    /// <exception cref="TacitException">There are fewer speakers than needed.</exception>
    public static int[][] Speakers(SoundDataset sounds, int needed)
    {
        int[][] speakers = [.. Enumerable.Range(0, sounds.Count)
            .Where(i => (sounds.Speakers?[i] ?? 0) >= 0 && sounds.Samples(i) >= sounds.Rate)
            .GroupBy(i => sounds.Speakers?[i] ?? 0)
            .OrderBy(g => g.Key)
            .Select(g => g.ToArray())];
        return speakers.Length >= needed ? speakers
            : throw new TacitException($"{Evaluator.Name(sounds.Path)} has {speakers.Length} speakers with utterances of a second or more, and at least {needed} are needed.");
    }

    public override SuiteOutcome Run(SuiteContext context)
    {
        ulong seed = context.Options.Seed;
        SoundDataset learned = context.Data.Sounds(Needs[0]), asked = context.Data.Sounds(Needs[1]);
        int[][] speakers = Speakers(learned, 4);
        bool[] held = SuiteSplit.Groups([.. Enumerable.Range(0, speakers.Length)], Math.Max(Held, 2.0 / speakers.Length), seed);
        int[][] Of(bool which) => [.. SuiteSplit.Positions(held, which).Select(s => speakers[s])];
        ActivitySet train = ActivitySet.Of(context, "two speakers to learn", SoundMixture.TwoSpeakers(learned, Of(false), mixtures.Learned, seed));
        ActivitySet development = ActivitySet.Of(context, "two speakers for development", SoundMixture.TwoSpeakers(learned, Of(true), mixtures.Development, seed + 1));
        ActivitySet test = ActivitySet.Of(context, "two speakers to judge", SoundMixture.TwoSpeakers(asked, Speakers(asked, 2), mixtures.Asked, seed + 2));
        SuiteOptions options = context.Options;
        var sizes = new SequenceHeadSizes(options.Projector ?? 256, 1, options.Superb ? 512 : 256);
        (SequenceHead head, string detail) = new ActivityFit(context, train, development, sizes, 2) { Usual = (500, 8) }.Run(Name);

        Tensor[] answers = [.. HeadFit.Answers(head, development.Store, development.Store.Items)];
        (double threshold, int median) = (from t in Thresholds from m in Medians select (t, m))
            .MinBy(c => answers.Select((logits, i) => DiarizationErrors.Of(development.Spoken[i], Decide(logits, c.t, c.m))).Aggregate((a, b) => a + b).Rate);
        DiarizationErrors[] errors = [.. HeadFit.Answers(head, test.Store, test.Store.Items).Select((logits, i) => DiarizationErrors.Of(test.Spoken[i], Decide(logits, threshold, median)))];
        return new SuiteOutcome(
            [SuiteScore.Of("der", errors.Length, drawn => drawn.Select(i => errors[i]).Aggregate((a, b) => a + b).Rate, seed)],
            string.Create(CultureInfo.InvariantCulture, $"{detail}, threshold {threshold}, median of {median}"));
    }

    /// <summary>For each speaker, for each state: whether the probability, then the median of so many states about it, is above the threshold.</summary>
    /// <param name="logits">[T, K]</param>
    /// <param name="threshold">A probability.</param>
    /// <param name="median">Odd; beyond the ends nobody speaks.</param>
    public static bool[][] Decide(Tensor logits, double threshold, int median)
    {
        (int frames, int speakers) = (logits.Shape[0], logits.Shape[1]);
        double least = Math.Log(threshold / (1 - threshold));
        return [.. Enumerable.Range(0, speakers).Select(k =>
        {
            bool[] above = [.. Enumerable.Range(0, frames).Select(t => logits[t, k] > least)];
            return above.Select((_, t) => 2 * Enumerable.Range(t - (median / 2), median).Count(i => i >= 0 && i < frames && above[i]) > median).ToArray();
        })];
    }
}
