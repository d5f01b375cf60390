using Tacit.Data.Features;
using Xunit;

namespace Tacit.Tests.Data.Features;

public sealed class KaldiFeaturesTests
{
    private const double Allowed = 1e-4;

    public static TheoryData<string, bool, KaldiFbankOptions> FbankCases => new()
    {
        { "fbank.23", true, new() },
        { "fbank.40", true, new() { NumMelBins = 40 } },
        { "fbank.80", true, new() { NumMelBins = 80 } },
        { "fbank.small", false, new() { NumMelBins = 80 } },
        { "fbank.hamming", true, new() { NumMelBins = 40, WindowType = WindowType.Hamming, PreemphasisCoefficient = 0.9f, RemoveDcOffset = false } },
        { "fbank.hanning", true, new() { NumMelBins = 40, WindowType = WindowType.Hanning, LowFreq = 60, HighFreq = -400, UseEnergy = true } },
        { "fbank.blackman", true, new() { WindowType = WindowType.Blackman, UseEnergy = true, RawEnergy = false, SubtractMean = true } },
        { "fbank.noedges", true, new() { NumMelBins = 40, SnipEdges = false } },
        { "fbank.longshift", true, new() { NumMelBins = 40, SnipEdges = false, FrameShift = 40, SampleFrequency = 8000, HighFreq = 3700 } },
        { "fbank.floor", false, new() { UseEnergy = true, EnergyFloor = 0 } },
    };

    [Theory]
    [MemberData(nameof(FbankCases))]
    public void Fbank_equals_torchaudio(string name, bool levels, KaldiFbankOptions options)
    {
        float[] actual = new KaldiFbank(options).Compute(levels ? Reference.Levels : Reference.Wave);

        Oracle.AssertWithin(Reference.Get(name), actual, Allowed);
    }

    [Fact]
    public void Fbank_of_magnitudes_and_without_logarithm_equal_torchaudio()
    {
        var magnitudes = new KaldiFbank(new() { WindowType = WindowType.Rectangular, UsePower = false, RoundToPowerOfTwo = false });
        var linear = new KaldiFbank(new() { UseLogFbank = false, PreemphasisCoefficient = 0 });

        Oracle.AssertWithin(Reference.Get("fbank.rectangular"), magnitudes.Compute(Reference.Levels), Allowed);
        float[] expected = Reference.Get("fbank.linear"), actual = linear.Compute(Reference.Wave);
        Oracle.AssertWithin([.. expected.Select(_ => 1f)], [.. actual.Zip(expected, (a, e) => a / e)], Allowed);
    }

    [Fact]
    public void Mfcc_equal_torchaudio()
    {
        var energy = new KaldiMfcc(new() { UseEnergy = true, NumCeps = 20, NumMelBins = 40, CepstralLifter = 0, WindowType = WindowType.Hamming });

        Oracle.AssertWithin(Reference.Get("mfcc"), new KaldiMfcc(new()).Compute(Reference.Levels), Allowed);
        Oracle.AssertWithin(Reference.Get("mfcc.energy"), energy.Compute(Reference.Levels), Allowed);
    }

    [Fact]
    public void Spectrograms_equal_torchaudio()
    {
        var plain = new KaldiSpectrogram(new());
        var energy = new KaldiSpectrogram(new() { RawEnergy = false, SnipEdges = false, WindowType = WindowType.Hamming });

        // Single lines far below the frame's strongest: torchaudio in float32 is 1.1e-4 away from torchaudio in double.
        Oracle.AssertWithin(Reference.Get("spectrogram"), plain.Compute(Reference.Levels).AsSpan(0, 12 * 257), Allowed * 2);
        Oracle.AssertWithin(Reference.Get("spectrogram.energy"), energy.Compute(Reference.Levels).AsSpan(0, 8 * 257), Allowed * 2);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(79, 0, 0)]
    [InlineData(80, 0, 1)]
    [InlineData(399, 0, 2)]
    [InlineData(400, 1, 3)]
    [InlineData(559, 1, 3)]
    [InlineData(560, 2, 4)]
    [InlineData(16000, 98, 100)]
    public void Frames_are_counted_as_Kaldi_does(int samples, int snipped, int mirrored)
    {
        Assert.Equal(snipped, new KaldiFbank(new()).Frames(samples));
        Assert.Equal(mirrored, new KaldiFbank(new() { SnipEdges = false }).Frames(samples));
        Assert.Equal(snipped * 23, new KaldiFbank(new()).Compute(new float[samples]).Length);
        Assert.Equal(mirrored * 23, new KaldiFbank(new() { SnipEdges = false }).Compute(new float[samples]).Length);
    }

    [Fact]
    public void Silence_gives_the_floor()
    {
        float[] fbank = new KaldiFbank(new() { UseEnergy = true }).Compute(new float[800]);

        float floor = MathF.Log(1.1920929e-7f);
        Oracle.AssertWithin([.. Enumerable.Range(0, fbank.Length).Select(i => i % 24 == 0 ? 0 : floor)], fbank, 1e-5);
    }

    [Fact]
    public void A_frame_has_the_same_bits_wherever_it_stands()
    {
        var features = new KaldiFbank(new() { NumMelBins = 80 });
        float[] all = features.Compute(Reference.Wave), later = features.Compute(Reference.Wave.AsSpan(160 * 5));

        Assert.Equal(all.AsSpan(5 * 80).ToArray(), later);
    }

    [Fact]
    public void Threads_may_share_one()
    {
        var features = new KaldiMfcc(new());
        float[] expected = features.Compute(Reference.Wave);
        float[][] actual = new float[4][];
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() => actual[i] = features.Compute(Reference.Wave)))];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.All(actual, a => Assert.Equal(expected, a));
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var features = new KaldiFbank(new() { NumMelBins = 80 });
        float[] wave = Reference.Wave, target = new float[features.Frames(wave.Length) * 80];
        features.Write(wave, target);
        features.Write(wave, target);

        long before = GC.GetAllocatedBytesForCurrentThread();
        features.Write(wave, target);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_cannot_work_is_refused()
    {
        Assert.Throws<TacitException>(() => new KaldiFbank(new() { HighFreq = 9000 }));
        Assert.Throws<TacitException>(() => new KaldiFbank(new() { LowFreq = 8000 }));
        Assert.Throws<TacitException>(() => new KaldiFbank(new() { NumMelBins = 3 }));
        Assert.Throws<TacitException>(() => new KaldiMfcc(new() { NumCeps = 24 }));
        Assert.Throws<TacitException>(() => new KaldiFbank(new() { FrameLength = 0.05 }));
        Assert.Throws<TacitException>(() => new KaldiSpectrogram(new() { SampleFrequency = 11025, RoundToPowerOfTwo = false }));
        Assert.Throws<ArgumentException>(() => new KaldiFbank(new()).Write(new float[400], new float[22]));
    }
}
