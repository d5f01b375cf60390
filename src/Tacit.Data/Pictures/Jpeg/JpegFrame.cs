namespace Tacit.Data.Pictures.Jpeg;

/// <summary>What the headers of a JPEG file say, filled in as its segments are read.</summary>
internal struct JpegFrame
{
    public int Width;
    public int Height;

    /// <summary>1, 3 or 4; 0 until the frame header was read.</summary>
    public int ComponentCount;
    public bool IsProgressive;
    public int MaxH;
    public int MaxV;
    public int UnitsWide;
    public int UnitsHigh;

    /// <summary>Blocks of all components, those that only pad minimum coded units included.</summary>
    public long Blocks;
    public int RestartInterval;
    public int Orientation;
    public bool HasExif;
    public bool HasJfif;

    /// <summary>The Adobe segment's colour transform, or −1 where there is no such segment.</summary>
    public int AdobeTransform;

    public readonly int Channels => ComponentCount == 1 ? 1 : 3;

    /// <summary>The colour space, guessed as libjpeg does where the file does not say.</summary>
    public readonly JpegColour Colour(ReadOnlySpan<JpegComponent> components)
    {
        switch (ComponentCount)
        {
            case 1:
                return JpegColour.Grey;
            case 4:
                return AdobeTransform is -1 or 0 ? JpegColour.Cmyk : JpegColour.Ycck;
            default:
                if (HasJfif)
                {
                    return JpegColour.YCbCr;
                }

                bool namedRgb = components[0].Id == 'R' && components[1].Id == 'G' && components[2].Id == 'B';
                return AdobeTransform == 0 || (AdobeTransform == -1 && namedRgb) ? JpegColour.Rgb : JpegColour.YCbCr;
        }
    }
}
