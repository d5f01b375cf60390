namespace Tacit.Data.Sounds;

/// <summary>
/// A stream seen through a window that can be peeked into as far as needed: positions count from where the stream stood,
/// and nothing behind <paramref name="length"/> bytes from there is touched (a length below 0 is unknown).
/// </summary>
internal sealed class SoundInput(Stream stream, long length, bool leaveOpen) : IDisposable
{
    /// <summary>Bytes behind those of <see cref="PeekPadded"/> that may be loaded, but mean nothing.</summary>
    public const int Slack = 16;

    private const int WindowBytes = 64 << 10;
    private readonly long origin = stream.CanSeek ? stream.Position : 0;
    private readonly long limit = length < 0 ? long.MaxValue : length;
    private byte[] buffer = GC.AllocateUninitializedArray<byte>((int)(length is < 0 or > WindowBytes ? WindowBytes : length) + Slack);
    private int begin;
    private int end;
    private bool hasEnded;

    /// <summary>Bytes in all, or -1 where that is unknown.</summary>
    public long Length => limit == long.MaxValue ? -1 : limit;

    public long Position { get; private set; }

    public bool CanSeek => stream.CanSeek;

    /// <summary>The bytes at hand from here on: at least as many as asked for, unless the input ends before.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        Fill(count);
        return buffer.AsSpan(begin, end - begin);
    }

    /// <summary>As <see cref="Peek"/>, with <see cref="Slack"/> more bytes at the end.</summary>
    public ReadOnlySpan<byte> PeekPadded(int count)
    {
        Fill(count);
        return buffer.AsSpan(begin, end - begin + Slack);
    }

    /// <summary>Goes forward over bytes that have been peeked at.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, end - begin);
        begin += count;
        Position += count;
    }

    /// <summary>Goes to a place, at most the end of the input.</summary>
    /// <exception cref="InvalidOperationException">It lies behind in a stream that cannot go back.</exception>
    public void Seek(long position)
    {
        long shift = position - Position;
        if (shift >= -begin && shift <= end - begin)
        {
            begin += (int)shift;
            Position = position;
        }
        else if (stream.CanSeek)
        {
            Position = Math.Min(position, limit);
            stream.Position = origin + Position;
            begin = 0;
            end = 0;
            hasEnded = false;
        }
        else if (shift < 0)
        {
            throw new InvalidOperationException("The stream cannot go back; open it again.");
        }
        else
        {
            while (Position < position && Peek(1).Length > 0)
            {
                Advance((int)Math.Min(end - begin, position - Position));
            }
        }
    }

    public void Dispose()
    {
        if (!leaveOpen)
        {
            stream.Dispose();
        }
    }

    private void Fill(int count)
    {
        if (end - begin >= count || hasEnded)
        {
            return;
        }

        int kept = end - begin;
        int room = buffer.Length - Slack;
        byte[] from = buffer;
        if (count > room)
        {
            // No larger than what can come, whatever is asked for.
            room = (int)Math.Min(Math.Max(count, 2L * room), Math.Max(kept, limit - Position));
            room = Math.Max(room, buffer.Length - Slack);
            if (room > buffer.Length - Slack)
            {
                buffer = GC.AllocateUninitializedArray<byte>(room + Slack);
            }
        }

        from.AsSpan(begin, kept).CopyTo(buffer);
        begin = 0;
        end = kept;
        while (end < count && end < room)
        {
            int wanted = (int)Math.Min(room - end, limit - Position - end);
            int got = wanted <= 0 ? 0 : stream.Read(buffer, end, wanted);
            if (got <= 0)
            {
                hasEnded = true;
                break;
            }

            end += got;
        }

        // If the room was cut down to the input's end, asking again would not bring more.
        hasEnded |= Position + end >= limit;
        buffer.AsSpan(end, Slack).Clear();
    }
}
