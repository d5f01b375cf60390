namespace Tacit.Data.Pictures.Jpeg;

/// <summary>JPEG files (ITU-T T.81): Huffman-coded sequential and progressive, 8 bits, one, three or four components.</summary>
internal static class JpegDecoder
{
    private const int MaxScans = 1000;

    // Scans may visit every block this many times in all: one scan for each of the 64 coefficients and each of its bits in
    // reason, but not a file whose thousands of empty scans would take minutes.
    private const int MaxVisits = 256;

    public static PictureInfo Identify(ReadOnlySpan<byte> data)
    {
        JpegScratch scratch = JpegScratch.Rent();
        var reader = new JpegSegmentReader(data, scratch);
        reader.ReadToScan();
        JpegFrame frame = reader.Frame;
        OrientedLayout layout = OrientedLayout.Of(frame.Width, frame.Height, frame.Orientation);
        return new PictureInfo(layout.Width, layout.Height, frame.Channels, PictureFormat.Jpeg);
    }

    public static Picture Decode(ReadOnlySpan<byte> data)
    {
        JpegScratch scratch = JpegScratch.Rent();
        var reader = new JpegSegmentReader(data, scratch);
        reader.ReadToScan();
        JpegFrame frame = reader.Frame;
        ReadOnlySpan<JpegComponent> components = scratch.Components.AsSpan(0, frame.ComponentCount);

        // What every block must at least cost in bits: a code for its DC difference, and in sequential files another for
        // the end of the block. It keeps a file of a hundred bytes from claiming a hundred megabytes.
        long leastBits = 0;
        int offset = 0;
        foreach (JpegComponent component in components)
        {
            leastBits += (long)component.BlocksWide * component.BlocksHigh * (frame.IsProgressive ? 1 : 2);
        }

        PictureLimits.Check(
            "JPEG", frame.Width, frame.Height,
            (frame.Blocks * frame.BlockBytes) + ((long)frame.Width * frame.Height * frame.Channels),
            leastBits <= 8L * (data.Length - reader.Position));
        foreach (JpegComponent component in components)
        {
            component.Offset = offset;
            offset += component.PaddedBlocksWide * component.PaddedBlocksHigh * frame.BlockBytes;
        }

        Span<byte> buffer = scratch.Samples(offset).AsSpan(0, offset);
        if (frame.IsProgressive)
        {
            buffer.Clear();
        }

        ReadScans(ref reader, scratch, buffer);
        if (frame.IsProgressive)
        {
            JpegProgressive.Reconstruct(components, buffer, scratch);
        }

        return JpegOutput.Render(reader.Frame, components, buffer, scratch);
    }

    private static void ReadScans(ref JpegSegmentReader reader, JpegScratch scratch, Span<byte> buffer)
    {
        long visits = 0;
        for (int scans = 1; ; scans++)
        {
            JpegScan scan = reader.ReadScanHeader();
            visits += scan.Visits;
            if (scans > MaxScans || visits > MaxVisits * reader.Frame.Blocks)
            {
                throw JpegMarkers.Corrupt("it has more scans than a picture needs");
            }

            reader.Position = reader.Frame.IsProgressive
                ? JpegProgressive.DecodeScan(reader.Data, reader.Position, reader.Frame, scan, buffer)
                : JpegSequential.DecodeScan(reader.Data, reader.Position, reader.Frame, scan, buffer, scratch.Block);
            ReadOnlySpan<JpegComponent> components = scratch.Components.AsSpan(0, reader.Frame.ComponentCount);
            if (!reader.Frame.IsProgressive && AllSeen(components))
            {
                return;
            }

            if (reader.ReadToNextScan())
            {
                continue;
            }

            if (!AllSeen(components))
            {
                throw reader.IsAtEnd ? JpegMarkers.Truncated() : JpegMarkers.Corrupt("it ends before all its components have come");
            }

            // Without its end marker a progressive file may lack whole scans; it is complete if every bit has come.
            if (reader.IsAtEnd && !AllBitsSeen(components))
            {
                throw JpegMarkers.Truncated();
            }

            return;
        }
    }

    private static bool AllSeen(ReadOnlySpan<JpegComponent> components)
    {
        foreach (JpegComponent component in components)
        {
            if (!component.IsSeen)
            {
                return false;
            }
        }

        return true;
    }

    private static bool AllBitsSeen(ReadOnlySpan<JpegComponent> components)
    {
        foreach (JpegComponent component in components)
        {
            if (component.LowestBit.AsSpan().ContainsAnyExcept((sbyte)0))
            {
                return false;
            }
        }

        return true;
    }
}
