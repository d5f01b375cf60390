using Tacit.Data.Features;
using Xunit;

namespace Tacit.Tests.Data.Features;

public sealed class TorchFeaturesTests
{
    /// <summary>Linear features: within 1e-4 of each number, or of a millionth of the largest (torchaudio computes in float32).</summary>
    private static void AssertRelative(float[] expected, float[] actual)
    {
        float small = expected.Max() * 1e-6f;
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - (1e-4f * expected[i]) - small, expected[i] + (1e-4f * expected[i]) + small);
        }
    }

    [Fact]
    public void Spectrograms_equal_torchaudio()
    {
        AssertRelative(Reference.Get("stft.400"), new Spectrogram(new()).Compute(Reference.Wave)[..(12 * 201)]);
        var magnitude = new Spectrogram(new() { NFft = 512, WinLength = 300, HopLength = 200, Power = 1, Center = false });
        AssertRelative(Reference.Get("stft.magnitude"), magnitude.Compute(Reference.Wave)[..(8 * 257)]);
    }

    [Fact]
    public void Mel_spectrograms_equal_torchaudio()
    {
        AssertRelative(Reference.Get("mel.default"), new MelSpectrogram(new() { NMels = 40 }).Compute(Reference.Wave));
        var slaney = new MelSpectrogramOptions { NFft = 512, HopLength = 160, NMels = 40, SlaneyNorm = true };
        AssertRelative(
            Reference.Get("mel.slaney"), new MelSpectrogram(slaney with { MelScale = MelScale.Slaney, FMin = 50, FMax = 7000 }).Compute(Reference.Wave));
        AssertRelative(Reference.Get("mel.slaneynorm"), new MelSpectrogram(slaney with { Window = WindowType.Hamming }).Compute(Reference.Wave));
        AssertRelative(Reference.Get("mel.byola"), new MelSpectrogram(MelSpectrogramOptions.ByolA).Compute(Reference.Wave));
    }

    [Fact]
    public void Log_mel_equals_torchaudio() =>
        Oracle.AssertWithin(Reference.Get("logmel"), new LogMel(MelSpectrogramOptions.ByolA).Compute(Reference.Wave), 1e-4);

    [Fact]
    public void Decibels_equal_torchaudio()
    {
        float[] power = Reference.Get("mel.byola"), magnitude = Reference.Get("mel.byola");

        AmplitudeToDb.Power(power, 60);
        AmplitudeToDb.Magnitude(magnitude);

        Oracle.AssertWithin(Reference.Get("db.power"), power, 1e-4);
        Oracle.AssertWithin(Reference.Get("db.magnitude"), magnitude, 1e-4);
    }

    [Fact]
    public void Mfcc_equal_torchaudio()
    {
        var options = new MfccOptions { NMfcc = 20, NMels = 40, HopLength = 160 };

        Oracle.AssertClose(Reference.Get("mfcc.torch"), new Mfcc(options).Compute(Reference.Wave), 1e-5);
        Oracle.AssertWithin(Reference.Get("mfcc.torchlog"), new Mfcc(options with { LogMels = true }).Compute(Reference.Wave), 1e-4);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 0)]
    [InlineData(159, 1, 0)]
    [InlineData(400, 3, 1)]
    [InlineData(16000, 101, 98)]
    public void Sound_of_every_length_has_its_frames(int samples, int centred, int inside)
    {
        var options = new MelSpectrogramOptions { HopLength = 160, NMels = 8 };
        float[] sound = [.. Enumerable.Repeat(0.5f, samples)];

        foreach ((int frames, MelSpectrogram features) in new[] { (centred, new MelSpectrogram(options)), (inside, new MelSpectrogram(options with { Center = false })) })
        {
            float[] actual = features.Compute(sound);
            Assert.Equal(frames, features.Frames(samples));
            Assert.Equal(frames * 8, actual.Length);

            // A constant is its own mirror image: every frame is the same.
            Assert.All(actual.Chunk(8), row => Assert.Equal(actual[..8], row));
        }
    }

    [Fact]
    public void What_cannot_work_is_refused()
    {
        Assert.Throws<TacitException>(() => new Spectrogram(new() { NFft = 401 }));
        Assert.Throws<TacitException>(() => new Spectrogram(new() { WinLength = 500 }));
        Assert.Throws<TacitException>(() => new MelSpectrogram(new() { FMax = 9000 }));
        Assert.Throws<TacitException>(() => new Mfcc(new() { NMfcc = 200 }));
    }
}
