using Tacit.Evaluation.Scores;
using Tacit.Evaluation.Suite;
using Tacit.Evaluation.Suite.Sequence;
using Xunit;

namespace Tacit.Tests.Evaluation.Suite.Sequence;

public sealed class SlotTextTests
{
    private static SpokenCommand Command(params (string Word, int Slot)[] words) => new("who", [], [.. words.Select(w => new SpokenWord(w.Word, w.Slot, 0, 1))]);

    [Fact]
    public void A_command_is_written_with_its_slots_and_read_again()
    {
        int[] symbols = SlotText.Encode(Command(("go", 0), ("bird", -1), ("no", 2)))!;

        // 29 letters' symbols, then begin and end of each slot; G is 9, O 17.
        Assert.Equal([29, 9, 17, 30, 1], symbols[..5]);
        Assert.Equal([33, 16, 17, 34], symbols[^4..]);
        Assert.Equal([new Slot("action", "GO"), new Slot("answer", "NO")], SlotText.Slots(symbols));
        Assert.Equal(35, SlotText.Symbols);
        Assert.Null(SlotText.Encode(Command(("go", 0), ("_unknown_", -1))));
    }

    [Fact]
    public void What_is_not_closed_is_no_slot_and_other_marks_within_are_not_letters()
    {
        Assert.Equal([], SlotText.Slots([29, 9, 17]));
        Assert.Equal([], SlotText.Slots([30, 9, 29]));
        Assert.Equal([new Slot("action", "GO")], SlotText.Slots([29, 9, 33, 17, 30]));
        Assert.Equal([new Slot("answer", "G")], SlotText.Slots([29, 33, 9, 34, 17]));
        Assert.Equal([new Slot("action", "")], SlotText.Slots([29, 30]));
    }
}
