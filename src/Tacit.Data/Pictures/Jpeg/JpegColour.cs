namespace Tacit.Data.Pictures.Jpeg;

/// <summary>What a frame's components mean.</summary>
internal enum JpegColour
{
    Grey,
    YCbCr,
    Rgb,
    Cmyk,
    Ycck,
}
