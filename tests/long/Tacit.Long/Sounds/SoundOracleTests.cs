using System.Diagnostics;
using Tacit.Data.Sounds;
using Tacit.Tests.Data.Sounds;
using Xunit;

namespace Tacit.Long.Sounds;

/// <summary>Every recording of shared/data against what `flac -d` and sox read, and how fast they are decoded.</summary>
public sealed class SoundOracleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("librispeech-train")]
    [InlineData("librispeech-test")]
    [InlineData("speech-commands-train")]
    [InlineData("speech-commands-test")]
    [InlineData("fsdd-train")]
    [InlineData("fsdd-test")]
    [InlineData("emodb-4class")]
    public void Samples_equal_those_of_other_decoders(string name)
    {
        (int files, int stated, long samples) = SharedSounds.Compare(name);

        output.WriteLine($"{name}: {files} files, {samples} samples equal, {stated} files held to the MD5 in their header");
    }

    [Fact]
    public void Librispeech_decodes_a_thousand_times_faster_than_it_sounds()
    {
        byte[][] files = [.. SharedSounds.Read("librispeech-train").Select(file => file.Bytes)];
        float[] samples = new float[8192];
        double best = 0;
        for (int round = 0; round < 5; round++)
        {
            long start = Stopwatch.GetTimestamp();
            double seconds = 0;
            foreach (byte[] file in files)
            {
                using SoundReader reader = Listening.Open(file);
                while (reader.Read(samples) > 0)
                {
                }

                seconds += reader.Info.Seconds;
            }

            best = Math.Max(best, seconds / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        long mixing = Stopwatch.GetTimestamp();
        double heard = files.Sum(file => SoundDecoder.Mono(new MemoryStream(file), file.Length, 8000).Length / 8000.0);
        output.WriteLine($"one thread: {best:F0} times real time, checksums included; resampled to 8 kHz {heard / Stopwatch.GetElapsedTime(mixing).TotalSeconds:F0} times");
        Assert.True(best > 1000, $"LibriSpeech is decoded {best:F0} times faster than it sounds.");
    }
}
