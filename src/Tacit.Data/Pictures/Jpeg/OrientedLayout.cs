namespace Tacit.Data.Pictures.Jpeg;

/// <summary>Where a stored pixel lands in the upright picture: pixel (x, y) goes to index Start + x StepX + y StepY.</summary>
/// <remarks>Writing rows through it as they are decoded turns a picture without a second copy of it.</remarks>
internal readonly record struct OrientedLayout(int Width, int Height, int Start, int StepX, int StepY)
{
    /// <param name="width">Stored columns.</param>
    /// <param name="height">Stored rows.</param>
    /// <param name="orientation">The Exif orientation: which sides of the scene the stored first row and column show.</param>
    public static OrientedLayout Of(int width, int height, int orientation)
    {
        int lastX = width - 1;
        int lastY = height - 1;
        return orientation switch
        {
            2 => new(width, height, lastX, -1, width),
            3 => new(width, height, (lastY * width) + lastX, -1, -width),
            4 => new(width, height, lastY * width, 1, -width),
            5 => new(height, width, 0, height, 1),
            6 => new(height, width, lastY, height, -1),
            7 => new(height, width, (lastX * height) + lastY, -height, -1),
            8 => new(height, width, lastX * height, -height, 1),
            _ => new(width, height, 0, 1, width),
        };
    }

    /// <summary>Whether stored rows are the picture's rows.</summary>
    public bool IsUpright => StepX == 1 && StepY == Width;

    /// <summary>Writes one stored row of pixels to its places.</summary>
    public void Scatter(ReadOnlySpan<byte> row, int y, int channels, Span<byte> pixels)
    {
        int at = (Start + (y * StepY)) * channels;
        int step = StepX * channels;
        for (int i = 0; i + channels <= row.Length; i += channels, at += step)
        {
            for (int c = 0; c < channels; c++)
            {
                pixels[at + c] = row[i + c];
            }
        }
    }
}
