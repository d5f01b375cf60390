using System.Buffers.Binary;

namespace Tacit.Data.Pictures.Png;

/// <summary>Where a chunk's data lies, and its type's four letters as one big-endian number.</summary>
internal readonly record struct PngChunk(uint Type, int Start, int Length)
{
    /// <summary>Behind the chunk's data and CRC.</summary>
    public int End => Start + Length + 4;
}

/// <summary>The chunk structure of a PNG file (W3C PNG specification, clause 5).</summary>
internal static class PngChunks
{
    public const uint Header = 0x49484452;
    public const uint Palette = 0x504C5445;
    public const uint Data = 0x49444154;
    public const uint End = 0x49454E44;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The chunk that begins at a position; all of its bytes are there.</summary>
    public static PngChunk Read(ReadOnlySpan<byte> file, int position)
    {
        if (file.Length - position < 12)
        {
            throw Truncated();
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[position..]);
        if (length > (uint)(file.Length - position - 12))
        {
            throw Truncated();
        }

        return new PngChunk(BinaryPrimitives.ReadUInt32BigEndian(file[(position + 4)..]), position + 8, (int)length);
    }

    /// <summary>Throws unless the chunk's CRC is that of its type and data.</summary>
    public static void CheckCrc(ReadOnlySpan<byte> file, PngChunk chunk)
    {
        uint expected = BinaryPrimitives.ReadUInt32BigEndian(file[(chunk.Start + chunk.Length)..]);
        if (Crc32.Of(file.Slice(chunk.Start - 4, chunk.Length + 4)) != expected)
        {
            throw Corrupt("a chunk's checksum is wrong");
        }
    }

    public static PictureException Truncated() => new("The PNG picture is truncated: the file ends before its data does.");

    public static PictureException Corrupt(string what) => new($"The PNG picture is corrupt: {what}.");
}
