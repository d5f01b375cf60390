using Tacit.Data.Augment;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Data.Augment.Sounds;

public sealed class SpeedAndPitchTests
{
    [Theory]
    [InlineData(0.9f)]
    [InlineData(1.1f)]
    [InlineData(1.7f)]
    public void A_tone_played_faster_is_a_higher_tone(float speed)
    {
        float[] changed = ChangeSpeed.Apply(Sounds.Tone(1000, 8000), speed);

        Assert.Equal((int)Math.Round(8000 / (double)speed), changed.Length);
        float[] expected = Sounds.Tone(1000 * (double)speed, changed.Length);
        Oracle.AssertWithin(expected.AsSpan(100, changed.Length - 200), changed.AsSpan(100, changed.Length - 200), 1e-3);
    }

    [Fact]
    public void What_would_fold_back_is_filtered_out()
    {
        float[] changed = ChangeSpeed.Apply(Sounds.Tone(6000, 8000), 2);

        Assert.InRange(changed[100..3900].Max(Math.Abs), 0, 2e-3f);
    }

    [Fact]
    public void Speed_1_and_pitch_0_change_nothing()
    {
        float[] sound = Sounds.Noise(1000);

        Assert.Equal(sound, ChangeSpeed.Apply(sound, 1));
        Assert.Equal(sound, ChangePitch.Apply(sound, Sounds.Rate, 0));
        float[] stretched = ChangePitch.Stretch(sound, Sounds.Rate, 1);
        Oracle.AssertWithin(sound, stretched, 1e-5);
    }

    [Theory]
    [InlineData(-5f)]
    [InlineData(3f)]
    [InlineData(12f)]
    public void Pitch_moves_by_semitones_and_length_and_power_stay(float semitones)
    {
        float[] sound = Sounds.Tone(440, 16384), changed = ChangePitch.Apply(sound, Sounds.Rate, semitones);

        double[] power = Sounds.PowerSpectrum(changed);
        int loudest = Array.IndexOf(power, power.Max());
        double expected = 440 * Math.Pow(2, semitones / 12) * 16384 / Sounds.Rate;
        Assert.Equal(sound.Length, changed.Length);
        Assert.InRange(loudest, expected - 2, expected + 2);
        Assert.InRange(Sounds.Power(changed) / Sounds.Power(sound), 0.9, 1.1);
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(1.6)]
    public void A_stretched_tone_keeps_its_pitch(double factor)
    {
        float[] stretched = ChangePitch.Stretch(Sounds.Tone(500, 16000), Sounds.Rate, factor);

        // Zero crossings of 500 Hz: a thousand a second.
        float[] middle = stretched[800..^800];
        int crossings = middle.Zip(middle.Skip(1), (a, b) => a < 0 != b < 0 ? 1 : 0).Sum();
        Assert.Equal((int)Math.Round(16000 * factor), stretched.Length);
        Assert.InRange(crossings * 16.0 / middle.Length, 0.99, 1.01);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void Short_and_silent_sounds_are_handled(int samples)
    {
        Assert.Equal(new float[samples], ChangePitch.Apply(new float[samples], Sounds.Rate, 2));
        Assert.Equal(new float[ChangeSpeed.Length(samples, 0.9f)], ChangeSpeed.Apply(new float[samples], 0.9f));
    }
}
