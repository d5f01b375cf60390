using Tacit.Data.Sounds;
using Tacit.Tests.Data.Sounds;
using Xunit;

namespace Tacit.Long.Sounds;

/// <summary>How fast sounds are decoded on one core, by the processor's time: run alone, so that it is all theirs.</summary>
[CollectionDefinition(nameof(SoundSpeedTests), DisableParallelization = true)]
[Collection(nameof(SoundSpeedTests))]
public sealed class SoundSpeedTests(ITestOutputHelper output)
{
    [Fact]
    public void Librispeech_decodes_a_thousand_times_faster_than_it_sounds()
    {
        byte[][] files = [.. SharedSounds.Read("librispeech-train").Select(file => file.Bytes)];
        float[] samples = new float[8192];
        double decoding = Best(files, file =>
        {
            using SoundReader reader = Listening.Open(file);
            while (reader.Read(samples) > 0)
            {
            }

            return reader.Info.Seconds;
        });
        double resampling = Best(files, file => SoundDecoder.Mono(new MemoryStream(file), file.Length, 8000).Length / 8000.0);

        output.WriteLine($"one core: {decoding:F0} times real time, checksums included; with resampling to 8 kHz {resampling:F0} times");
        Assert.True(decoding > 1000, $"LibriSpeech is decoded {decoding:F0} times faster than it sounds.");
    }

    /// <summary>The best of five rounds, in seconds of sound a second.</summary>
    private static double Best(byte[][] files, Func<byte[], double> listen)
    {
        double best = 0;
        for (int round = 0; round < 5; round++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            double seconds = files.Sum(listen);
            best = Math.Max(best, seconds / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }

        return best;
    }
}
