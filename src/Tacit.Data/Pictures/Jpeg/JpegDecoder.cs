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
        JpegScan scan = reader.ReadScanHeader();
        JpegFrame frame = reader.Frame;
        ReadOnlySpan<JpegComponent> components = scratch.Components.AsSpan(0, frame.ComponentCount);

        // A sequential scan of all components gives finished rows as it goes, and only two rows of units are kept.
        bool isStreamed = !frame.IsProgressive && scan.Components.Length == frame.ComponentCount;

        // What every block must at least cost in bits: a code for its DC difference, and in sequential files another for
        // the end of the block. It keeps a file of a hundred bytes from claiming a hundred megabytes.
        long leastBits = 0;
        long bufferBytes = 0;
        foreach (JpegComponent component in components)
        {
            component.StoredRows = isStreamed ? 2 * 8 * component.V : 8 * component.PaddedBlocksHigh;
            component.Offset = (int)Math.Min(bufferBytes, int.MaxValue);
            bufferBytes += (long)component.Stride * component.StoredRows * (frame.IsProgressive ? 2 : 1);
            leastBits += (long)component.BlocksWide * component.BlocksHigh * (frame.IsProgressive ? 1 : 2);
        }

        PictureLimits.Check(
            "JPEG", frame.Width, frame.Height,
            bufferBytes + ((long)frame.Width * frame.Height * frame.Channels),
            leastBits <= 8L * (data.Length - reader.Position));
        Span<byte> buffer = scratch.Samples((int)bufferBytes).AsSpan(0, (int)bufferBytes);
        if (frame.IsProgressive)
        {
            buffer.Clear();
        }

        var renderer = new JpegRenderer(frame, components, buffer, scratch);
        ReadScans(ref reader, scan, scratch, buffer, ref renderer);
        if (frame.IsProgressive)
        {
            JpegProgressive.Reconstruct(components, buffer, scratch);
        }

        return renderer.Finish();
    }

    private static void ReadScans(
        ref JpegSegmentReader reader, JpegScan scan, JpegScratch scratch, Span<byte> buffer, ref JpegRenderer renderer)
    {
        long visits = 0;
        for (int scans = 1; ; scans++, scan = reader.ReadScanHeader())
        {
            visits += scan.Visits;
            if (scans > MaxScans || visits > MaxVisits * reader.Frame.Blocks)
            {
                throw JpegMarkers.Corrupt("it has more scans than a picture needs");
            }

            reader.Position = reader.Frame.IsProgressive
                ? JpegProgressive.DecodeScan(reader.Data, reader.Position, reader.Frame, scan, buffer)
                : JpegSequential.DecodeScan(reader.Data, reader.Position, reader.Frame, scan, buffer, scratch.Block, ref renderer);
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
