using System.Buffers.Binary;
using Tacit.Data.Sounds;
using Tacit.Data.Sounds.Flac;
using Tacit.Tests.Data.Pictures;

namespace Tacit.Tests.Data.Sounds;

/// <summary>Damages sounds; a pure function of the number of the mutation. What damages any file is that of pictures.</summary>
internal static class SoundMutations
{
    /// <summary>A damaged copy of one of the originals.</summary>
    public static byte[] Mutate(IReadOnlyList<byte[]> originals, ulong number) => (number % 3) switch
    {
        0 when InsideFrame(originals[(int)(number / 3 % (ulong)originals.Count)], number) is { } deep => deep,
        1 => Lie([.. originals[(int)(number / 3 % (ulong)originals.Count)]], number),
        _ => PictureMutations.Mutate(originals, number),
    };

    /// <summary>
    /// Most damage to a FLAC file ends at its checksums. This damages a frame and puts its checksums right, so that it goes deeper.
    /// </summary>
    private static byte[]? InsideFrame(byte[] original, ulong number)
    {
        if (!FlacMetadata.IsFlac(original))
        {
            return null;
        }

        ulong state = number * 0x9E3779B97F4A7C15UL;
        List<(int Start, int Header, int Size)> frames = Frames(original);
        (int start, int header, int size) = frames[Next(ref state, frames.Count)];
        byte[] mutant = [.. original];
        for (int i = 0; i <= Next(ref state, 3); i++)
        {
            // The first subframes' headers and parameters more often than the rest.
            int reach = Next(ref state, 2) == 0 ? Math.Min(size - 2, header + 12) : size - 2;
            int at = start + 2 + Next(ref state, reach - 2);
            mutant[at] = Next(ref state, 2) == 0 ? (byte)Next(ref state, 256) : (byte)(mutant[at] ^ (1 << Next(ref state, 8)));
        }

        mutant[start + header - 1] = (byte)Checksum(mutant.AsSpan(start, header - 1), 0x07, 8);
        BinaryPrimitives.WriteUInt16BigEndian(mutant.AsSpan(start + size - 2), (ushort)Checksum(mutant.AsSpan(start, size - 2), 0x8005, 16));
        return mutant;
    }

    /// <summary>Lets a header's number claim something that it has no right to.</summary>
    private static byte[] Lie(byte[] bytes, ulong number)
    {
        ulong state = number * 0xD1B54A32D192ED03UL;
        uint[] claims = [0, 1, 2, 255, 256, 65535, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, (uint)bytes.Length, (uint)bytes.Length + 1, (uint)bytes.Length * 2, 0x01000000];
        for (int i = 0; i <= Next(ref state, 2); i++)
        {
            int at = Next(ref state, Math.Min(bytes.Length, 64) - 4);
            uint claim = claims[Next(ref state, claims.Length)];
            switch (Next(ref state, 3))
            {
                case 0:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), claim);
                    break;
                case 1:
                    BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), claim);
                    break;
                default:
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)claim);
                    break;
            }
        }

        return bytes;
    }

    /// <summary>Where the first forty frames of a FLAC file begin, and the bytes of their headers and of all.</summary>
    public static List<(int Start, int Header, int Size)> Frames(byte[] file)
    {
        var stream = new FlacStream(new SoundInput(new MemoryStream(file), file.Length, leaveOpen: false));
        var frames = new List<(int, int, int)>();
        var frame = new FlacFrame();
        for (long start = stream.Input.Position; frames.Count < 40 && stream.Next(frame); start = stream.Input.Position)
        {
            frames.Add(((int)start, frame.Header.Size, (int)(stream.Input.Position - start)));
        }

        return frames;
    }

    /// <summary>A cyclic redundancy check bit by bit.</summary>
    public static int Checksum(ReadOnlySpan<byte> bytes, int polynomial, int bits)
    {
        int register = 0;
        foreach (byte b in bytes)
        {
            register ^= b << (bits - 8);
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register << 1) ^ ((register >> (bits - 1) & 1) != 0 ? polynomial : 0);
                register &= (1 << bits) - 1;
            }
        }

        return register;
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014), reduced to a number below <paramref name="limit"/>.</summary>
    private static int Next(ref ulong state, int limit)
    {
        state += 0x9E3779B97F4A7C15UL;
        ulong z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (int)((z ^ (z >> 31)) % (ulong)limit);
    }
}
