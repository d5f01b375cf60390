namespace Tacit.Data.Files;

/// <summary>A file of a <see cref="FileSet"/> as a stream that can be sought in, read in blocks; not for several threads at once.</summary>
internal sealed class EntryStream(FileSet files, FileEntry entry) : Stream
{
    private const int BlockBytes = 64 << 10;

    private readonly byte[] block = GC.AllocateUninitializedArray<byte>((int)Math.Min(BlockBytes, Math.Max(1, entry.Length)));
    private long blockStart;
    private int blockLength;
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => entry.Length;

    public override long Position
    {
        get => position;
        set => position = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), "A position is not negative.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (position >= entry.Length || buffer.IsEmpty)
        {
            return 0;
        }

        if (position < blockStart || position >= blockStart + blockLength)
        {
            if (buffer.Length >= block.Length)
            {
                int direct = files.Read(entry, position, buffer);
                position += direct;
                return direct;
            }

            blockStart = position;
            blockLength = files.Read(entry, position, block);
        }

        int from = (int)(position - blockStart), got = Math.Min(buffer.Length, blockLength - from);
        block.AsSpan(from, got).CopyTo(buffer);
        position += got;
        return got;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => position + offset,
        _ => entry.Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
