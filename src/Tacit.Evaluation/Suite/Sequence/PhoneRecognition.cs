using Tacit.Evaluation.Scores;
using Tacit.Nn;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>
/// <c>pr</c>: which phones are said. Learned from librispeech-train but for a tenth of it, whole speakers, which is the development part; judged on
/// librispeech-test. Transcripts become the phones of cmudict-en-us.dict.gz; an utterance with a word that is not in there is left out.
/// </summary>
/// <remarks>SUPERB, section 3.2: a linear head with CTC, phone error rate. Read greedily.</remarks>
internal sealed class PhoneRecognition : SuiteTask
{
    private const double Held = 0.1;
    private const int SmallProjector = 256;

    public override string Name => "pr";

    public override string Title => "phone recognition";

    public override IReadOnlyList<string> Needs { get; } = ["librispeech-train", "librispeech-test", "cmudict-en-us.dict.gz"];

    public override SuiteOutcome Run(SuiteContext context)
    {
        SuiteOptions options = context.Options;
        var lexicon = Lexicon.Read(context.Data.FilePath(Needs[2]));
        Transcripts Read(string name) => Transcripts.Of(context, context.Data.Sounds(name), lexicon.Encode, "words that are not in the lexicon");
        Transcripts all = Read(Needs[0]), test = Read(Needs[1]);
        (Transcripts train, Transcripts development) = SpeechRecognition.Part(context, Needs[0], all, Held);
        var fit = new CtcFit(context, train, development, new SequenceHeadSizes(options.Projector ?? SmallProjector), lexicon.Phones.Count + 1) { Usual = (1000, 8) };
        (SequenceHead head, string detail) = fit.Run(Name);
        ErrorRate[] errors = [.. HeadFit.Answers(head, test.Store, test.Items)
            .Select((logits, i) => ErrorRate.Of<int>(test.Targets[i], CtcDecoder.Greedy(logits.Reshape(1, logits.Shape[0], logits.Shape[1]))[0]))];
        return new SuiteOutcome([SuiteScore.Of("per", errors.Length, drawn => ErrorRate.Sum(drawn.Select(i => errors[i])).Value, options.Seed)], detail);
    }
}
