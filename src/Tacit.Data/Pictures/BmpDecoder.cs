using System.Buffers.Binary;
using System.Numerics;

namespace Tacit.Data.Pictures;

/// <summary>Windows and OS/2 bitmaps: 1, 4 and 8 bits with a palette (plain or run-length coded), 16, 24 and 32 bits, bit fields, either row order.</summary>
internal static class BmpDecoder
{
    private const int FileHeaderBytes = 14;
    private const int CoreHeaderBytes = 12;
    private const int InfoHeaderBytes = 40;

    // Values of the compression field.
    private const uint Plain = 0;
    private const uint RunLength8 = 1;
    private const uint RunLength4 = 2;
    private const uint BitFields = 3;
    private const uint AlphaBitFields = 6;

    // Two bytes of run-length code give at most 255 pixels; four give a jump over up to 255 rows that stay empty.
    private const long MaxPixelsPerByte = 1024;

    /// <summary>Whether a file begins as a bitmap does: two letters, and (where they are there) a header size that exists.</summary>
    public static bool IsBmp(ReadOnlySpan<byte> head) =>
        head.Length >= 2 && head[0] == 'B' && head[1] == 'M' && (head.Length < 18 || IsHeaderSize(BinaryPrimitives.ReadUInt32LittleEndian(head[14..])));

    public static PictureInfo Identify(ReadOnlySpan<byte> file)
    {
        Header header = ReadHeader(file);
        return new PictureInfo(header.Width, header.Height, 3, PictureFormat.Bmp);
    }

    public static Picture Decode(ReadOnlySpan<byte> file)
    {
        Header header = ReadHeader(file);
        ReadOnlySpan<byte> data = header.DataStart <= file.Length ? file[(int)header.DataStart..] : throw Truncated();
        bool isRunLength = header.Compression is RunLength8 or RunLength4;
        long stride = (((long)header.Width * header.Bits) + 31) / 32 * 4;
        long pixelCount = (long)header.Width * header.Height;

        // The last row's padding may be missing.
        long leastBytes = isRunLength ? pixelCount / MaxPixelsPerByte : (stride * (header.Height - 1)) + (((header.Width * header.Bits) + 7) / 8);
        PictureLimits.Check("BMP", header.Width, header.Height, pixelCount * (isRunLength ? 4 : 3), leastBytes <= data.Length);
        byte[] pixels = GC.AllocateUninitializedArray<byte>((int)pixelCount * 3);
        byte[] palette = header.Bits <= 8 ? ReadPalette(file, header) : [];
        if (isRunLength)
        {
            byte[] indices = new byte[pixelCount];
            BmpRunLength.Decode(data, header.Width, header.Height, header.Compression == RunLength4, indices);
            for (int y = 0; y < header.Height; y++)
            {
                UnpackIndexed(indices.AsSpan(y * header.Width, header.Width), 8, palette, Row(pixels, header, y));
            }

            return new Picture(header.Width, header.Height, 3, pixels);
        }

        for (int y = 0; y < header.Height; y++)
        {
            ReadOnlySpan<byte> row = data[(int)(y * stride)..];
            Span<byte> to = Row(pixels, header, y);
            switch (header.Bits)
            {
                case <= 8:
                    UnpackIndexed(row, header.Bits, palette, to);
                    break;
                case 24:
                    UnpackBytes(row, 3, to);
                    break;
                case 32 when header.Masks == Masks.Plain32:
                    UnpackBytes(row, 4, to);
                    break;
                default:
                    UnpackMasked(row, header.Bits / 8, header.Masks, to);
                    break;
            }
        }

        return new Picture(header.Width, header.Height, 3, pixels);
    }

    private static Header ReadHeader(ReadOnlySpan<byte> file)
    {
        if (file.Length < FileHeaderBytes + CoreHeaderBytes)
        {
            throw Truncated();
        }

        uint dataStart = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(file[FileHeaderBytes..]);
        if (!IsHeaderSize(size))
        {
            throw Corrupt($"its header claims a size of {size} bytes");
        }

        ReadOnlySpan<byte> info = file[FileHeaderBytes..];
        if (info.Length < size)
        {
            throw Truncated();
        }

        if (size == CoreHeaderBytes)
        {
            int coreBits = BinaryPrimitives.ReadUInt16LittleEndian(info[10..]);
            if (coreBits is not (1 or 4 or 8 or 24))
            {
                throw Corrupt($"its header claims {coreBits} bits a pixel");
            }

            int coreWidth = BinaryPrimitives.ReadUInt16LittleEndian(info[4..]);
            int coreHeight = BinaryPrimitives.ReadUInt16LittleEndian(info[6..]);
            PictureLimits.Check("BMP", coreWidth, coreHeight, 0, plausible: true);
            int corePalette = FileHeaderBytes + CoreHeaderBytes;
            return new Header(coreWidth, coreHeight, false, coreBits, Plain, default, corePalette, 3, coreBits <= 8 ? 1 << coreBits : 0, dataStart);
        }

        long width = BinaryPrimitives.ReadInt32LittleEndian(info[4..]);
        long height = BinaryPrimitives.ReadInt32LittleEndian(info[8..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(info[14..]);
        uint compression = BinaryPrimitives.ReadUInt32LittleEndian(info[16..]);
        uint colours = BinaryPrimitives.ReadUInt32LittleEndian(info[32..]);
        bool isTopDown = height < 0;
        PictureLimits.Check("BMP", width, Math.Abs(height), 0, plausible: true);
        bool hasMasks = compression is BitFields or AlphaBitFields;
        bool isPossible = compression switch
        {
            Plain => bits is 1 or 4 or 8 or 16 or 24 or 32,
            RunLength8 => bits == 8 && !isTopDown,
            RunLength4 => bits == 4 && !isTopDown,
            BitFields or AlphaBitFields => bits is 16 or 32,
            4 or 5 => throw new PictureException("The BMP picture holds a JPEG or PNG, which is not supported; take that out of it."),
            _ => false,
        };
        if (!isPossible)
        {
            throw Corrupt($"its header claims {bits} bits a pixel with compression {compression}");
        }

        // Masks follow a 40-byte header; longer headers have them inside, at the same place.
        int maskBytes = hasMasks && size == InfoHeaderBytes ? (compression == BitFields ? 12 : 16) : 0;
        if (info.Length < size + maskBytes)
        {
            throw Truncated();
        }

        Masks masks = bits == 16 ? Masks.Plain16 : Masks.Plain32;
        if (hasMasks)
        {
            masks = new Masks(
                BinaryPrimitives.ReadUInt32LittleEndian(info[40..]),
                BinaryPrimitives.ReadUInt32LittleEndian(info[44..]),
                BinaryPrimitives.ReadUInt32LittleEndian(info[48..]));
        }

        int paletteStart = FileHeaderBytes + (int)size + maskBytes;
        int paletteColours = bits > 8 ? 0 : colours == 0 ? 1 << bits : (int)Math.Min(colours, 256);
        return new Header((int)width, (int)Math.Abs(height), isTopDown, bits, compression, masks, paletteStart, 4, paletteColours, dataStart);
    }

    private static bool IsHeaderSize(uint size) => size is CoreHeaderBytes or InfoHeaderBytes or 52 or 56 or 64 or 108 or 124;

    /// <summary>256 RGB triples; colours the file lacks are black.</summary>
    private static byte[] ReadPalette(ReadOnlySpan<byte> file, in Header header)
    {
        byte[] palette = new byte[256 * 3];
        if (file.Length < header.PaletteStart + (header.PaletteColours * header.PaletteEntryBytes))
        {
            throw Truncated();
        }

        for (int i = 0; i < header.PaletteColours; i++)
        {
            ReadOnlySpan<byte> entry = file.Slice(header.PaletteStart + (i * header.PaletteEntryBytes), 3);
            palette[i * 3] = entry[2];
            palette[(i * 3) + 1] = entry[1];
            palette[(i * 3) + 2] = entry[0];
        }

        return palette;
    }

    /// <summary>The place of the y-th stored row: rows are stored from the bottom up unless the header says otherwise.</summary>
    private static Span<byte> Row(byte[] pixels, in Header header, int y) =>
        pixels.AsSpan((header.IsTopDown ? y : header.Height - 1 - y) * header.Width * 3, header.Width * 3);

    private static void UnpackIndexed(ReadOnlySpan<byte> row, int bits, ReadOnlySpan<byte> palette, Span<byte> to)
    {
        for (int x = 0; x < to.Length / 3; x++)
        {
            int bit = x * bits;
            int index = (row[bit >> 3] >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
            palette.Slice(index * 3, 3).CopyTo(to[(x * 3)..]);
        }
    }

    /// <summary>Blue, green, red, and perhaps a fourth byte.</summary>
    private static void UnpackBytes(ReadOnlySpan<byte> row, int step, Span<byte> to)
    {
        for (int at = 0, o = 0; o < to.Length; at += step, o += 3)
        {
            to[o] = row[at + 2];
            to[o + 1] = row[at + 1];
            to[o + 2] = row[at];
        }
    }

    private static void UnpackMasked(ReadOnlySpan<byte> row, int step, Masks masks, Span<byte> to)
    {
        for (int at = 0, o = 0; o < to.Length; at += step, o += 3)
        {
            uint pixel = step == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(row[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(row[at..]);
            to[o] = Masks.Scale(pixel, masks.Red);
            to[o + 1] = Masks.Scale(pixel, masks.Green);
            to[o + 2] = Masks.Scale(pixel, masks.Blue);
        }
    }

    private static PictureException Truncated() => new("The BMP picture is truncated: the file ends before its data does.");

    private static PictureException Corrupt(string what) => new($"The BMP picture is corrupt: {what}.");

    private readonly record struct Header(
        int Width, int Height, bool IsTopDown, int Bits, uint Compression, Masks Masks,
        int PaletteStart, int PaletteEntryBytes, int PaletteColours, uint DataStart);

    /// <summary>Which bits of a pixel are its red, green and blue.</summary>
    private readonly record struct Masks(uint Red, uint Green, uint Blue)
    {
        public static Masks Plain16 => new(0x7C00, 0x03E0, 0x001F);

        public static Masks Plain32 => new(0xFF0000, 0x00FF00, 0x0000FF);

        /// <summary>The masked bits as a fraction of their largest value, in 255ths, rounded down.</summary>
        public static byte Scale(uint pixel, uint mask)
        {
            if (mask == 0)
            {
                return 0;
            }

            int shift = BitOperations.TrailingZeroCount(mask);
            ulong value = (pixel & mask) >> shift;
            return (byte)(value * 255 / (mask >> shift));
        }
    }
}
