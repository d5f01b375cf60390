using Tacit.Data;

namespace Tacit.Evaluation.Suite;

/// <summary>Commands to learn from, to choose by and to be judged on: no speaker is in two of them.</summary>
/// <param name="Train">Of speakers of speech-commands-train.</param>
/// <param name="Development">Of a fifth of those speakers, held out.</param>
/// <param name="Test">Of the speakers of speech-commands-test.</param>
internal sealed record CommandParts(IReadOnlyList<SpokenCommand> Train, IReadOnlyList<SpokenCommand> Development, IReadOnlyList<SpokenCommand> Test)
{
    private const double Held = 0.2;

    /// <summary>So many commands of each part; the same for every task that asks for as many.</summary>
    public static CommandParts Of(SuiteContext context, int train, int development, int test)
    {
        ulong seed = context.Options.Seed;
        SoundDataset words = context.Data.Sounds("speech-commands-train"), others = context.Data.Sounds("speech-commands-test");
        int[] speakers = [.. Enumerable.Range(0, words.SpeakerNames.Count)];
        bool[] held = SuiteSplit.Groups(speakers, Held, seed);
        return new CommandParts(
            SpokenCommands.Make(words, train, seed, SuiteSplit.Positions(held, false).ToHashSet()),
            SpokenCommands.Make(words, development, seed + 1, SuiteSplit.Positions(held, true).ToHashSet()),
            SpokenCommands.Make(others, test, seed + 2));
    }
}
