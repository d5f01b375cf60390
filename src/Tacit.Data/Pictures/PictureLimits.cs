namespace Tacit.Data.Pictures;

/// <summary>Bounds that are checked on a header's claims before anything of that size is allocated.</summary>
internal static class PictureLimits
{
    public const int MaxSide = 65_535;

    /// <summary>The decoded picture and all that decoding it needs, together, in bytes: about 50 million RGB pixels.</summary>
    public const long MaxWorkingBytes = 160L << 20;

    /// <summary>Refuses sides of zero, sides or totals that are too large, and totals that so short a file cannot hold.</summary>
    /// <param name="workingBytes">Bytes that decoding will allocate in all.</param>
    /// <param name="plausible">Whether the bytes at hand can possibly describe that many pixels.</param>
    public static void Check(string format, long width, long height, long workingBytes, bool plausible)
    {
        if (width <= 0 || height <= 0)
        {
            throw new PictureException($"The {format} picture is corrupt: its header claims {width} x {height} pixels.");
        }

        if (width > MaxSide || height > MaxSide || workingBytes > MaxWorkingBytes)
        {
            throw new PictureException(
                $"The {format} picture claims {width} x {height} pixels, which needs more than the {MaxWorkingBytes >> 20} MB a picture may use; make it smaller first.");
        }

        if (!plausible)
        {
            throw new PictureException($"The {format} picture is truncated: its header claims {width} x {height} pixels, which so few bytes cannot hold.");
        }
    }
}
