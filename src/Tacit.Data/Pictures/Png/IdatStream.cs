namespace Tacit.Data.Pictures.Png;

/// <summary>The compressed bytes of consecutive IDAT chunks as one stream; each chunk's CRC is checked as it is entered.</summary>
/// <param name="file">The whole file, pinned by the caller for as long as the stream is read.</param>
/// <param name="fileLength">Its length.</param>
/// <param name="firstChunk">Position of the first IDAT chunk.</param>
internal sealed unsafe class IdatStream(byte* file, int fileLength, int firstChunk) : Stream
{
    private int nextChunk = firstChunk;
    private int position;
    private int left;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var bytes = new ReadOnlySpan<byte>(file, fileLength);
        while (left == 0)
        {
            if (nextChunk >= fileLength)
            {
                return 0;
            }

            PngChunk chunk = PngChunks.Read(bytes, nextChunk);
            if (chunk.Type != PngChunks.Data)
            {
                return 0;
            }

            PngChunks.CheckCrc(bytes, chunk);
            position = chunk.Start;
            left = chunk.Length;
            nextChunk = chunk.End;
        }

        int count = Math.Min(left, buffer.Length);
        bytes.Slice(position, count).CopyTo(buffer);
        position += count;
        left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
