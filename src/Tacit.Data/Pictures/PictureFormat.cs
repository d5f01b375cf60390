namespace Tacit.Data.Pictures;

/// <summary>The picture formats that are told apart by their first bytes.</summary>
public enum PictureFormat
{
    Jpeg,
    Png,
    Bmp,
    Netpbm,
}
