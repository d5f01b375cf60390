namespace Tacit.Data.Pictures.Jpeg;

/// <summary>From the components' samples to the upright picture.</summary>
internal static class JpegOutput
{
    public static Picture Render(in JpegFrame frame, ReadOnlySpan<JpegComponent> components, ReadOnlySpan<byte> samples, JpegScratch scratch)
    {
        OrientedLayout layout = OrientedLayout.Of(frame.Width, frame.Height, frame.Orientation);
        JpegColour colour = frame.Colour(components);
        int channels = frame.Channels;
        int rowBytes = frame.Width * channels;
        byte[] pixels = GC.AllocateUninitializedArray<byte>(frame.Height * rowBytes);

        // Four rows of samples being upsampled, and one row of pixels on its way to where the orientation puts it.
        int upsampling = Upsampler.ScratchBytes(frame.Width);
        Span<byte> rows = scratch.Rows((4 * upsampling) + rowBytes).AsSpan(0, (4 * upsampling) + rowBytes);
        Span<byte> turned = rows[(4 * upsampling)..];
        for (int y = 0; y < frame.Height; y++)
        {
            Span<byte> row = layout.IsUpright ? pixels.AsSpan(y * rowBytes, rowBytes) : turned;
            ReadOnlySpan<byte> first = RowOf(0, frame, components, samples, y, rows);
            if (colour == JpegColour.Grey)
            {
                first[..rowBytes].CopyTo(row);
            }
            else
            {
                ReadOnlySpan<byte> second = RowOf(1, frame, components, samples, y, rows);
                ReadOnlySpan<byte> third = RowOf(2, frame, components, samples, y, rows);
                if (colour is JpegColour.YCbCr or JpegColour.Ycck)
                {
                    ColourConversion.YCbCr(first, second, third, row);
                }
                else
                {
                    ColourConversion.Rgb(first, second, third, row);
                }

                if (colour == JpegColour.Ycck)
                {
                    ColourConversion.Invert(row);
                }

                if (colour is JpegColour.Cmyk or JpegColour.Ycck)
                {
                    ColourConversion.ApplyBlack(row, RowOf(3, frame, components, samples, y, rows));
                }
            }

            if (!layout.IsUpright)
            {
                layout.Scatter(turned, y, channels, pixels);
            }
        }

        return new Picture(layout.Width, layout.Height, channels, pixels);
    }

    private static ReadOnlySpan<byte> RowOf(
        int index, in JpegFrame frame, ReadOnlySpan<JpegComponent> components, ReadOnlySpan<byte> samples, int y, Span<byte> rows)
    {
        int upsampling = Upsampler.ScratchBytes(frame.Width);
        JpegComponent component = components[index];
        return Upsampler.Row(component, frame, samples[component.Offset..], y, frame.Width, rows.Slice(index * upsampling, upsampling));
    }
}
