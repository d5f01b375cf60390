using System.Buffers.Binary;

namespace Tacit.Tests.Data.Pictures;

/// <summary>Damages files in the ways that disks, networks and ill will do; a pure function of the number of the mutation.</summary>
internal static class PictureMutations
{
    /// <summary>A damaged copy of one of the originals.</summary>
    public static byte[] Mutate(IReadOnlyList<byte[]> originals, ulong number)
    {
        ulong state = number * 0x9E3779B97F4A7C15UL;
        byte[] original = originals[Next(ref state, originals.Count)];
        byte[] mutant = [.. original];
        int rounds = 1 + Next(ref state, 4);
        for (int i = 0; i < rounds && mutant.Length > 0; i++)
        {
            mutant = MutateOnce(mutant, originals, ref state);
        }

        // Most damage to a PNG ends at its checksums; half the time they are put right, so that it goes deeper.
        if (Next(ref state, 2) == 0)
        {
            RepairChecksums(mutant);
        }

        return mutant;
    }

    private static byte[] MutateOnce(byte[] bytes, IReadOnlyList<byte[]> originals, ref ulong state)
    {
        // Headers are a small part of a file and the most of what can go wrong: half of all damage is done there.
        int reach = Next(ref state, 2) == 0 ? Math.Min(bytes.Length, 700) : bytes.Length;
        int at = Next(ref state, reach);
        switch (Next(ref state, 8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << Next(ref state, 8));
                return bytes;
            case 1:
                bytes[at] = (byte)Next(ref state, 256);
                return bytes;
            case 2:
                byte[] extremes = [0x00, 0xFF, 0x7F, 0x80, 0x01];
                bytes.AsSpan(at, Math.Min(1 + Next(ref state, 4), bytes.Length - at)).Fill(extremes[Next(ref state, extremes.Length)]);
                return bytes;
            case 3:
                return bytes[..at];
            case 4:
                int gone = Math.Min(1 + Next(ref state, 40), bytes.Length - at);
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + gone)];
            case 5:
                int twice = Math.Min(1 + Next(ref state, 200), bytes.Length - at);
                return [.. bytes.AsSpan(0, at + twice), .. bytes.AsSpan(at)];
            case 6:
                byte[] other = originals[Next(ref state, originals.Count)];
                return [.. bytes.AsSpan(0, at), .. other.AsSpan(Math.Min(at, other.Length))];
            default:
                for (int i = at; i < Math.Min(at + 16, bytes.Length); i++)
                {
                    bytes[i] = (byte)Next(ref state, 256);
                }

                return bytes;
        }
    }

    private static void RepairChecksums(byte[] png)
    {
        if (png.Length < 8 || png[0] != 0x89)
        {
            return;
        }

        int position = 8;
        while (png.Length - position >= 12)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(position));
            if (length > (uint)(png.Length - position - 12))
            {
                return;
            }

            Span<byte> chunk = png.AsSpan(position + 4, (int)length + 8);
            BinaryPrimitives.WriteUInt32BigEndian(chunk[^4..], Checksum(chunk[..^4]));
            position += (int)length + 12;
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint register = uint.MaxValue;
        foreach (byte b in bytes)
        {
            register ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                register = (register & 1) != 0 ? (register >> 1) ^ 0xEDB88320 : register >> 1;
            }
        }

        return ~register;
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
