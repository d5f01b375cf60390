using Tacit.Evaluation.Scores;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>
/// <c>sf</c>: which slots a spoken command fills, and with what, letter by letter (<see cref="SlotText"/>). The commands are those of
/// <see cref="IntentClassification"/>: 600 to learn from, 150 for development, 400 to be judged by.
/// </summary>
/// <remarks>
/// SUPERB, section 3.2: the head of speech recognition, CTC over letters and marks of slots; F1 of slot types and character error rate of slot
/// values. The benchmark's commands are Audio SNIPS. Read greedily.
/// </remarks>
internal sealed class SlotFilling : SuiteTask
{
    private const int Learned = 600, Development = 150, Asked = 400;

    public override string Name => "sf";

    public override string Title => "slot filling";

    public override IReadOnlyList<string> Needs { get; } = ["speech-commands-train", "speech-commands-test"];

    public override SuiteOutcome Run(SuiteContext context)
    {
        CommandParts parts = CommandParts.Of(context, Learned, Development, Asked);
        Transcripts train = Write(context, "commands to learn", parts.Train), development = Write(context, "commands for development", parts.Development);
        Transcripts test = Write(context, "commands to judge", parts.Test);
        var fit = new CtcFit(context, train, development, SpeechRecognition.Sizes(context), SlotText.Symbols) { Usual = (500, 16), Mask = true };
        (SequenceHead head, string detail) = fit.Run(Name);
        (double F1, ErrorRate Errors)[] scores = [.. HeadFit.Answers(head, test.Store, test.Items).Select((logits, i) =>
        {
            IReadOnlyList<Slot> wanted = SlotText.Slots(test.Targets[i]), given = SlotText.Slots(CtcDecoder.Greedy(logits.Reshape(1, logits.Shape[0], logits.Shape[1]))[0]);
            return (SlotScores.TypeF1(wanted, given), SlotScores.ValueErrors(wanted, given));
        })];
        ulong seed = context.Options.Seed;
        return new SuiteOutcome(
            [
                SuiteScore.Mean("slot-f1", [.. scores.Select(s => s.F1)], seed),
                SuiteScore.Of("slot-cer", scores.Length, drawn => ErrorRate.Sum(drawn.Select(i => scores[i].Errors)).Value, seed),
            ],
            detail);
    }

    private static Transcripts Write(SuiteContext context, string name, IReadOnlyList<SpokenCommand> commands)
    {
        StateStore store = context.States(SpokenCommands.ToSounds(name, commands, SuiteData.Rate));
        (int Item, int[]? Symbols)[] written = [.. store.Items.Select(i => (i, SlotText.Encode(commands[i])))];
        (int Item, int[] Symbols)[] kept = [.. written.Where(w => w.Symbols is not null).Select(w => (w.Item, w.Symbols!))];
        return kept.Length == 0
            ? throw new TacitException($"None of the {name} can be written in letters: their words are named by folders such as 'left'.")
            : new Transcripts(store, [.. kept.Select(k => k.Item)], [.. kept.Select(k => string.Join(' ', commands[k.Item].Words.Select(w => w.Word)))], [.. kept.Select(k => k.Symbols)]);
    }
}
