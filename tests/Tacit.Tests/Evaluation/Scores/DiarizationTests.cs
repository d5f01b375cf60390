using Tacit.Evaluation.Scores;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Evaluation.Scores;

public sealed class DiarizationTests
{
    [Fact]
    public void Missed_false_and_confused_frames()
    {
        // The speakers of the hypothesis come in the other order. A speaks for 0 … 5 and is given 1 … 5 and 8; B for 4 … 7, given 4 … 6 and 9.
        DiarizationErrors errors = DiarizationErrors.Of([Spoken("XXXXXX...."), Spoken("....XXXX..")], [Spoken("....XXX..X"), Spoken(".XXXXX..X.")]);
        Assert.Equal(new DiarizationErrors(Missed: 2, FalseAlarms: 2, Confused: 0, Scored: 10), errors);
        Assert.Equal(0.4, errors.Rate, 1e-12);

        // One for both: half of the turns go to the wrong speaker, and where both speak one is missed.
        Assert.Equal(new DiarizationErrors(2, 0, 2, 10), DiarizationErrors.Of([Spoken("XXXXXX...."), Spoken("....XXXX..")], [Spoken("XXXXXXXX..")]));
    }

    [Fact]
    public void Frames_about_a_change_are_left_out_by_the_collar()
    {
        bool[][] reference = [Spoken("...XXXXX..")], late = [Spoken("....XXXXX.")];
        Assert.Equal(new DiarizationErrors(1, 1, 0, 5), DiarizationErrors.Of(reference, late));
        Assert.Equal(new DiarizationErrors(0, 0, 0, 3), DiarizationErrors.Of(reference, late, collar: 1));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 3)]
    public void Speakers_are_matched_as_the_best_of_all_matchings(int speakers, int given)
    {
        for (int salt = 0; salt < 6; salt++)
        {
            bool[][] reference = Drawn(speakers, salt), hypothesis = Drawn(given, salt + 50);
            int agree = Best(0, []);
            DiarizationErrors errors = DiarizationErrors.Of(reference, hypothesis);
            int both = Enumerable.Range(0, 30).Sum(t => Math.Min(reference.Count(s => s[t]), hypothesis.Count(s => s[t])));
            Assert.Equal(both - agree, errors.Confused);
            Assert.Equal(reference.Sum(s => s.Count(x => x)), errors.Scored);
            Assert.Equal(errors.Scored - errors.Missed, hypothesis.Sum(s => s.Count(x => x)) - errors.FalseAlarms);

            int Best(int r, int[] used) => r == speakers ? 0 : Enumerable.Range(0, given).Except(used)
                .Select(h => reference[r].Zip(hypothesis[h], (a, b) => a && b).Count(x => x) + Best(r + 1, [.. used, h]))
                .Append(Best(r + 1, used)).Max();
        }
    }

    [Fact]
    public void Silence_and_unequal_lengths()
    {
        Assert.Throws<TacitException>(() => DiarizationErrors.Of([Spoken("...")], [Spoken("X..")]).Rate);
        Assert.Throws<ArgumentException>(() => DiarizationErrors.Of([Spoken("...")], [Spoken("....")]));
        Assert.Equal(new DiarizationErrors(3, 0, 0, 3), DiarizationErrors.Of([Spoken("XXX")], []));
    }

    private static bool[] Spoken(string frames) => [.. frames.Select(c => c == 'X')];

    private static bool[][] Drawn(int speakers, int salt) => [.. Enumerable.Range(0, speakers).Select(s => Hashed.Doubles(30, (salt * 10) + s).Select(v => v > 0.2).ToArray())];
}
