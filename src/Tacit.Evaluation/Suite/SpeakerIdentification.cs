using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// <c>sid</c>: which of the speakers of librispeech-train is heard in a piece of at most 1 s. Of each speaker a quarter of the utterances is
/// held out for the test and an eighth for development, each at least one, all pieces of an utterance on one side. Speakers read one chapter
/// each at one microphone, which the mean spectrum alone gives away: with longer pieces FBANK leaves nothing to be gained.
/// </summary>
/// <remarks>SUPERB, section 3.2: mean over time and linear, cross-entropy, accuracy; the benchmark's speakers are VoxCeleb1's 1,251.</remarks>
internal sealed class SpeakerIdentification : SuiteTask
{
    private const double PieceSeconds = 1, TestShare = 0.25, DevelopmentShare = 0.125;

    private static readonly ulong Stream = Philox.Hash("speaker utterances");

    private enum Part
    {
        Train,
        Development,
        Test,
    }

    public override string Name => "sid";

    public override string Title => "speaker identification";

    public override IReadOnlyList<string> Needs { get; } = ["librispeech-train"];

    public override SuiteOutcome Run(SuiteContext context)
    {
        ulong seed = context.Options.Seed;
        SoundDataset whole = context.Data.Sounds(Needs[0]), pieces = whole.Cut(PieceSeconds).BySpeaker();
        if (whole.SpeakerNames.Count < 2)
        {
            throw new TacitException($"{Evaluator.Name(whole.Path)} has recordings of one speaker only; telling speakers apart needs at least two.");
        }

        LabelledSet all = LabelledSet.Of(context, pieces, pieces.Classes);
        Utterances utterances = all.Utterances();
        Part[] parts = Split([.. all.Items.Select(i => SoundPieces.Whole(pieces.Names[i]))], all.Classes, seed, pieces.Classes);
        Utterances Of(Part part) => utterances.Select([.. Enumerable.Range(0, parts.Length).Where(i => parts[i] == part)]);
        Utterances asked = Of(Part.Test);
        (int[][] found, string detail) = UtteranceFit.Run(context, Name, [all.Store], [pieces.Classes.Count], Of(Part.Train), Of(Part.Development), asked);
        return new SuiteOutcome([SuiteScore.Mean("accuracy", UtteranceFit.Right(found, asked.Answers), seed)], detail);
    }

    private static Part[] Split(string[] utterances, int[] speakers, ulong seed, IReadOnlyList<string> names)
    {
        var sides = new Dictionary<string, Part>(StringComparer.Ordinal);
        for (int speaker = 0; speaker < names.Count; speaker++)
        {
            string[] own = [.. utterances.Where((_, i) => speakers[i] == speaker).Distinct(StringComparer.Ordinal)];
            if (own.Length < 3)
            {
                throw new TacitException($"Speaker {names[speaker]} has {own.Length} recordings; telling speakers apart needs three of each, one to learn from, one for the learning rate and one for the test.");
            }

            int test = Math.Max(1, (int)(own.Length * TestShare)), development = Math.Max(1, (int)(own.Length * DevelopmentShare));
            int[] order = Philox.Permutation(own.Length, seed, Stream, speaker);
            for (int i = 0; i < own.Length; i++)
            {
                sides[own[order[i]]] = i < test ? Part.Test : i < test + development ? Part.Development : Part.Train;
            }
        }

        return Array.ConvertAll(utterances, u => sides[u]);
    }
}
