using Tacit.Data.Pictures.Jpeg;
using Tacit.Data.Pictures.Png;

namespace Tacit.Data.Pictures;

/// <summary>Decodes JPEG, PNG, BMP, PPM and PGM in managed code; the kind of a file is told by its first bytes.</summary>
/// <remarks>
/// Pixels equal those of PIL's <c>Image.open(path).convert("RGB")</c> after <c>ImageOps.exif_transpose</c>, except that
/// 16-bit grey keeps its high byte. Transparency is dropped, not composited. Safe on hostile bytes: whatever they are,
/// only <see cref="PictureException"/> is thrown, and a call allocates less than 200 MB, the picture included: enough for
/// 55 million RGB pixels, of which a progressive 4:2:0 JPEG may have half, and a progressive 4:4:4 one a third.
/// Thread-safe.
/// </remarks>
public static class PictureDecoder
{
    /// <summary>Whether a file that begins with these bytes is of a kind this class decodes; 18 bytes are enough.</summary>
    /// <remarks>With fewer than 18, a text that begins with "BM" passes for a bitmap.</remarks>
    public static bool IsPicture(ReadOnlySpan<byte> head) => FormatOf(head) is not null;

    /// <summary>Size, channels and format from the headers alone: no pixel is decoded.</summary>
    /// <exception cref="PictureException">The headers are truncated, corrupt, or of an unsupported kind.</exception>
    public static PictureInfo Identify(ReadOnlySpan<byte> bytes) => FormatOf(bytes) switch
    {
        PictureFormat.Jpeg => JpegDecoder.Identify(bytes),
        PictureFormat.Png => PngDecoder.Identify(bytes),
        PictureFormat.Bmp => BmpDecoder.Identify(bytes),
        PictureFormat.Netpbm => NetpbmDecoder.Identify(bytes),
        _ => throw Unknown(),
    };

    /// <summary>The decoded picture: grey files give 1 channel, all others 3.</summary>
    /// <exception cref="PictureException">The bytes are truncated, corrupt, too large, or of an unsupported kind.</exception>
    public static Picture Decode(ReadOnlySpan<byte> bytes) => FormatOf(bytes) switch
    {
        PictureFormat.Jpeg => JpegDecoder.Decode(bytes),
        PictureFormat.Png => PngDecoder.Decode(bytes),
        PictureFormat.Bmp => BmpDecoder.Decode(bytes),
        PictureFormat.Netpbm => NetpbmDecoder.Decode(bytes),
        _ => throw Unknown(),
    };

    private static PictureFormat? FormatOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return PictureFormat.Jpeg;
        }

        if (head.StartsWith(PngChunks.Signature))
        {
            return PictureFormat.Png;
        }

        if (BmpDecoder.IsBmp(head))
        {
            return PictureFormat.Bmp;
        }

        if (head.Length >= 3 && head[0] == 'P' && head[1] is (byte)'2' or (byte)'3' or (byte)'5' or (byte)'6'
            && (head[2] is (byte)'#' || NetpbmDecoder.IsSpace(head[2])))
        {
            return PictureFormat.Netpbm;
        }

        return null;
    }

    private static PictureException Unknown() =>
        new("The file is not a JPEG, PNG, BMP, PPM or PGM picture: its first bytes are none of theirs.");
}
