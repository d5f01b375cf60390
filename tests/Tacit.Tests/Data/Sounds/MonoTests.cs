using Tacit.Data.Sounds;

namespace Tacit.Tests.Data.Sounds;

public sealed class MonoTests
{
    [Theory]
    [InlineData("flac-stereo1.flac")]
    [InlineData("flac-seektable.flac")]
    [InlineData("flac-6channels.flac")]
    [InlineData("flac-hand-unknown-total.flac")]
    [InlineData("wav-float32.wav")]
    [InlineData("sphere-16bit-be.sph")]
    public void Any_part_equals_that_of_the_whole(string name)
    {
        ReferenceSound reference = ReferenceSounds.Get(name);
        float[] mono = [.. reference.Floats.Chunk(reference.Channels).Select(frame => frame.Sum() / reference.Channels)];
        foreach (int rate in new[] { 0, 16000, reference.Rate / 2 })
        {
            float[] expected = rate is 0 || rate == reference.Rate ? mono : new Resampler(reference.Rate, rate).Resample(mono);
            Assert.Equal(expected, Mono(reference.File, rate));
            foreach ((int start, int count) in new[] { (0, 5), (1, 1), (77, 200), (expected.Length - 3, 3), (expected.Length - 3, 300), (expected.Length, 4), (expected.Length + 9, 4) })
            {
                Assert.Equal(expected.Skip(start).Take(count), Mono(reference.File, rate, start, count));
            }

            Assert.Equal(expected[20..], Mono(reference.File, rate, 20));
        }
    }

    [Fact]
    public void The_length_is_known_before_anything_is_read()
    {
        ReferenceSound reference = ReferenceSounds.Get("flac-stereo1.flac");
        using var reader = new MonoReader(Listening.Open(reference.File), 16000);

        Assert.Equal(Mono(reference.File, 16000).Length, reader.Length);
    }

    [Fact]
    public void A_header_that_claims_hours_costs_what_is_there()
    {
        byte[] file = [.. ReferenceSounds.Get("flac-level5-mono.flac").File];
        file[21] |= 0x0F;
        file[22] = 0xFF;
        long before = GC.GetAllocatedBytesForCurrentThread();

        SoundException refused = Assert.Throws<SoundException>(() => Mono(file, 16000));

        Assert.Contains("truncated", refused.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8_000_000);
    }

    [Fact]
    public void Absurd_rates_are_refused()
    {
        byte[] file = ReferenceSounds.Get("wav-16bit.wav").File;
        Assert.Throws<SoundException>(() => Mono(file, 3));
        Assert.Throws<SoundException>(() => Mono(file, int.MaxValue));
    }

    private static float[] Mono(byte[] file, int rate, long start = 0, int? count = null) =>
        SoundDecoder.Mono(new MemoryStream(file), file.Length, rate, start, count, ffmpeg: null);
}
