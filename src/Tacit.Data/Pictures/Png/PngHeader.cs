using System.Buffers.Binary;

namespace Tacit.Data.Pictures.Png;

/// <summary>The first chunk of a PNG file (IHDR).</summary>
internal readonly record struct PngHeader(int Width, int Height, int Depth, int ColourType, bool IsInterlaced)
{
    public const int Grey = 0;
    public const int Rgb = 2;
    public const int Indexed = 3;
    public const int GreyAlpha = 4;
    public const int RgbAlpha = 6;

    /// <summary>Samples a stored pixel has, alpha included.</summary>
    public int SamplesPerPixel => ColourType switch { Rgb => 3, GreyAlpha => 2, RgbAlpha => 4, _ => 1 };

    public int BitsPerPixel => SamplesPerPixel * Depth;

    /// <summary>Channels of the decoded picture.</summary>
    public int Channels => ColourType is Grey or GreyAlpha ? 1 : 3;

    /// <summary>Bytes of one stored row of this many pixels, without its filter byte.</summary>
    public int RowBytes(int pixels) => (int)((((long)pixels * BitsPerPixel) + 7) / 8);

    public static PngHeader Read(ReadOnlySpan<byte> file)
    {
        PngChunk chunk = PngChunks.Read(file, PngChunks.Signature.Length);
        if (chunk.Type != PngChunks.Header || chunk.Length != 13)
        {
            throw PngChunks.Corrupt("it does not begin with its header");
        }

        PngChunks.CheckCrc(file, chunk);
        ReadOnlySpan<byte> data = file.Slice(chunk.Start, chunk.Length);
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data);
        uint height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        int depth = data[8];
        int colourType = data[9];
        bool isDepthValid = colourType switch
        {
            Grey => depth is 1 or 2 or 4 or 8 or 16,
            Indexed => depth is 1 or 2 or 4 or 8,
            Rgb or GreyAlpha or RgbAlpha => depth is 8 or 16,
            _ => false,
        };
        if (!isDepthValid || data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw PngChunks.Corrupt("its header has an impossible colour type, depth or method");
        }

        PictureLimits.Check("PNG", width, height, 0, plausible: true);
        return new PngHeader((int)width, (int)height, depth, colourType, data[12] == 1);
    }
}
