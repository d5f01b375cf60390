namespace Tacit.Data.Pictures;

/// <summary>What a picture's headers say: the size and channels that decoding it would give (EXIF orientation applied).</summary>
/// <param name="Width">Columns of the decoded picture.</param>
/// <param name="Height">Rows of the decoded picture.</param>
/// <param name="Channels">1 for grey, 3 for RGB.</param>
/// <param name="Format">The kind of file.</param>
public readonly record struct PictureInfo(int Width, int Height, int Channels, PictureFormat Format);
