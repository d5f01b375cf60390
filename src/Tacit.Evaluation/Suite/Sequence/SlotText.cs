using Tacit.Evaluation.Scores;

namespace Tacit.Evaluation.Suite.Sequence;

/// <summary>Commands as symbols: the letters of their words, and before and after a word that fills a slot a symbol that says which.</summary>
/// <remarks>As the benchmark writes Audio SNIPS: <c>B-artist … E-artist</c>.</remarks>
internal static class SlotText
{
    private static readonly int Letters = LetterAlphabet.Symbols.Count;

    /// <summary>The letters' symbols, then two for each slot.</summary>
    public static int Symbols { get; } = Letters + (2 * SpokenCommands.Slots.Count);

    /// <summary>A command's symbols, or null where a word has a character that is no letter.</summary>
    public static int[]? Encode(SpokenCommand command)
    {
        var symbols = new List<int>();
        foreach (SpokenWord word in command.Words)
        {
            if (LetterAlphabet.Encode(word.Word) is not { } letters)
            {
                return null;
            }

            symbols.AddRange(symbols.Count > 0 ? [Space] : []);
            symbols.AddRange(word.Slot < 0 ? letters : [Begin(word.Slot), .. letters, End(word.Slot)]);
        }

        return [.. symbols];
    }

    /// <summary>The slots that symbols spell: from a slot's beginning to the next end of the same slot, the letters between. What is not closed is no slot.</summary>
    public static IReadOnlyList<Slot> Slots(IReadOnlyList<int> symbols)
    {
        var slots = new List<Slot>();
        for (int i = 0; i < symbols.Count; i++)
        {
            int slot = symbols[i] >= Letters && (symbols[i] - Letters) % 2 == 0 ? (symbols[i] - Letters) / 2 : -1;
            int end = slot < 0 ? -1 : symbols.ToList().IndexOf(End(slot), i + 1);
            if (end > 0)
            {
                slots.Add(new Slot(SpokenCommands.Slots[slot].Name, LetterAlphabet.Decode(symbols.Skip(i + 1).Take(end - i - 1).Where(s => s < Letters))));
                i = end;
            }
        }

        return slots;
    }

    private const int Space = 1;

    private static int Begin(int slot) => Letters + (2 * slot);

    private static int End(int slot) => Begin(slot) + 1;
}
