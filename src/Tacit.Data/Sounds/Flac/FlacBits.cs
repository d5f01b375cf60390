using System.Buffers.Binary;
using System.Numerics;

namespace Tacit.Data.Sounds.Flac;

/// <summary>Bits from the highest down, through a 64-bit cache.</summary>
/// <remarks>
/// The cache is filled by whole loads: eight bytes from <see cref="next"/> on are placed under the <see cref="count"/> bits that
/// are left, as many of them as fill whole bytes are counted, and the rest of the load (the same bits again) is or-ed over by
/// the next one. After a fill 56 to 63 bits are there. Bits behind the end may be read, and <see cref="Align"/> tells.
/// </remarks>
internal ref struct FlacBits
{
    private readonly ReadOnlySpan<byte> bytes;
    private readonly int limit;
    private readonly int lastLoad;
    private ulong cache;
    private int count;
    private int next;

    /// <param name="padded">The bytes, and <see cref="SoundInput.Slack"/> more that may be loaded.</param>
    /// <param name="start">The byte to begin at.</param>
    public FlacBits(ReadOnlySpan<byte> padded, int start)
    {
        bytes = padded;
        limit = padded.Length - SoundInput.Slack;
        lastLoad = padded.Length - sizeof(ulong);
        next = start;
    }

    /// <summary>Bits read so far, and those before the start.</summary>
    public readonly long Position => (8L * next) - count;

    /// <summary>Reads up to 56 bits.</summary>
    public ulong Read(int bits)
    {
        Fill();
        ulong value = cache >> 1 >> (63 - bits);
        cache <<= bits;
        count -= bits;
        return value;
    }

    /// <summary>Reads up to 56 bits in two's complement.</summary>
    public long ReadSigned(int bits) => bits == 0 ? 0 : (long)(Read(bits) << (64 - bits)) >> (64 - bits);

    /// <summary>Counts the zeros before the next one, and reads that too.</summary>
    public uint ReadUnary()
    {
        uint zeros = 0;
        while (true)
        {
            Fill();
            int leading = BitOperations.LeadingZeroCount(cache);
            if (leading < count)
            {
                cache = cache << leading << 1;
                count -= leading + 1;
                return zeros + (uint)leading;
            }

            // The bits under those that are counted go too: they come again.
            zeros += (uint)count;
            cache = 0;
            count = 0;
        }
    }

    /// <summary>Reads Rice codes of parameter <paramref name="k"/> (at most 30): a quotient in unary, k bits, and the sign lowest.</summary>
    public void ReadRice(Span<int> into, int k)
    {
        ulong cached = cache;
        int left = count;
        int at = next;
        for (int i = 0; i < into.Length; i++)
        {
            if (at > lastLoad)
            {
                throw new FlacEndException();
            }

            cached |= BinaryPrimitives.ReadUInt64BigEndian(bytes[at..]) >> left;
            at += (63 - left) >> 3;
            left |= 56;
            int zeros = BitOperations.LeadingZeroCount(cached);
            int length = zeros + 1 + k;
            if (length <= left)
            {
                // Shifts in two steps, for 64 at once would be none.
                ulong rest = cached << zeros << 1;
                uint value = ((uint)zeros << k) | (uint)(rest >> 1 >> (63 - k));
                cached = rest << k;
                left -= length;
                into[i] = (int)(value >> 1) ^ -(int)(value & 1);
                continue;
            }

            (cache, count, next) = (cached, left, at);
            uint quotient = ReadUnary();
            if (quotient > uint.MaxValue >> k)
            {
                throw FlacMetadata.Corrupt("a residual is larger than any sample");
            }

            uint folded = (quotient << k) | (uint)Read(k);
            into[i] = (int)(folded >> 1) ^ -(int)(folded & 1);
            (cached, left, at) = (cache, count, next);
        }

        (cache, count, next) = (cached, left, at);
    }

    /// <summary>Goes to the next whole byte, over bits that must be 0.</summary>
    /// <returns>The byte's place.</returns>
    public int Align()
    {
        int spare = count & 7;
        if (spare > 0 && Read(spare) != 0)
        {
            throw FlacMetadata.Corrupt("a frame does not end in zeros");
        }

        int place = next - (count >> 3);
        return place <= limit ? place : throw new FlacEndException();
    }

    private void Fill()
    {
        if (next > lastLoad)
        {
            throw new FlacEndException();
        }

        cache |= BinaryPrimitives.ReadUInt64BigEndian(bytes[next..]) >> count;
        next += (63 - count) >> 3;
        count |= 56;
    }
}
