using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Tacit.Data.Pictures.Jpeg;

/// <summary>Bits of a scan's entropy-coded data, most significant first; stuffed zeros are removed, markers end it.</summary>
/// <remarks>
/// Past the end (a marker, or the end of the file) it delivers zeros and counts them, so that the hot loops need no checks:
/// the caller asks <see cref="IsOverrun"/> once in a while.
/// </remarks>
internal ref struct EntropyReader(ReadOnlySpan<byte> data, int position)
{
    /// <summary>The next bits, left-aligned. Below the first <see cref="Count"/> there may be more true bits of the next byte.</summary>
    public ulong Bits;

    public int Count;

    private readonly ReadOnlySpan<byte> data = data;
    private int padding;

    /// <summary>The next byte that is not yet in <see cref="Bits"/>; never beyond the marker that ends the data.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Whether bits were consumed that the data does not hold.</summary>
    public readonly bool IsOverrun => Count < padding;

    /// <summary>Makes at least 57 bits available.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fill()
    {
        if (data.Length - Position >= 8)
        {
            ulong word = BinaryPrimitives.ReadUInt64BigEndian(data.Slice(Position, 8));

            // The classic test for a zero byte, on the complement: is any of the eight bytes 0xFF?
            if ((((~word) - 0x0101010101010101UL) & word & 0x8080808080808080UL) == 0)
            {
                Bits |= word >> Count;
                int bytes = (64 - Count) >> 3;
                Position += bytes;
                Count += bytes << 3;
                return;
            }
        }

        FillSlowly();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Need32()
    {
        if (Count < 32)
        {
            Fill();
        }
    }

    /// <summary>Removes <paramref name="count"/> ≤ 16 bits and returns them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(int count)
    {
        Need32();
        int value = (int)(Bits >> 32 >> (32 - count));
        Skip(count);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(int count)
    {
        Bits <<= count;
        Count -= count;
    }

    /// <summary>Removes one code and returns its symbol, without the extra bits that follow it.</summary>
    public int ReadSymbol(HuffmanTable table)
    {
        Need32();
        int entry = table.Lookup[(int)(Bits >> (64 - HuffmanTable.LookupBits))];
        if (entry != 0)
        {
            int symbol = (entry >> 8) & 255;
            int length = entry & HuffmanTable.LengthMask;
            Skip((entry & HuffmanTable.CompleteFlag) != 0 ? length - (symbol & 15) : length);
            return symbol;
        }

        return ReadLongSymbol(table);
    }

    /// <summary>As <see cref="ReadSymbol"/> for a code that is not in the look-up.</summary>
    public int ReadLongSymbol(HuffmanTable table)
    {
        int found = table.LongCode((int)(Bits >> 48));
        if (found < 0)
        {
            throw IsOverrun || padding > 0 ? Truncated() : new PictureException("The JPEG picture is corrupt: its data holds a Huffman code that its tables lack.");
        }

        Skip(found & 255);
        return found >> 8;
    }

    /// <summary>Throws if bits were consumed that are not there.</summary>
    public readonly void CheckOverrun()
    {
        if (IsOverrun)
        {
            throw Truncated();
        }
    }

    /// <summary>Drops the rest of an interval and steps over its restart marker, which must be RST<paramref name="number"/>.</summary>
    public void Restart(int number)
    {
        CheckOverrun();
        int at = JpegMarkers.Find(data, Position);
        if (at < 0)
        {
            throw Truncated();
        }

        if (data[at] != JpegMarkers.Restart0 + number)
        {
            throw new PictureException("The JPEG picture is corrupt: a restart marker is missing or out of order.");
        }

        Position = at + 1;
        Bits = 0;
        Count = 0;
        padding = 0;
    }

    private readonly PictureException Truncated() => Position >= data.Length
        ? JpegMarkers.Truncated()
        : new PictureException("The JPEG picture is corrupt or truncated: a scan's data ends before its last block.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillSlowly()
    {
        while (Count <= 56)
        {
            if (NextByte(out byte value))
            {
                Bits |= (ulong)value << (56 - Count);
            }
            else
            {
                padding += 8;
            }

            Count += 8;
        }
    }

    private bool NextByte(out byte value)
    {
        value = 0;
        if (Position >= data.Length)
        {
            return false;
        }

        value = data[Position];
        if (value != 0xFF)
        {
            Position++;
            return true;
        }

        // Any number of 0xFF may stand before a marker; with a zero behind them they are one byte 0xFF of data.
        int after = Position + 1;
        while (after < data.Length && data[after] == 0xFF)
        {
            after++;
        }

        if (after < data.Length && data[after] == 0)
        {
            Position = after + 1;
            return true;
        }

        // Stay on the last 0xFF, so that a long run of them is walked once.
        Position = after < data.Length ? after - 1 : data.Length;
        return false;
    }
}
