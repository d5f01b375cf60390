using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// <c>er</c>: which of the emotions an utterance of emodb-4class is spoken with. Five folds, each of whose speakers are heard in no other;
/// the next fold is the development part, the other three and it are learned from. Judged on all folds' answers together: the share that is
/// right (weighted accuracy) and the mean over emotions of the share of each that is right (unweighted accuracy).
/// </summary>
/// <remarks>SUPERB, section 3.2: mean over time and linear, cross-entropy, accuracy over IEMOCAP's five folds.</remarks>
internal sealed class EmotionRecognition : SuiteTask
{
    private const int FoldCount = Folds.Usual;

    public override string Name => "er";

    public override string Title => "emotion recognition";

    public override IReadOnlyList<string> Needs { get; } = ["emodb-4class"];

    public override SuiteOutcome Run(SuiteContext context)
    {
        ulong seed = context.Options.Seed;
        SoundDataset sounds = context.Data.Sounds(Needs[0]);
        int speakers = sounds.Speakers?.Where(s => s >= 0).Distinct().Count() ?? 0;
        if (speakers < FoldCount)
        {
            throw new TacitException($"{Evaluator.Name(sounds.Path)} has {speakers} known speakers; leaving speakers out five times needs at least {FoldCount}.");
        }

        LabelledSet all = LabelledSet.Of(context, sounds, sounds.Classes);
        Utterances utterances = all.Utterances();
        int[] fold = SpeakerFolds(all.Speakers, seed), found = new int[fold.Length];
        string detail = "";
        for (int f = 0; f < FoldCount; f++)
        {
            int development = (f + 1) % FoldCount;
            int[] asked = [.. Enumerable.Range(0, fold.Length).Where(i => fold[i] == f)];
            (int[][] answers, detail) = UtteranceFit.Run(
                context,
                FormattableString.Invariant($"{Name} fold {f}"),
                [all.Store],
                [sounds.Classes.Count],
                utterances.Select([.. Enumerable.Range(0, fold.Length).Where(i => fold[i] != f && fold[i] != development)]),
                utterances.Select([.. Enumerable.Range(0, fold.Length).Where(i => fold[i] == development)]),
                utterances.Select(asked));
            for (int i = 0; i < asked.Length; i++)
            {
                found[asked[i]] = answers[i][0];
            }
        }

        double[] right = [.. found.Zip(all.Classes, (a, b) => a == b ? 1.0 : 0.0)];
        return new SuiteOutcome(
            [SuiteScore.Mean("accuracy", right, seed), SuiteScore.Of("unweighted-accuracy", right.Length, drawn => Unweighted(drawn, right, all.Classes), seed)],
            $"last fold: {detail}");
    }

    /// <summary>Speakers in a drawn order, dealt to the folds in turn.</summary>
    internal static int[] SpeakerFolds(int[] speakers, ulong seed)
    {
        int[] names = [.. speakers.Distinct().Order()], order = Philox.Permutation(names.Length, seed, Philox.Hash("emotion folds"), 0);
        Dictionary<int, int> foldOf = order.Select((at, i) => (names[at], i % FoldCount)).ToDictionary();
        return Array.ConvertAll(speakers, s => foldOf[s]);
    }

    /// <summary>The mean over classes of the share of each that is right.</summary>
    internal static double Unweighted(int[] drawn, double[] right, int[] classes) => drawn.GroupBy(i => classes[i]).Average(own => own.Average(i => right[i]));
}
