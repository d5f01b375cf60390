using Tacit.Data;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// <c>ks</c>: which of ten words is said, or another, or none. Learned from speech-commands-train, whose development part is a fifth of it,
/// whole speakers; judged on speech-commands-test. The classes of these sets are of one size, so none is drawn more often than others.
/// </summary>
/// <remarks>SUPERB, section 3.2: mean over time and linear, cross-entropy, accuracy over 12 classes.</remarks>
internal sealed class KeywordSpotting : SuiteTask
{
    private const double Held = 0.2;

    public override string Name => "ks";

    public override string Title => "keyword spotting";

    public override IReadOnlyList<string> Needs { get; } = ["speech-commands-train", "speech-commands-test"];

    public override SuiteOutcome Run(SuiteContext context)
    {
        SoundDataset learned = context.Data.Sounds(Needs[0]);
        LabelledSet train = LabelledSet.Of(context, learned, learned.Classes), test = LabelledSet.Of(context, context.Data.Sounds(Needs[1]), learned.Classes);
        ulong seed = context.Options.Seed;
        bool[] held = SuiteSplit.Groups(train.Speakers, Held, seed);
        Utterances all = train.Utterances(), asked = test.Utterances();
        (int[][] found, string detail) = UtteranceFit.Run(
            context, Name, [train.Store], [learned.Classes.Count], all.Select(SuiteSplit.Positions(held, false)), all.Select(SuiteSplit.Positions(held, true)), asked);
        return new SuiteOutcome([SuiteScore.Mean("accuracy", UtteranceFit.Right(found, asked.Answers), seed)], detail);
    }
}
