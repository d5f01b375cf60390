using Tacit.Data.Augment;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment.Sounds;

public sealed class MixNoiseTests
{
    [Theory]
    [InlineData(-5)]
    [InlineData(0)]
    [InlineData(12.5)]
    public void The_ratio_asked_for_is_the_ratio_had(float snr)
    {
        float[] clean = Sounds.Tone(440, 4000), noise = Sounds.Noise(3000), mixed = [.. clean];

        MixNoise.AtSnr(mixed, noise, snr);

        float[] added = [.. mixed.Zip(clean, (m, c) => m - c)];
        Assert.Equal(snr, Sounds.Decibels(Sounds.Power(clean[..3000]) / Sounds.Power(added[..3000])), 1e-3);
        Assert.Equal(clean[3000..], mixed[3000..]);
    }

    [Fact]
    public void A_hand_computed_mixture()
    {
        float[] sound = [3, -3, 3, -3];

        // Powers 9 and 4; at 0 dB the noise is multiplied by 3 / 2.
        MixNoise.AtSnr(sound, [2, 2, -2, -2], 0);

        Assert.Equal([6f, 0, 0, -6], sound);
    }

    [Fact]
    public void Ratios_are_drawn_evenly_from_the_range()
    {
        var options = new MixNoiseOptions { MinSnr = -5, MaxSnr = 20, Probability = 0.5f };
        float[] clean = Sounds.Tone(300, 400), noise = Sounds.Noise(100);
        RandomSequence random = Sounds.Random();
        var ratios = new List<double>();
        const int Draws = 4000;
        for (int i = 0; i < Draws; i++)
        {
            float[] mixed = [.. clean];
            MixNoise.Run(mixed, noise, options, ref random);
            double added = Sounds.Power(mixed.Zip(clean, (m, c) => m - c));
            if (added > 0)
            {
                ratios.Add(Sounds.Decibels(Sounds.Power(clean) / added));
            }
        }

        Assert.InRange(ratios.Count, Draws * 0.46, Draws * 0.54);
        Assert.InRange(ratios.Min(), -5.01, -4.8);
        Assert.InRange(ratios.Max(), 19.8, 20.01);
        Assert.InRange(ratios.Average(), 7.0, 8.0);        // 7.5, deviation 7.2 / √2000
    }

    [Theory]
    [InlineData(NoiseColour.White)]
    [InlineData(NoiseColour.Pink)]
    [InlineData(NoiseColour.Brown)]
    public void Synthetic_noise_serves_as_well(NoiseColour colour)
    {
        var options = new MixNoiseOptions { MinSnr = 10, MaxSnr = 10 };
        float[] clean = Sounds.Tone(300, 1000), mixed = [.. clean];
        RandomSequence random = Sounds.Random();

        MixNoise.Run(mixed, colour, options, ref random);

        Assert.Equal(10, Sounds.Decibels(Sounds.Power(clean) / Sounds.Power(mixed.Zip(clean, (m, c) => m - c))), 1e-2);
    }

    [Fact]
    public void Silence_and_nothing_stay_what_they_are()
    {
        float[] silence = new float[100], sound = Sounds.Tone(300, 100);
        RandomSequence random = Sounds.Random();

        MixNoise.Run(silence, Sounds.Noise(100), new(), ref random);
        MixNoise.Run([], Sounds.Noise(100), new(), ref random);
        MixNoise.Run([], NoiseColour.Pink, new(), ref random);
        MixNoise.Run(sound, [], new(), ref random);
        MixNoise.Run(sound, new float[10], new(), ref random);

        Assert.Equal(new float[100], silence);
        Assert.Equal(Sounds.Tone(300, 100), sound);
    }

    [Theory]
    [InlineData(NoiseColour.White, 0)]
    [InlineData(NoiseColour.Pink, 1)]
    [InlineData(NoiseColour.Brown, 2)]
    public void A_colour_is_a_slope(NoiseColour colour, int slope)
    {
        float[] noise = new float[4096];
        RandomSequence random = Sounds.Random();

        ColouredNoise.Fill(noise, colour, ref random);

        double[] power = Sounds.PowerSpectrum(noise);
        for (int k = 1; k < 2048; k++)
        {
            Assert.InRange(power[k] * Math.Pow(k, slope) / power[1], 0.99, 1.01);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(300_000)]
    public void Noise_of_every_length_has_mean_0_and_power_1(int length)
    {
        float[] noise = new float[length];
        RandomSequence random = Sounds.Random();

        ColouredNoise.Fill(noise, NoiseColour.Pink, ref random);

        Assert.Equal(0, noise.Average(), 1e-3);
        Assert.Equal(length == 1 ? 0 : 1, Sounds.Power(noise), 1e-3);
    }
}
