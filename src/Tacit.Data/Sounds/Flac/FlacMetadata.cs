using System.Buffers.Binary;

namespace Tacit.Data.Sounds.Flac;

/// <summary>What comes before a FLAC file's frames: perhaps ID3 tags, the stream's info, perhaps seek points, and what is of no use here.</summary>
/// <remarks>RFC 9639, sections 6 and 8.</remarks>
internal sealed record FlacMetadata(FlacStreamInfo StreamInfo, IReadOnlyList<FlacSeekPoint> SeekPoints, long FirstFrame)
{
    private const int MaxSeekPoints = 1 << 16;
    private const int SeekPointBytes = 18;
    private const int SeekTable = 3;
    private const int Forbidden = 127;
    private const int Id3HeaderBytes = 10;

    public static bool IsFlac(ReadOnlySpan<byte> first) => first.StartsWith("fLaC"u8);

    public static bool IsId3(ReadOnlySpan<byte> first) => first.StartsWith("ID3"u8);

    /// <summary>Goes over ID3 (version 2) tags: to what follows them, or to the end of the input.</summary>
    public static void SkipId3(SoundInput input)
    {
        for (ReadOnlySpan<byte> head; IsId3(head = input.Peek(Id3HeaderBytes)) && head.Length >= Id3HeaderBytes;)
        {
            // Four times seven bits; the tag may end in a copy of its header.
            int size = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9];
            input.Seek(input.Position + Id3HeaderBytes + size + ((head[5] & 0x10) != 0 ? Id3HeaderBytes : 0));
        }
    }

    /// <param name="input">At "fLaC"; left at the first frame.</param>
    public static FlacMetadata Read(SoundInput input)
    {
        input.Advance(IsFlac(input.Peek(4)) ? 4 : throw Corrupt("it does not begin as one"));
        FlacStreamInfo? info = null;
        IReadOnlyList<FlacSeekPoint> points = [];
        for (bool isLast = false; !isLast;)
        {
            ReadOnlySpan<byte> head = input.Peek(4);
            if (head.Length < 4)
            {
                throw Truncated();
            }

            isLast = (head[0] & 0x80) != 0;
            int type = head[0] & 0x7F;
            int size = (head[1] << 16) | (head[2] << 8) | head[3];
            input.Advance(4);
            if ((info is null) != (type == 0))
            {
                throw Corrupt(info is null ? "it does not begin with the stream's info" : "it has two infos of the stream");
            }

            if (type == Forbidden)
            {
                throw Corrupt("one of its metadata blocks is of a forbidden type");
            }

            long next = input.Position + size;
            if (type == 0)
            {
                ReadOnlySpan<byte> block = input.Peek(FlacStreamInfo.Size);
                info = FlacStreamInfo.Read(size != FlacStreamInfo.Size ? throw Corrupt($"its stream's info has {size} bytes") : block.Length < size ? throw Truncated() : block);
            }
            else if (type == SeekTable && size / SeekPointBytes <= MaxSeekPoints)
            {
                ReadOnlySpan<byte> block = input.Peek(size);
                points = ReadPoints(block.Length < size ? throw Truncated() : block[..size]);
            }

            input.Seek(next);
            if (input.Position < next)
            {
                throw Truncated();
            }
        }

        return new FlacMetadata(info!, points, input.Position);
    }

    public static SoundException Truncated() => new("The FLAC sound is truncated: the file ends before its data do.");

    public static SoundException Corrupt(string what) => new($"The FLAC sound is corrupt: {what}.");

    private static List<FlacSeekPoint> ReadPoints(ReadOnlySpan<byte> table)
    {
        var points = new List<FlacSeekPoint>(table.Length / SeekPointBytes);
        for (; table.Length >= SeekPointBytes; table = table[SeekPointBytes..])
        {
            ulong sample = BinaryPrimitives.ReadUInt64BigEndian(table);
            ulong offset = BinaryPrimitives.ReadUInt64BigEndian(table[8..]);
            if (sample <= long.MaxValue && offset <= long.MaxValue / 2)
            {
                points.Add(new FlacSeekPoint((long)sample, (long)offset));
            }
        }

        return points;
    }
}
