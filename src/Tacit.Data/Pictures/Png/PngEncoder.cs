using System.Buffers.Binary;
using System.IO.Compression;

namespace Tacit.Data.Pictures.Png;

/// <summary>Writes 8-bit RGB PNG files (W3C PNG specification, second edition), what contact sheets need and no more.</summary>
/// <remarks>Each row is stored as differences from the one above (filter 2), which makes enlarged pictures very small.</remarks>
public static class PngEncoder
{
    private const byte Up = 2;

    /// <summary>The file's bytes; a grey picture is written as RGB. The same picture always gives the same bytes.</summary>
    public static byte[] Encode(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        picture = picture.ToRgb();
        using var file = new MemoryStream();
        file.Write(PngChunks.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        header[8] = 8;
        header[9] = PngHeader.Rgb;
        header[10..].Clear();                               // deflate, adaptive filters, no interlacing
        WriteChunk(file, PngChunks.Header, header);
        WriteChunk(file, PngChunks.Data, Compress(picture));
        WriteChunk(file, PngChunks.End, []);
        return file.ToArray();
    }

    private static byte[] Compress(Picture picture)
    {
        int width = picture.Width * 3;
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] row = new byte[1 + width];
            row[0] = Up;
            for (int y = 0; y < picture.Height; y++)
            {
                ReadOnlySpan<byte> own = picture.Pixels.AsSpan(y * width, width);
                for (int i = 0; i < width; i++)
                {
                    row[1 + i] = (byte)(own[i] - (y == 0 ? 0 : picture.Pixels[((y - 1) * width) + i]));
                }

                zlib.Write(row);
            }
        }

        return data.ToArray();
    }

    private static void WriteChunk(Stream file, uint type, ReadOnlySpan<byte> data)
    {
        byte[] chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4), type);
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.Of(chunk.AsSpan(4, data.Length + 4)));
        file.Write(chunk);
    }
}
