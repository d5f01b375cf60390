namespace Tacit.Data.Pictures;

/// <summary>An 8-bit picture [H, W, C], rows from top to bottom, channels interleaved (1 is grey, 3 is RGB).</summary>
public sealed class Picture
{
    /// <exception cref="ArgumentException">The sizes are not positive, the channels not 1 or 3, or the pixels not H × W × C bytes.</exception>
    public Picture(int width, int height, int channels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"A picture has 1 or 3 channels, not {channels}.", nameof(channels));
        }

        if (pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"A picture of {width} x {height} x {channels} does not have {pixels.Length} bytes.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Channels = channels;
        Pixels = pixels;
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    /// <summary>H × W × C bytes; pixel (x, y) begins at (y × Width + x) × Channels.</summary>
    public byte[] Pixels { get; }

    /// <summary>The same picture with three channels: itself if it has three, grey repeated otherwise.</summary>
    public Picture ToRgb()
    {
        if (Channels == 3)
        {
            return this;
        }

        byte[] rgb = GC.AllocateUninitializedArray<byte>(checked(Pixels.Length * 3));
        for (int i = 0, o = 0; i < Pixels.Length; i++, o += 3)
        {
            byte grey = Pixels[i];
            rgb[o] = grey;
            rgb[o + 1] = grey;
            rgb[o + 2] = grey;
        }

        return new Picture(Width, Height, 3, rgb);
    }
}
