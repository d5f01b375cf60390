namespace Tacit.Data.Pictures;

/// <summary>The run-length codes of 8-bit and 4-bit bitmaps (BI_RLE8 and BI_RLE4).</summary>
internal static class BmpRunLength
{
    /// <summary>Fills palette indices, one a byte, rows in stored order; pixels that are jumped over keep index 0.</summary>
    /// <param name="indices">Width × height zeros.</param>
    /// <exception cref="PictureException">The codes end before the last row is complete, or do not end it.</exception>
    public static void Decode(ReadOnlySpan<byte> data, int width, int height, bool isFourBits, Span<byte> indices)
    {
        int x = 0;
        int y = 0;
        int position = 0;
        while (y < height)
        {
            if (data.Length - position < 2)
            {
                // Some writers leave out the last end-of-bitmap code.
                if (y == height - 1 && x >= width)
                {
                    return;
                }

                throw Truncated();
            }

            int count = data[position];
            int value = data[position + 1];
            position += 2;
            if (count > 0)
            {
                for (int i = 0; i < count && x < width; i++, x++)
                {
                    indices[(y * width) + x] = (byte)(isFourBits ? Nibble(value, i) : value);
                }
            }
            else if (value == 0)
            {
                x = 0;
                y++;
            }
            else if (value == 1)
            {
                return;
            }
            else if (value == 2)
            {
                if (data.Length - position < 2)
                {
                    throw Truncated();
                }

                x = Math.Min(x + data[position], width);
                y += data[position + 1];
                position += 2;
            }
            else
            {
                // `value` pixels as they are, padded to an even number of bytes; the last pad byte may be missing.
                int bytes = isFourBits ? (value + 1) / 2 : value;
                if (data.Length - position < bytes)
                {
                    throw Truncated();
                }

                for (int i = 0; i < value && x < width; i++, x++)
                {
                    indices[(y * width) + x] = (byte)(isFourBits ? Nibble(data[position + (i / 2)], i) : data[position + i]);
                }

                position += bytes + (bytes & 1);
            }
        }
    }

    /// <summary>The high half for even pixels, the low half for odd ones.</summary>
    private static int Nibble(int value, int pixel) => (pixel & 1) == 0 ? value >> 4 : value & 15;

    private static PictureException Truncated() => new("The BMP picture is truncated: its run-length codes end before the picture does.");
}
