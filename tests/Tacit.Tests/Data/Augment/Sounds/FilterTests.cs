using Tacit.Data.Augment;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment.Sounds;

public sealed class FilterTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(5, 3, 1)]
    [InlineData(1000, 200, 0)]
    [InlineData(9000, 700, 699)]
    [InlineData(300, 5000, 40)]
    [InlineData(20000, 257, 128)]
    public void Convolves_as_the_sum_does(int samples, int taps, int delay)
    {
        float[] x = Sounds.Noise(samples), h = Sounds.Noise(taps, 1), actual = [.. x];

        Convolution.Run(actual, h, delay);

        float[] expected = new float[samples];
        for (int t = 0; t < samples; t++)
        {
            double sum = 0;
            for (int k = Math.Max(0, t + delay - samples + 1); k <= Math.Min(taps - 1, t + delay); k++)
            {
                sum += (double)h[k] * x[t + delay - k];
            }

            expected[t] = (float)sum;
        }

        Oracle.AssertClose(expected, actual, 2e-6);
    }

    [Fact]
    public void A_room_without_walls_changes_nothing()
    {
        float[] sound = Sounds.Noise(3000), actual = [.. sound];

        Reverberate.Apply(actual, [0, 0, 0.5f, 0]);

        Oracle.AssertWithin(sound, actual, 1e-5);
    }

    [Fact]
    public void A_room_keeps_length_and_power()
    {
        float[] sound = Sounds.Tone(500, 20000), actual = [.. sound];
        RandomSequence random = Sounds.Random();

        Reverberate.Run(actual, Sounds.Rate, new() { MaxDirect = 0 }, ref random);

        Assert.Equal(Sounds.Power(sound), Sounds.Power(actual), 1e-5);
        Assert.InRange(actual.Zip(sound, (a, s) => Math.Abs(a - s)).Max(), 0.05f, 10);
    }

    [Fact]
    public void A_room_rings_as_long_and_as_loud_as_asked()
    {
        RandomSequence random = Sounds.Random();

        float[] room = Reverberate.Room(Sounds.Rate, 1, 6, ref random);

        Assert.Equal(1, room[0]);
        Assert.Equal(6, Sounds.Decibels(1 / room.Skip(1).Sum(h => (double)h * h)), 1e-3);
        double early = Sounds.Power(room[1..2000]), late = Sounds.Power(room[8001..10000]);
        Assert.Equal(30, Sounds.Decibels(early / late), 1.0);      // 60 dB a second, half a second apart
    }

    [Fact]
    public void A_band_is_silenced_and_the_rest_is_not()
    {
        float[] noise = Sounds.Noise(16384), actual = [.. noise];

        BandDrop.Apply(actual, Sounds.Rate, 1000, 2000);

        double[] before = Sounds.PowerSpectrum(noise), after = Sounds.PowerSpectrum(actual);
        double Kept(int low, int high) => Sounds.Decibels(after[(low * 1024 / 1000)..(high * 1024 / 1000)].Sum() / before[(low * 1024 / 1000)..(high * 1024 / 1000)].Sum());
        Assert.InRange(Kept(1100, 1900), -100, -35);
        Assert.InRange(Kept(0, 900), -0.2, 0.2);
        Assert.InRange(Kept(2100, 7900), -0.2, 0.2);
        float[] tone = Sounds.Tone(4000, 4000), kept = [.. tone];
        BandDrop.Apply(kept, Sounds.Rate, 1000, 2000);
        Oracle.AssertWithin(tone.AsSpan(500, 3000), kept.AsSpan(500, 3000), 5e-3);     // nothing is delayed
    }

    [Fact]
    public void Dropped_bands_are_no_wider_than_allowed_and_none_is_none()
    {
        RandomSequence random = Sounds.Random();
        float[] noise = Sounds.Noise(2048), actual = [.. noise];

        BandDrop.Run(actual, Sounds.Rate, new() { MaxWidth = 0 }, ref random);
        Assert.Equal(noise, actual);
        BandDrop.Run(actual, Sounds.Rate, new() { Probability = 0 }, ref random);
        Assert.Equal(noise, actual);
        BandDrop.Run(actual, Sounds.Rate, new() { MaxWidth = 0.15f }, ref random);
        Assert.InRange(Sounds.Power(actual) / Sounds.Power(noise), 0.5, 0.9999);
        BandDrop.Run([], Sounds.Rate, new(), ref random);
    }

    [Fact]
    public void Gain_is_in_decibels()
    {
        float[] sound = [1, -2];

        Gain.Apply(sound, 20);
        Oracle.AssertWithin([10, -20], sound, 1e-4);

        RandomSequence random = Sounds.Random();
        Gain.Run(sound, new() { MinDecibels = -20, MaxDecibels = -20, FlipProbability = 1 }, ref random);
        Oracle.AssertWithin([-1, 2], sound, 1e-4);
    }
}
