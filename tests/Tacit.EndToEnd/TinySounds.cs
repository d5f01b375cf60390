using System.Buffers.Binary;
using System.Text;

namespace Tacit.EndToEnd;

/// <summary>Recordings for tests.</summary>
internal static class TinySounds
{
    /// <summary>A tone in the bytes of a WAV file of 16 bit at 16 kHz.</summary>
    public static byte[] Wave(double hertz, int samples)
    {
        byte[] file = new byte[44 + (2 * samples)];
        Encoding.ASCII.GetBytes("RIFF....WAVEfmt ").CopyTo(file, 0);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), 16000);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), 32000);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(34), 16);
        Encoding.ASCII.GetBytes("data").CopyTo(file, 36);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), 2 * samples);
        for (int t = 0; t < samples; t++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(44 + (2 * t)), (short)(8000 * Math.Sin(2 * Math.PI * hertz * t / 16000)));
        }

        return file;
    }
}
