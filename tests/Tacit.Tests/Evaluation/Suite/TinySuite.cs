using System.Buffers.Binary;
using Tacit.Evaluation.Suite;

namespace Tacit.Tests.Evaluation.Suite;

/// <summary>A folder of sets in which words are tones, higher for each class, and voices differ in loudness; a cache beside it.</summary>
internal sealed class TinySuite : IDisposable
{
    public const int Rate = 16000;

    private readonly TemporaryFolder folder = new();

    public string Data => folder["data"];

    public string Cache => folder["cache"];

    /// <summary>A word of a speaker: 0.3 s of a tone.</summary>
    public TinySuite Word(string set, string word, int speaker, int take = 0, int? pitch = null) =>
        Write($"{set}/{word}/{(word == "_unknown_" ? "bird_" : "")}{0xabc00000 + speaker:x8}_nohash_{take}.wav", pitch ?? Pitch(word), speaker, take);

    /// <summary>So many speakers who say each of some words.</summary>
    public TinySuite Words(string set, int firstSpeaker, int speakers, params string[] words)
    {
        foreach (string word in words)
        {
            for (int s = 0; s < speakers; s++)
            {
                Word(set, word, firstSpeaker + s);
            }
        }

        return this;
    }

    /// <summary>A recording under any name in the folder of sets.</summary>
    public TinySuite Write(string name, int pitch, int speaker, int take, double seconds = 0.3)
    {
        string path = Path.Combine(Data, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Wav(Tone(pitch, speaker, take, (int)(seconds * Rate))));
        return this;
    }

    public TinySuite Text(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Data, name))!);
        File.WriteAllText(Path.Combine(Data, name), text);
        return this;
    }

    public SuiteContext Context(Upstream? upstream = null, SuiteOptions? options = null, Action<string>? say = null, long cacheBytes = StateCache.UsualBytes) =>
        new(upstream ?? Upstream.Open("raw"), new SuiteData(Data), options ?? new SuiteOptions { Steps = 300 }, new StateCache(Cache, cacheBytes)) { Say = say };

    public void Dispose() => folder.Dispose();

    public static float[] Tone(int pitch, int speaker, int take, int samples)
    {
        uint state = (uint)((pitch * 31) + (speaker * 7919) + (take * 104729) + 1);
        uint Next() => (state = (state * 1664525) + 1013904223) >> 8;
        float loud = 0.1f + (0.02f * (speaker % 10));
        return [.. Enumerable.Range(0, samples).Select(i => (float)(loud * Math.Sin(2 * Math.PI * pitch * i / Rate)) + (0.01f * ((Next() % 2001 / 1000f) - 1)))];
    }

    private static int Pitch(string word) => 200 + (word.Sum(c => c * 37) % 23 * 150);

    private static byte[] Wav(float[] samples)
    {
        byte[] bytes = new byte[44 + (2 * samples.Length)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), Rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), 2 * Rate);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), 2 * samples.Length);
        for (int i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + (2 * i)), (short)Math.Round(samples[i] * 32767));
        }

        return bytes;
    }
}
