using System.Buffers.Binary;
using System.Text;

namespace Tacit.Data.Files;

/// <summary>One 512-byte header of a tar: POSIX ustar, GNU, or the older kind without a magic.</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int Size = 512;

    private readonly ReadOnlySpan<byte> block = block;

    /// <summary>What the entry is: '0' or 0 a file, '5' a folder, 'L' a long name, 'x' PAX records …</summary>
    public char Type => (char)block[156];

    /// <summary>An all-zero block ends the archive.</summary>
    public bool IsEnd => !block.ContainsAnyExcept((byte)0);

    /// <summary>The name, with POSIX's prefix.</summary>
    public string Name
    {
        get
        {
            string name = Text(block[..100]);
            bool posix = block.Slice(257, 6).SequenceEqual("ustar\0"u8);
            string prefix = posix ? Text(block.Slice(345, 155)) : "";
            return prefix.Length == 0 ? name : $"{prefix}/{name}";
        }
    }

    /// <summary>The bytes that follow, before padding to whole blocks; negative where the field is not a number.</summary>
    public long Length => Number(block.Slice(124, 12));

    /// <summary>Whether the checksum holds: the sum of all bytes, the checksum's own taken as spaces.</summary>
    public bool IsValid
    {
        get
        {
            int sum = 8 * ' ';
            for (int i = 0; i < Size; i++)
            {
                sum += i is >= 148 and < 156 ? 0 : block[i];
            }

            return sum == Number(block.Slice(148, 8));
        }
    }

    public static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    /// <summary>Octal digits, or GNU's base 256 for what octal digits cannot hold.</summary>
    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            return field.Length > 8 && field[0] == 0x80 && !field[1..^8].ContainsAnyExcept((byte)0) ? BinaryPrimitives.ReadInt64BigEndian(field[^8..]) : -1;
        }

        long value = 0;
        bool any = false;
        foreach (byte b in field)
        {
            if (b is >= (byte)'0' and <= (byte)'7')
            {
                value = (value * 8) + (b - '0');
                any = true;
            }
            else if (b is (byte)' ' or 0)
            {
                if (any)
                {
                    break;
                }
            }
            else
            {
                return -1;
            }
        }

        return value;
    }
}
