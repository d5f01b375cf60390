using Tacit.Data.Augment;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment.Sounds;

public sealed class MixUtteranceTests
{
    [Fact]
    public void A_part_of_at_most_half_is_mixed_at_a_ratio_within_the_range()
    {
        float[] first = Sounds.Noise(800), second = Sounds.Noise(500, 1);
        RandomSequence random = Sounds.Random();
        var lengths = new List<int>();
        const int Draws = 4000;
        for (int i = 0; i < Draws; i++)
        {
            float[] mixed = [.. first];
            (int start, int length) = MixUtterance.Run(mixed, second, new(), ref random);
            if (length == 0)
            {
                Assert.Equal(first, mixed);
                continue;
            }

            lengths.Add(length);
            Assert.Equal(first[..start], mixed[..start]);
            Assert.Equal(first[(start + length)..], mixed[(start + length)..]);

            // The gain is √(P1 / (P2 10^(snr/10))), snr within ±5 dB; found again by the part of the other that fits.
            float[] added = [.. mixed.Zip(first, (m, f) => m - f).Skip(start).Take(length)];
            if (length > 300)
            {
                double gain = Enumerable.Range(0, 500 - length + 1).Select(at => added.Select((x, k) => (double)x / second[at + k]).ToArray()).Min(Spread).Median;
                Assert.InRange(Sounds.Decibels(Sounds.Power(first) / (Sounds.Power(second) * gain * gain)), -5.01, 5.01);
            }
        }

        Assert.InRange(lengths.Count, Draws * 0.175, Draws * 0.225);
        Assert.InRange(lengths.Max(), 390, 400);
        Assert.InRange(lengths.Average(), 185, 216);       // 200.5, deviation 115 / √800
    }

    [Fact]
    public void Silence_short_and_nothing_are_left()
    {
        var always = new MixUtteranceOptions { Probability = 1 };
        RandomSequence random = Sounds.Random();
        float[] silence = new float[50], one = [1];

        MixUtterance.Run(silence, Sounds.Noise(50), always, ref random);
        MixUtterance.Run(one, Sounds.Noise(50), always, ref random);
        MixUtterance.Run([], Sounds.Noise(50), always, ref random);
        MixUtterance.Run(one, [], always, ref random);

        Assert.Equal(new float[50], silence);
        Assert.Equal([1f], one);
    }

    private static SpreadAndMedian Spread(double[] ratios)
    {
        Array.Sort(ratios);
        return new SpreadAndMedian(ratios[ratios.Length * 3 / 4] - ratios[ratios.Length / 4], ratios[ratios.Length / 2]);
    }

    private readonly record struct SpreadAndMedian(double Spread, double Median) : IComparable<SpreadAndMedian>
    {
        public int CompareTo(SpreadAndMedian other) => Spread.CompareTo(other.Spread);

        public static bool operator <(SpreadAndMedian a, SpreadAndMedian b) => a.CompareTo(b) < 0;

        public static bool operator >(SpreadAndMedian a, SpreadAndMedian b) => a.CompareTo(b) > 0;

        public static bool operator <=(SpreadAndMedian a, SpreadAndMedian b) => a.CompareTo(b) <= 0;

        public static bool operator >=(SpreadAndMedian a, SpreadAndMedian b) => a.CompareTo(b) >= 0;
    }
}
