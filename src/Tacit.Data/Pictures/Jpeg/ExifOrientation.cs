using System.Buffers.Binary;

namespace Tacit.Data.Pictures.Jpeg;

/// <summary>Finds tag 0x0112 (orientation, 1 to 8) in an Exif segment: a small TIFF file of either byte order (CIPA DC-008).</summary>
internal static class ExifOrientation
{
    private const int OrientationTag = 0x0112;
    private const int TypeShort = 3;
    private const int TypeLong = 4;
    private const int EntryBytes = 12;

    /// <summary>The orientation, or 1 (upright) where the segment has none or makes no sense.</summary>
    /// <param name="segment">The APP1 segment behind its length, beginning with "Exif" and two more bytes.</param>
    public static int Read(ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 14)
        {
            return 1;
        }

        ReadOnlySpan<byte> tiff = segment[6..];
        bool bigEndian = tiff.StartsWith("MM"u8);
        if (!bigEndian && !tiff.StartsWith("II"u8))
        {
            return 1;
        }

        uint directory = ReadUInt32(tiff[4..], bigEndian);
        if (directory > (uint)tiff.Length - 2)
        {
            return 1;
        }

        ReadOnlySpan<byte> entries = tiff[(int)directory..];
        int count = ReadUInt16(entries, bigEndian);
        entries = entries[2..];
        for (; count > 0 && entries.Length >= EntryBytes; count--, entries = entries[EntryBytes..])
        {
            if (ReadUInt16(entries, bigEndian) != OrientationTag)
            {
                continue;
            }

            uint value = ReadUInt16(entries[2..], bigEndian) switch
            {
                TypeShort => (uint)ReadUInt16(entries[8..], bigEndian),
                TypeLong => ReadUInt32(entries[8..], bigEndian),
                _ => 1,
            };
            return value is >= 1 and <= 8 ? (int)value : 1;
        }

        return 1;
    }

    private static int ReadUInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
