using Tacit.Data;

namespace Tacit.Evaluation.Suite;

/// <summary>
/// <c>ic</c>: what a spoken command asks for, one answer a slot (<see cref="SpokenCommands"/>). 600 commands of speakers of
/// speech-commands-train are learned from, 150 of a fifth of its speakers, held out, are the development part, 400 of the speakers of
/// speech-commands-test the test. Right is a command with all slots right.
/// </summary>
/// <remarks>SUPERB, section 3.2: mean over time and linear, the slots' cross-entropies summed; the benchmark's commands are Fluent Speech Commands.</remarks>
internal sealed class IntentClassification : SuiteTask
{
    private const int Learned = 600, Development = 150, Asked = 400;

    public override string Name => "ic";

    public override string Title => "intent classification";

    public override IReadOnlyList<string> Needs { get; } = ["speech-commands-train", "speech-commands-test"];

    public override SuiteOutcome Run(SuiteContext context)
    {
        ulong seed = context.Options.Seed;
        CommandParts parts = CommandParts.Of(context, Learned, Development, Asked);
        (StateStore Store, Utterances Utterances) Part(string name, IReadOnlyList<SpokenCommand> commands)
        {
            StateStore states = context.States(SpokenCommands.ToSounds(name, commands, SuiteData.Rate));
            return (states, Utterances.Of(states, states.Items, i => commands[i].Intent));
        }

        (StateStore store, Utterances train) = Part("commands to learn", parts.Train);
        (StateStore heldStore, Utterances development) = Part("commands for development", parts.Development);
        Utterances asked = Part("commands to judge", parts.Test).Utterances;
        int[] classes = [.. SpokenCommands.Slots.Select(s => s.Values.Count + 1)];
        (int[][] found, string detail) = UtteranceFit.Run(context, Name, [store, heldStore], classes, train, development, asked);
        return new SuiteOutcome([SuiteScore.Mean("accuracy", UtteranceFit.Right(found, asked.Answers), seed)], detail);
    }
}
