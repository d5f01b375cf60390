using System.Numerics.Tensors;

namespace Tacit.Data.Sounds.Flac;

/// <summary>Reads a FLAC file frame by frame, with the checksum of each, and of all samples if all are read in order.</summary>
internal sealed class FlacReader : SoundReader
{
    private readonly FlacStream stream;
    private readonly FlacFrame frame = new();
    private readonly float scale;
    private FlacDigest? digest;
    private long next;          // the sample behind the frame at hand
    private int used;           // samples of it, within the stream's length
    private int offset;         // those that have been given

    public FlacReader(SoundInput input)
    {
        stream = new FlacStream(input);
        Info = stream.StreamInfo.Info;
        scale = MathF.ScaleB(1, 1 - Info.Bits);
        digest = FlacDigest.For(stream.StreamInfo);
    }

    public override int Read(Span<float> interleaved)
    {
        int total = 0;
        for (int count; (count = Next((interleaved.Length - total) / Info.Channels)) > 0;)
        {
            for (int channel = 0; channel < Info.Channels; channel++)
            {
                ReadOnlySpan<int> from = frame.Channel(channel).Slice(offset, count);
                if (Info.Channels == 1)
                {
                    Span<float> to = interleaved.Slice(total, count);
                    TensorPrimitives.ConvertTruncating(from, to);
                    TensorPrimitives.Multiply(to, scale, to);
                    break;
                }

                for (int i = 0, o = total + channel; i < from.Length; i++, o += Info.Channels)
                {
                    interleaved[o] = from[i] * scale;
                }
            }

            Give(count);
            total += count * Info.Channels;
        }

        return total;
    }

    public override int ReadIntegers(Span<int> interleaved)
    {
        int total = 0;
        for (int count; (count = Next((interleaved.Length - total) / Info.Channels)) > 0;)
        {
            for (int channel = 0; channel < Info.Channels; channel++)
            {
                ReadOnlySpan<int> from = frame.Channel(channel).Slice(offset, count);
                for (int i = 0, o = total + channel; i < from.Length; i++, o += Info.Channels)
                {
                    interleaved[o] = from[i];
                }
            }

            Give(count);
            total += count * Info.Channels;
        }

        return total;
    }

    public override void Seek(long frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        long target = Info.Frames < 0 ? frame : Math.Min(frame, Info.Frames);
        long first = next - used;
        if (target < first || target > next)
        {
            FlacSeekPoint place = target == Info.Frames ? new(target, stream.Input.Position) : FlacSeeker.Find(stream, target, new(next, stream.Input.Position));
            if (place.Sample != next)
            {
                stream.Input.Seek(place.Offset);
                digest = place.Sample == 0 ? FlacDigest.For(stream.StreamInfo) : null;
                next = place.Sample;
            }

            (used, offset) = (0, 0);
            while (next <= target && Decode())
            {
            }
        }

        offset = (int)Math.Min(used, target - (next - used));
        Position = next - used + offset;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Input.Dispose();
        }
    }

    /// <summary>How many samples of the frame at hand, or of the next one, can be given.</summary>
    private int Next(int room)
    {
        if (room > 0 && offset == used && !Decode())
        {
            return 0;
        }

        return Math.Min(room, used - offset);
    }

    private void Give(int count)
    {
        offset += count;
        Position += count;
    }

    /// <summary>Takes the next frame; at the last one, holds all samples against the checksum.</summary>
    private bool Decode()
    {
        if (next == Info.Frames)
        {
            return false;
        }

        if (!stream.Next(frame))
        {
            if (Info.Frames >= 0)
            {
                throw FlacMetadata.Truncated();
            }

            (used, offset) = (0, 0);
            digest?.Check();
            digest = null;
            return next > 0 ? false : throw SoundLimits.Empty("FLAC");
        }

        used = Info.Frames < 0 ? frame.Block : (int)Math.Min(frame.Block, Info.Frames - next);
        offset = 0;
        next += used;
        digest?.Add(frame, used);
        if (next == Info.Frames)
        {
            digest?.Check();
            digest = null;
        }

        return true;
    }
}
