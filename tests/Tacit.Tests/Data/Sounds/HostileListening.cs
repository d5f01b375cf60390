using System.Diagnostics;
using Tacit.Data.Sounds;
using Xunit;

namespace Tacit.Tests.Data.Sounds;

/// <summary>Reads bytes that may be anything and checks what must hold for any of them.</summary>
internal static class HostileListening
{
    public const long MaxBytes = 100_000_000;
    private static readonly float[] Piece = new float[8192];

    /// <summary>Reads all, seeks, and resamples; fails the test if anything but samples or a <see cref="SoundException"/> comes out, or if it takes two seconds or 100 MB.</summary>
    /// <returns>The samples of all channels, or -1 where the bytes were refused.</returns>
    public static long TryRead(byte[] bytes, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        long samples = -1;
        try
        {
            using SoundReader reader = Listening.Open(bytes);
            long count = ReadAll(reader, what);
            if (reader.Info.Frames >= 0)
            {
                Assert.Equal(reader.Info.Frames * reader.Info.Channels, count);
            }

            reader.Seek(reader.Position / 2);
            Assert.Equal(count - (reader.Position * reader.Info.Channels), ReadAll(reader, what));
            samples = count;
        }
        catch (SoundException e)
        {
            Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
        }

        try
        {
            SoundDecoder.Mono(new MemoryStream(bytes), bytes.Length, 16000, 50, 3000, ffmpeg: null);
        }
        catch (SoundException)
        {
            Assert.Equal(-1, samples);
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{what} took {elapsed.TotalMilliseconds:F0} ms");
        Assert.True(allocated < MaxBytes, $"{what} allocated {allocated} bytes");
        return samples;
    }

    private static long ReadAll(SoundReader reader, string what)
    {
        long count = 0;
        for (int got; (got = reader.Read(Piece)) > 0; count += got)
        {
            foreach (float sample in Piece.AsSpan(0, got))
            {
                if (!float.IsFinite(sample))
                {
                    Assert.Fail($"{what} gave {sample}");
                }
            }
        }

        return count;
    }
}
