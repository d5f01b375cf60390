using Tacit.Data;
using Tacit.Evaluation.Suite.Sequence;
using Xunit;

namespace Tacit.Tests.Evaluation.Suite.Sequence;

public sealed class MixtureTests
{
    private const int Rate = 16000;

    [Fact]
    public void Speech_is_what_is_loud_without_short_gaps_and_clicks()
    {
        // 2 s: silence, then 0.5 … 1.5 loud with a gap of 0.1 s, and a click at 1.8.
        float[] samples = new float[2 * Rate];
        for (int i = 0; i < samples.Length; i++)
        {
            double t = (double)i / Rate;
            bool loud = (t is >= 0.5 and < 1.5 && t is not (>= 1 and < 1.1)) || t is >= 1.8 and < 1.81;
            samples[i] = (float)((loud ? 0.5 : 0.001) * Math.Sin(440 * 2 * Math.PI * t));
        }

        bool[] speech = SpeechActivity.Of(samples, Rate);
        Assert.Equal(200, speech.Length);
        Assert.Equal(Enumerable.Range(49, 102), Enumerable.Range(0, 200).Where(t => speech[t]));      // a block more on each side, by the mean of three
        Assert.All(SpeechActivity.Of(new float[Rate], Rate), Assert.False);
        Assert.Empty(SpeechActivity.Of(new float[10], Rate));
    }

    [Fact]
    public void A_state_has_what_is_said_in_its_middle()
    {
        bool[] blocks = [.. Enumerable.Range(0, 10).Select(t => t is 3 or 4 or 5)];
        Assert.Equal([false, true, true, false, false, false], SpeechActivity.At(blocks, 6, 50));      // middles in blocks 1, 3, 5, 7, 9 and beyond
        Assert.Equal(blocks, SpeechActivity.At(blocks, 10, 100));
    }

    [Fact]
    public void Two_speakers_take_turns_and_overlap_and_are_where_they_are_said_to_be()
    {
        using SoundDataset speech = Tones(4);
        IReadOnlyList<SoundMixture> mixtures = SoundMixture.TwoSpeakers(speech, [[0], [1], [2], [3]], 20, 5);
        int both = 0, one = 0;
        foreach (SoundMixture mixture in mixtures)
        {
            Assert.Equal((12 * Rate, 1200, 1200), (mixture.Samples.Length, mixture.Spoken[0].Length, mixture.Spoken[1].Length));
            for (int t = 0; t < 1200; t++)
            {
                bool sounds = mixture.Samples.AsSpan(t * 160, 160).ContainsAnyExcept(0f);
                Assert.Equal(mixture.Spoken[0][t] || mixture.Spoken[1][t], sounds);
                both += mixture.Spoken[0][t] && mixture.Spoken[1][t] ? 1 : 0;
                one += mixture.Spoken[0][t] != mixture.Spoken[1][t] ? 1 : 0;
            }
        }

        Assert.InRange((double)both / (both + one), 0.1, 0.4);
        Assert.Equal(mixtures[3].Samples, SoundMixture.TwoSpeakers(speech, [[0], [1], [2], [3]], 4, 5)[3].Samples);
        Assert.NotEqual(mixtures[3].Samples, SoundMixture.TwoSpeakers(speech, [[0], [1], [2], [3]], 4, 6)[3].Samples);
    }

    [Fact]
    public void Noisy_speech_has_pauses_that_are_noise_alone()
    {
        using SoundDataset speech = Tones(2);
        double[] shares = [.. SoundMixture.Noisy(speech, [0, 1], 10, 1).Select(mixture =>
        {
            Assert.Equal((8 * Rate, 800), (mixture.Samples.Length, mixture.Spoken[0].Length));
            Assert.All(mixture.Samples, x => Assert.NotEqual(0, x));
            double Power(bool spoken) => Enumerable.Range(0, 800).Where(t => mixture.Spoken[0][t] == spoken).Average(t => mixture.Samples.AsSpan(t * 160, 160).ToArray().Average(x => (double)x * x));
            Assert.True(Power(true) > Power(false));
            return mixture.Spoken[0].Count(s => s) / 800.0;
        })];
        Assert.InRange(shares.Average(), 0.4, 0.8);
    }

    /// <summary>5 s of a tone each, without a pause.</summary>
    private static SoundDataset Tones(int count) => SoundDataset.Of("tones", [.. Enumerable.Range(0, count).Select(s =>
        Enumerable.Range(0, 5 * Rate).Select(i => (float)(0.3 * Math.Sin((i + 0.5) * (0.05 + (0.01 * s))))).ToArray())]);
}
