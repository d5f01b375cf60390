using System.Buffers.Binary;

namespace Tacit.EndToEnd;

/// <summary>WAV files made on the spot: voices that hum a tone with overtones and noise, and all the ways in which a file can be bad.</summary>
internal static class TinySounds
{
    public const int Rate = 16000;

    public static readonly string[] Classes = ["high", "low"];

    /// <summary>One folder a class, so many recordings of about a second in each.</summary>
    public static string Folders(string folder, int perClass)
    {
        for (int c = 0; c < Classes.Length; c++)
        {
            for (int i = 0; i < perClass; i++)
            {
                Write(Path.Combine(folder, Classes[c], $"{i:00}.wav"), Hum(c, i, Rate + (800 * (i % 5))));
            }
        }

        return folder;
    }

    /// <summary>Every kind of bad input beside twelve good recordings.</summary>
    public static string Troubled(string folder)
    {
        for (int i = 0; i < 12; i++)
        {
            Write(Path.Combine(folder, $"good-{i:00}.wav"), Hum(i % 2, i, Rate + (800 * (i % 5))));
        }

        byte[] lies = Wav(Hum(0, 20, Rate));
        BinaryPrimitives.WriteInt32LittleEndian(lies.AsSpan(40), 10_000_000);
        File.WriteAllBytes(Path.Combine(folder, "lies-about-length.wav"), lies);
        File.WriteAllBytes(Path.Combine(folder, "empty.wav"), []);
        File.WriteAllBytes(Path.Combine(folder, "header-only.wav"), Wav([]));
        File.WriteAllText(Path.Combine(folder, "not-sound.wav"), "This is text, whatever its name says.");
        Write(Path.Combine(folder, "zeros.wav"), new float[Rate]);
        Write(Path.Combine(folder, "faint.wav"), [.. Hum(0, 21, Rate).Select(x => x * 0.001f)]);
        Write(Path.Combine(folder, "clipped.wav"), [.. Hum(1, 22, Rate).Select(x => x * 8)]);
        File.WriteAllBytes(Path.Combine(folder, "not-a-number.wav"), FloatWav([.. Hum(0, 23, Rate).Select((x, i) => i == 777 ? float.NaN : x)]));
        Write(Path.Combine(folder, "stereo-44100.wav"), Hum(1, 24, 2 * 44100), 44100, 2);
        Write(Path.Combine(folder, "too-short.wav"), Hum(0, 25, 300));
        Write(Path.Combine(folder, "one-sample.wav"), [0.25f]);
        File.WriteAllText(Path.Combine(folder, "README"), "Not counted.");
        File.WriteAllText(Path.Combine(folder, "notes.doc"), "Ignored.");
        return folder;
    }

    /// <summary>A tone, its overtones and some noise; the same on every machine to the last bit that 16 bits keep.</summary>
    public static float[] Hum(int kind, int item, int samples)
    {
        uint state = (uint)((kind * 7919) + (item * 104729) + 1);
        uint Next() => (state = (state * 1664525) + 1013904223) >> 8;
        double pitch = (kind == 0 ? 240 : 110) + (Next() % 30);
        return [.. Enumerable.Range(0, samples).Select(i =>
        {
            double t = 2 * Math.PI * pitch * i / Rate;
            return (float)((0.2 * Math.Sin(t)) + (0.1 * Math.Sin(2 * t)) + (0.05 * Math.Sin(3 * t)) + (0.02 * ((Next() % 2001 / 1000.0) - 1)));
        })];
    }

    public static void Write(string path, float[] interleaved, int rate = Rate, int channels = 1)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Wav(interleaved, rate, channels));
    }

    public static byte[] Wav(float[] interleaved, int rate = Rate, int channels = 1)
    {
        byte[] bytes = Header(1, rate, channels, 2, interleaved.Length);
        for (int i = 0; i < interleaved.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + (2 * i)), (short)Math.Clamp(Math.Round(interleaved[i] * 32768), short.MinValue, short.MaxValue));
        }

        return bytes;
    }

    public static byte[] FloatWav(float[] samples)
    {
        byte[] bytes = Header(3, Rate, 1, 4, samples.Length);
        for (int i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(44 + (4 * i)), samples[i]);
        }

        return bytes;
    }

    /// <summary>A long WAV file, written piece by piece.</summary>
    public static void Long(string path, int seconds)
    {
        using FileStream file = File.Create(path);
        file.Write(Header(1, Rate, 1, 2, 0)[..44]);
        byte[] second = Wav(Hum(1, 30, Rate))[44..];
        for (int s = 0; s < seconds; s++)
        {
            second[2 * (s % 100)] ^= 1;
            file.Write(second);
        }

        byte[] size = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(size, 2 * Rate * seconds);
        file.Seek(40, SeekOrigin.Begin);
        file.Write(size);
    }

    private static byte[] Header(short format, int rate, int channels, int bytesPerSample, int samples)
    {
        byte[] bytes = new byte[44 + (bytesPerSample * samples)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), format);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), rate * channels * bytesPerSample);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)(channels * bytesPerSample));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), (short)(8 * bytesPerSample));
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), bytesPerSample * samples);
        return bytes;
    }
}
