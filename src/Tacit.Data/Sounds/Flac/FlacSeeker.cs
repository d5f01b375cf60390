namespace Tacit.Data.Sounds.Flac;

/// <summary>Finds a frame from which a sample is soon reached: by the seek table if it is right, then by halving the bytes between.</summary>
internal static class FlacSeeker
{
    /// <summary>So few bytes are decoded rather than searched.</summary>
    private const long NearBytes = 64 << 10;

    /// <summary>A frame at or before the sample.</summary>
    /// <param name="stream">Its input is left anywhere.</param>
    /// <param name="target">The sample.</param>
    /// <param name="here">The frame that comes next.</param>
    public static FlacSeekPoint Find(FlacStream stream, long target, FlacSeekPoint here)
    {
        SoundInput input = stream.Input;
        var low = new FlacSeekPoint(0, stream.Metadata.FirstFrame);
        if (here.Sample <= target && here.Sample > 0)
        {
            low = here;
        }

        if (!input.CanSeek || input.Length < 0)
        {
            input.Seek(low.Offset);
            return low;
        }

        if (!TryHeader(stream, stream.Metadata.FirstFrame, out FlacFrameHeader header) || !stream.StreamInfo.TellsPlace(header))
        {
            input.Seek(here.Offset);
            return low;
        }

        // Streams that were cut out of longer ones do not begin to count at 0.
        long first = stream.StreamInfo.FirstSample(header);
        long high = input.Length;
        foreach (FlacSeekPoint point in stream.Metadata.SeekPoints)
        {
            long offset = stream.Metadata.FirstFrame + point.Offset;
            if (point.Sample > low.Sample && point.Sample <= target && offset > low.Offset && offset < high
                && TryHeader(stream, offset, out header) && stream.StreamInfo.FirstSample(header) - first == point.Sample)
            {
                low = new FlacSeekPoint(point.Sample, offset);
            }
        }

        var scratch = new FlacFrame();
        while (high - low.Offset > NearBytes)
        {
            long middle = low.Offset + ((high - low.Offset) / 2);
            if (TryFind(stream, scratch, middle, high, out long offset) && stream.StreamInfo.TellsPlace(scratch.Header))
            {
                long sample = stream.StreamInfo.FirstSample(scratch.Header) - first;
                if (sample <= target && sample > low.Sample)
                {
                    low = new FlacSeekPoint(sample, offset);
                    continue;
                }
            }

            high = middle;
        }

        input.Seek(here.Offset);
        return low;
    }

    /// <summary>The first whole frame between two places; its checksum tells it from samples that look like a header.</summary>
    private static bool TryFind(FlacStream stream, FlacFrame frame, long from, long to, out long offset)
    {
        SoundInput input = stream.Input;
        for (offset = from; offset < to; offset++)
        {
            input.Seek(offset);
            ReadOnlySpan<byte> bytes = input.Peek((int)Math.Min(NearBytes / 4, to - offset));
            int sync = bytes.IndexOf((byte)0xFF);
            if (sync < 0)
            {
                offset += Math.Max(0, bytes.Length - 1);
                if (bytes.IsEmpty)
                {
                    return false;
                }

                continue;
            }

            offset += sync;
            if (offset < to && FlacFrameHeader.TryRead(bytes[sync..], out FlacFrameHeader header) && stream.IsOfStream(header))
            {
                input.Seek(offset);
                try
                {
                    if (stream.Next(frame))
                    {
                        return true;
                    }
                }
                catch (SoundException)
                {
                    // Not a frame after all.
                }
            }
        }

        return false;
    }

    private static bool TryHeader(FlacStream stream, long offset, out FlacFrameHeader header)
    {
        stream.Input.Seek(offset);
        return FlacFrameHeader.TryRead(stream.Input.Peek(FlacFrameHeader.MaxSize), out header) && stream.IsOfStream(header);
    }
}
