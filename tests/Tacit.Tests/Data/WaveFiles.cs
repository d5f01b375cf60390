using System.Text;
using Tacit.Tensors;

namespace Tacit.Tests.Data;

/// <summary>WAV files of 16 bits, one channel.</summary>
internal static class WaveFiles
{
    /// <summary>A tone with a little noise, in the bytes of a file.</summary>
    public static byte[] Tone(double seconds, double hertz, int rate = 16000)
    {
        var random = new RandomSequence(1, (ulong)hertz, 0);
        var samples = new short[(int)Math.Round(seconds * rate)];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)((8000 * Math.Sin(2 * Math.PI * hertz * i / rate)) + random.NextUniform(-50, 50));
        }

        return Of(samples, rate);
    }

    public static byte[] Of(ReadOnlySpan<short> samples, int rate = 16000)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.ASCII);
        writer.Write("RIFF"u8);
        writer.Write(36 + (2 * samples.Length));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(2 * rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(2 * samples.Length);
        foreach (short sample in samples)
        {
            writer.Write(sample);
        }

        return bytes.ToArray();
    }
}
