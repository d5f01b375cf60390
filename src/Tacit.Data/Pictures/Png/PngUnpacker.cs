namespace Tacit.Data.Pictures.Png;

/// <summary>Stored PNG pixels to 8-bit grey or RGB: alpha is dropped, 16-bit samples keep their high byte, 1 to 4 bits are scaled to 255.</summary>
internal static class PngUnpacker
{
    /// <param name="header">The file's header.</param>
    /// <param name="palette">RGB triples; empty where the file has no palette.</param>
    /// <param name="row">An unfiltered row.</param>
    /// <param name="pixels">Width × channels bytes to fill.</param>
    public static void Unpack(in PngHeader header, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> row, Span<byte> pixels)
    {
        if (header.ColourType == PngHeader.Indexed)
        {
            UnpackIndexed(header.Depth, palette, row, pixels);
        }
        else if (header.Depth < 8)
        {
            int scale = 255 / ((1 << header.Depth) - 1);
            for (int x = 0; x < pixels.Length; x++)
            {
                pixels[x] = (byte)(Sample(row, x, header.Depth) * scale);
            }
        }
        else if (header.Depth == 8 && header.ColourType is PngHeader.Grey or PngHeader.Rgb)
        {
            row[..pixels.Length].CopyTo(pixels);
        }
        else
        {
            int bytes = header.Depth / 8;
            int step = header.SamplesPerPixel * bytes;
            int channels = header.Channels;
            for (int at = 0, o = 0; o < pixels.Length; at += step, o += channels)
            {
                for (int c = 0; c < channels; c++)
                {
                    pixels[o + c] = row[at + (c * bytes)];
                }
            }
        }
    }

    private static void UnpackIndexed(int depth, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> row, Span<byte> pixels)
    {
        int colours = palette.Length / 3;
        for (int x = 0; x < pixels.Length / 3; x++)
        {
            int index = depth == 8 ? row[x] : Sample(row, x, depth);
            if (index >= colours)
            {
                throw PngChunks.Corrupt("a pixel's colour is not in the palette");
            }

            palette.Slice(index * 3, 3).CopyTo(pixels[(x * 3)..]);
        }
    }

    /// <summary>Sample x of a row of 1, 2 or 4 bits each, leftmost in the high bits.</summary>
    private static int Sample(ReadOnlySpan<byte> row, int x, int depth)
    {
        int bit = x * depth;
        return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
}
