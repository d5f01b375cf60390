namespace Tacit.Data.Pictures.Jpeg;

/// <summary>From the components' samples to the upright picture, as far as the samples have come.</summary>
internal ref struct JpegRenderer
{
    private readonly JpegFrame frame;
    private readonly ReadOnlySpan<JpegComponent> components;
    private readonly ReadOnlySpan<byte> samples;
    private readonly OrientedLayout layout;
    private readonly JpegColour colour;
    private readonly byte[] pixels;

    // One row of pixels on its way to where the orientation puts it, and room for each component's upsampled row.
    private readonly Span<byte> turned;
    private readonly Span<byte> rows;
    private int nextRow;

    public JpegRenderer(scoped in JpegFrame frame, ReadOnlySpan<JpegComponent> components, ReadOnlySpan<byte> samples, JpegScratch scratch)
    {
        this.frame = frame;
        this.components = components;
        this.samples = samples;
        layout = OrientedLayout.Of(frame.Width, frame.Height, frame.Orientation);
        colour = frame.Colour(components);
        int rowBytes = frame.Width * frame.Channels;
        int upsampled = frame.ComponentCount * Upsampler.ScratchBytes(frame.Width);
        pixels = GC.AllocateUninitializedArray<byte>(frame.Height * rowBytes);
        Span<byte> kept = scratch.Rows(upsampled + rowBytes).AsSpan(0, upsampled + rowBytes);
        rows = kept[..upsampled];
        turned = kept[upsampled..];
    }

    /// <summary>Renders what the first rows of units determine: all of their rows but the last few, which blend with those below.</summary>
    public void RenderBefore(int unitRows) => RenderTo(Math.Min((unitRows * 8 * frame.MaxV) - frame.MaxV, frame.Height));

    /// <summary>Renders the rest and gives the picture.</summary>
    public Picture Finish()
    {
        RenderTo(frame.Height);
        return new Picture(layout.Width, layout.Height, frame.Channels, pixels);
    }

    private void RenderTo(int end)
    {
        int rowBytes = frame.Width * frame.Channels;
        for (; nextRow < end; nextRow++)
        {
            if (layout.IsUpright)
            {
                RenderRow(pixels.AsSpan(nextRow * rowBytes, rowBytes));
            }
            else
            {
                RenderRow(turned);
                layout.Scatter(turned, nextRow, frame.Channels, pixels);
            }
        }
    }

    private readonly void RenderRow(Span<byte> row)
    {
        ReadOnlySpan<byte> first = RowOf(0);
        if (colour == JpegColour.Grey)
        {
            first[..row.Length].CopyTo(row);
            return;
        }

        ReadOnlySpan<byte> second = RowOf(1);
        ReadOnlySpan<byte> third = RowOf(2);
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
            ColourConversion.ApplyBlack(row, RowOf(3));
        }
    }

    private readonly ReadOnlySpan<byte> RowOf(int index)
    {
        int bytes = Upsampler.ScratchBytes(frame.Width);
        JpegComponent component = components[index];
        return Upsampler.Row(component, frame, samples[component.Offset..], nextRow, frame.Width, rows.Slice(index * bytes, bytes));
    }
}
