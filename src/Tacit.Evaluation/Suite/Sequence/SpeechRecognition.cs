using System.Globalization;
using Tacit.Evaluation.Decoding;
using Tacit.Evaluation.Scores;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>
/// <c>asr</c>: which letters are said. Parts as in <see cref="PhoneRecognition"/>; an utterance with a character that is no letter, apostrophe or
/// space is left out. Scored as read greedily, and once more as found by a beam search with a model of three words estimated from the training
/// transcripts, whose weight is chosen on the development part.
/// </summary>
/// <remarks>
/// SUPERB, section 3.2: two LSTM layers in both directions (1024 wide, here 256) on stacked states, CTC over letters, SpecAugment on states, word
/// error rate; the benchmark's model of words is LibriSpeech's own 4-gram.
/// </remarks>
internal sealed class SpeechRecognition : SuiteTask
{
    private const double Held = 0.1, StatesASecond = 25, SuperbStatesASecond = 50;

    private static readonly double[] Alphas = [0.25, 0.5, 1], Betas = [0, 1, 2];

    public override string Name => "asr";

    public override string Title => "speech recognition";

    public override IReadOnlyList<string> Needs { get; } = ["librispeech-train", "librispeech-test"];

    /// <summary>Sizes of the head that spells letters; slot filling has the same.</summary>
    public static SequenceHeadSizes Sizes(SuiteContext context) => context.Options.Superb
        ? new SequenceHeadSizes(context.Options.Projector ?? 1024, 2, 1024, true, StateProjector.StackFor(context.Upstream.StateRate, SuperbStatesASecond), 0.2f)
        : new SequenceHeadSizes(context.Options.Projector ?? 256, 2, 256, true, StateProjector.StackFor(context.Upstream.StateRate, StatesASecond), 0.2f);

    /// <summary>Utterances to learn from, and those of speakers held out for development.</summary>
    /// <exception cref="TacitException">All are of one speaker.</exception>
    public static (Transcripts Train, Transcripts Development) Part(SuiteContext context, string name, Transcripts all, double share)
    {
        int[]? speakers = context.Data.Sounds(name).Speakers;
        bool[] held = SuiteSplit.Groups([.. all.Items.Select(i => speakers?[i] ?? -1)], share, context.Options.Seed);
        return held.All(h => h) || !held.Contains(true)
            ? throw new TacitException($"{name} has one speaker only: a development part needs speakers of its own, so at least two are needed.")
            : (all.Select(SuiteSplit.Positions(held, false)), all.Select(SuiteSplit.Positions(held, true)));
    }

    public override SuiteOutcome Run(SuiteContext context)
    {
        Transcripts Read(string name) => Transcripts.Of(context, context.Data.Sounds(name), LetterAlphabet.Encode, "characters other than letters, apostrophes and spaces");
        Transcripts all = Read(Needs[0]), test = Read(Needs[1]);
        (Transcripts train, Transcripts development) = Part(context, Needs[0], all, Held);
        var fit = new CtcFit(context, train, development, Sizes(context), LetterAlphabet.Symbols.Count) { Usual = (600, 8), Mask = true };
        (SequenceHead head, string detail) = fit.Run(Name);
        var model = NGramModel.Estimate(train.Texts.Select(Words));
        Tensor[] answers = [.. HeadFit.Answers(head, test.Store, test.Items)];
        string[] greedy = Greedy(answers);
        CtcBeamOptions best = ChooseWeights([.. HeadFit.Answers(head, development.Store, development.Items)], development.Texts, model);
        string[] beam = Beam(answers, best, model);
        SuiteScore Score(string metric, string[] heard, Func<string, string, ErrorRate> measure)
        {
            ErrorRate[] errors = [.. test.Texts.Zip(heard, (text, one) => measure(text.ToUpperInvariant(), one))];
            return SuiteScore.Of(metric, errors.Length, drawn => ErrorRate.Sum(drawn.Select(i => errors[i])).Value, context.Options.Seed);
        }

        return new SuiteOutcome(
            [Score("wer", greedy, ErrorRate.OfWords), Score("wer-lm", beam, ErrorRate.OfWords), Score("cer", greedy, ErrorRate.OfCharacters)],
            string.Create(CultureInfo.InvariantCulture, $"{detail}, model of words {best.Alpha} with {best.Beta} a word"));
    }

    private static CtcBeamOptions ChooseWeights(Tensor[] answers, string[] texts, NGramModel model) =>
        (from alpha in Alphas from beta in Betas select new CtcBeamOptions { Alpha = alpha, Beta = beta })
        .MinBy(options => ErrorRate.Sum(texts.Zip(Beam(answers, options, model), (text, one) => ErrorRate.OfWords(text.ToUpperInvariant(), one))).Value)!;

    private static string[] Greedy(Tensor[] answers) =>
        [.. answers.Select(logits => LetterAlphabet.Decode(CtcDecoder.Greedy(logits.Reshape(1, logits.Shape[0], logits.Shape[1]))[0]))];

    private static string[] Beam(Tensor[] answers, CtcBeamOptions options, NGramModel model)
    {
        var search = new CtcBeamSearch(options, model, LetterAlphabet.Symbols);
        return [.. answers.Select(logits => LetterAlphabet.Decode(search.Search(logits)[0].Symbols))];
    }

    private static string[] Words(string text) => text.ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
