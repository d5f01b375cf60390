using Tacit.Data.Sounds;

namespace Tacit.Tests.Data.Sounds;

/// <summary>Whole sounds out of bytes, without another program.</summary>
internal static class Listening
{
    public static SoundReader Open(byte[] file) => SoundDecoder.Open(new MemoryStream(file), file.Length, leaveOpen: false, ffmpeg: null);

    public static float[] Floats(byte[] file, int piece = 4096)
    {
        using SoundReader reader = Open(file);
        return Floats(reader, piece);
    }

    public static float[] Floats(SoundReader reader, int piece = 4096)
    {
        var all = new List<float>();
        float[] samples = new float[Math.Max(piece, reader.Info.Channels)];
        for (int got; (got = reader.Read(samples)) > 0;)
        {
            all.AddRange(samples.AsSpan(0, got));
        }

        return [.. all];
    }

    public static int[] Integers(SoundReader reader, int piece = 4096)
    {
        var all = new List<int>();
        int[] samples = new int[Math.Max(piece, reader.Info.Channels)];
        for (int got; (got = reader.ReadIntegers(samples)) > 0;)
        {
            all.AddRange(samples.AsSpan(0, got));
        }

        return [.. all];
    }
}
