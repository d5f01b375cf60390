using Tacit.Data;
using Tacit.Evaluation.Suite;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.Suite;

public sealed class SpokenCommandsTests
{
    private static TinySuite Suite() => new TinySuite()
        .Words("words", 1, 4, "go", "stop", "up", "left", "yes")
        .Word("words", "_unknown_", 2)
        .Word("words", "go", 9);

    [Fact]
    public void A_command_is_recorded_words_of_one_speaker_where_it_says_they_are()
    {
        using TinySuite suite = Suite();
        using SoundDataset words = SoundDataset.Open(Path.Combine(suite.Data, "words"));
        IReadOnlyList<SpokenCommand> commands = SpokenCommands.Make(words, 200, 3);

        Assert.Equal(4, commands.Select(c => c.Speaker).Distinct().Count());      // not the one who says "go" alone
        foreach (SpokenCommand command in commands)
        {
            Assert.InRange(command.Intent.Count(v => v > 0), 2, 3);
            int end = 0;
            foreach (SpokenWord word in command.Words)
            {
                Assert.InRange(word.Start - end, 0, (int)(0.2 * TinySuite.Rate));
                Assert.All(command.Samples[end..word.Start], x => Assert.Equal(0, x));
                end = word.Start + word.Samples;
                Assert.Contains(Enumerable.Range(0, words.Count), i =>
                    words.SpeakerNames[words.Speakers![i]] == command.Speaker && words.Read(i).AsSpan().SequenceEqual(command.Samples.AsSpan(word.Start, word.Samples)));
                Assert.Equal(word.Word, word.Slot < 0 ? "bird" : SpokenCommands.Slots[word.Slot].Values[command.Intent[word.Slot] - 1]);
            }

            Assert.Equal(end, command.Samples.Length);
        }

        Assert.Contains(commands, c => c.Words.Any(w => w.Slot < 0));
        Assert.Contains(commands, c => c.Words.Count(w => w.Slot >= 0) == 3);
        Assert.True(commands.Select(c => string.Join(' ', c.Words.Select(w => w.Slot))).Distinct().Count() > 6, "words come in any order");
    }

    [Fact]
    public void Commands_follow_from_the_seed_alone()
    {
        using TinySuite suite = Suite();
        using SoundDataset words = SoundDataset.Open(Path.Combine(suite.Data, "words"));
        float[][] Samples(int count, ulong seed) => [.. SpokenCommands.Make(words, count, seed).Select(c => c.Samples)];

        Assert.Equal(Samples(5, 1), Samples(9, 1)[..5]);
        Assert.NotEqual(Samples(5, 1), Samples(5, 2));
    }

    [Fact]
    public void Words_of_one_slot_make_no_command()
    {
        using TinySuite suite = new TinySuite().Words("words", 1, 3, "go", "stop");
        using SoundDataset words = SoundDataset.Open(Path.Combine(suite.Data, "words"));

        Assert.Contains("two of the slots action, direction, answer", Assert.Throws<TacitException>(() => SpokenCommands.Make(words, 1, 0)).Message, StringComparison.Ordinal);
    }
}
