using System.IO.Compression;

namespace Tacit.Data.Pictures.Png;

/// <summary>PNG files (W3C PNG specification, second edition): every colour type and depth, interlaced or not.</summary>
internal static class PngDecoder
{
    // Deflate's best: 258 bytes from a 2-bit pair of codes (zlib's own documentation gives 1032 : 1).
    private const long MaxInflation = 1032;

    /// <summary>Adam7: each pass takes every StepX-th pixel of every StepY-th row, from (X, Y) on.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int X, int Y, int StepX, int StepY)[] OnePass = [(0, 0, 1, 1)];

    public static PictureInfo Identify(ReadOnlySpan<byte> file)
    {
        PngHeader header = PngHeader.Read(file);
        return new PictureInfo(header.Width, header.Height, header.Channels, PictureFormat.Png);
    }

    public static unsafe Picture Decode(ReadOnlySpan<byte> file)
    {
        PngHeader header = PngHeader.Read(file);
        int firstData = FindData(file, header, out ReadOnlySpan<byte> palette);
        long stored = (long)header.RowBytes(header.Width) * header.Height;
        PictureLimits.Check(
            "PNG", header.Width, header.Height,
            ((long)header.Width * header.Height * header.Channels) + (3L * header.RowBytes(header.Width)),
            stored <= MaxInflation * DataBytes(file, firstData));
        byte[] pixels = GC.AllocateUninitializedArray<byte>(header.Width * header.Height * header.Channels);
        fixed (byte* pinned = file)
        {
            using var data = new ZLibStream(new IdatStream(pinned, file.Length, firstData), CompressionMode.Decompress);
            try
            {
                foreach ((int x, int y, int stepX, int stepY) in header.IsInterlaced ? Adam7 : OnePass)
                {
                    ReadPass(data, header, palette, x, y, stepX, stepY, pixels);
                }
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw new PictureException("The PNG picture is corrupt: its compressed data is not valid.", e);
            }
        }

        return new Picture(header.Width, header.Height, header.Channels, pixels);
    }

    /// <summary>The position of the first IDAT chunk, and the palette if one came before it.</summary>
    private static int FindData(ReadOnlySpan<byte> file, in PngHeader header, out ReadOnlySpan<byte> palette)
    {
        palette = default;
        int position = PngChunks.Signature.Length;
        while (true)
        {
            PngChunk chunk = PngChunks.Read(file, position);
            switch (chunk.Type)
            {
                case PngChunks.Data:
                    return header.ColourType == PngHeader.Indexed && palette.IsEmpty
                        ? throw PngChunks.Corrupt("it has no palette")
                        : position;
                case PngChunks.Palette:
                    PngChunks.CheckCrc(file, chunk);
                    palette = file.Slice(chunk.Start, chunk.Length);
                    break;
                case PngChunks.End:
                    throw PngChunks.Corrupt("it ends without a picture in it");
            }

            position = chunk.End;
        }
    }

    /// <summary>Compressed bytes in the run of IDAT chunks.</summary>
    private static long DataBytes(ReadOnlySpan<byte> file, int position)
    {
        long bytes = 0;
        while (position < file.Length)
        {
            PngChunk chunk = PngChunks.Read(file, position);
            if (chunk.Type != PngChunks.Data)
            {
                break;
            }

            bytes += chunk.Length;
            position = chunk.End;
        }

        return bytes;
    }

    private static void ReadPass(
        ZLibStream data, in PngHeader header, ReadOnlySpan<byte> palette, int firstX, int firstY, int stepX, int stepY, Span<byte> pixels)
    {
        int width = (header.Width - firstX + stepX - 1) / stepX;
        int height = (header.Height - firstY + stepY - 1) / stepY;
        if (width <= 0 || height <= 0)
        {
            return;
        }

        int channels = header.Channels;
        int step = Math.Max(1, header.BitsPerPixel / 8);
        byte[] row = new byte[1 + header.RowBytes(width)];
        byte[] above = new byte[row.Length];
        byte[] unpacked = stepX == 1 ? [] : new byte[width * channels];
        for (int y = 0; y < height; y++)
        {
            if (data.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
            {
                throw PngChunks.Truncated();
            }

            PngFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1), step);
            int rowStart = (firstY + (y * stepY)) * header.Width * channels;
            if (stepX == 1)
            {
                PngUnpacker.Unpack(header, palette, row.AsSpan(1), pixels.Slice(rowStart, width * channels));
            }
            else
            {
                PngUnpacker.Unpack(header, palette, row.AsSpan(1), unpacked);
                int at = rowStart + (firstX * channels);
                for (int i = 0; i < unpacked.Length; i += channels, at += stepX * channels)
                {
                    unpacked.AsSpan(i, channels).CopyTo(pixels[at..]);
                }
            }

            (row, above) = (above, row);
        }
    }
}
