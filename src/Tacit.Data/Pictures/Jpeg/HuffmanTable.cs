namespace Tacit.Data.Pictures.Jpeg;

/// <summary>One Huffman table of a JPEG file, ready to decode (ITU-T T.81, annexes C and F.2.2).</summary>
/// <remarks>
/// A look-up by the next <see cref="LookupBits"/> bits finds the symbol of every short code, and, where the coefficient's
/// extra bits fit in as well, the coefficient itself, so that most coefficients cost one load. Immutable once built.
/// </remarks>
internal sealed class HuffmanTable
{
    public const int LookupBits = 10;

    // Layout of a look-up entry: bits 0-4 how many bits to consume, bit 5 whether they hold the extra bits too,
    // bits 8-15 the symbol, bits 16-31 the coefficient. Zero: the code is longer than the look-up.
    public const int LengthMask = 31;
    public const int CompleteFlag = 32;

    public readonly int[] Lookup = new int[1 << LookupBits];

    private readonly byte[] specification;
    private readonly bool isDc;
    private readonly int[] firstCode = new int[17];
    private readonly int[] endCode = new int[17];
    private readonly int[] firstSymbol = new int[17];

    /// <param name="specification">As in the DHT segment: 16 counts of codes by length, then the symbols by code.</param>
    /// <param name="isDc">Whether a symbol is a DC difference's size rather than a run and a size.</param>
    /// <exception cref="PictureException">The counts are not those of a prefix code, or a DC symbol is above 15.</exception>
    public HuffmanTable(ReadOnlySpan<byte> specification, bool isDc)
    {
        this.specification = specification.ToArray();
        this.isDc = isDc;
        int code = 0;
        int symbol = 0;
        for (int length = 1; length <= 16; length++)
        {
            firstCode[length] = code;
            firstSymbol[length] = symbol;
            for (int i = 0; i < specification[length - 1]; i++, code++, symbol++)
            {
                if (code >= 1 << length)
                {
                    throw new PictureException("The JPEG picture is corrupt: a Huffman table has more codes than fit.");
                }

                byte value = specification[16 + symbol];
                if (isDc && value > 15)
                {
                    throw new PictureException("The JPEG picture is corrupt: a Huffman table for DC differences has a size above 15.");
                }

                if (length <= LookupBits)
                {
                    FillLookup(code, length, value);
                }
            }

            endCode[length] = code;
            code <<= 1;
        }
    }

    public bool Matches(ReadOnlySpan<byte> otherSpecification, bool otherIsDc) =>
        isDc == otherIsDc && otherSpecification.SequenceEqual(specification);

    /// <summary>Finds a code that is longer than the look-up: returns (symbol &lt;&lt; 8 | length), or −1 where no code fits.</summary>
    /// <param name="next">The next 16 bits of the data.</param>
    public int LongCode(int next)
    {
        for (int length = LookupBits + 1; length <= 16; length++)
        {
            int code = next >> (16 - length);
            if (code < endCode[length])
            {
                // A prefix code has no smaller code of this length that is not also a code of a shorter one.
                int index = firstSymbol[length] + code - firstCode[length];
                return code < firstCode[length] ? -1 : (specification[16 + index] << 8) | length;
            }
        }

        return -1;
    }

    /// <summary>The signed value of <paramref name="size"/> extra bits (T.81, figure F.12).</summary>
    public static int Extend(int bits, int size) => bits < (1 << size) >> 1 ? bits - (1 << size) + 1 : bits;

    private void FillLookup(int code, int length, byte symbol)
    {
        int size = symbol & 15;
        int spare = LookupBits - length;
        bool complete = size <= spare && (isDc || size > 0);
        for (int rest = 0; rest < 1 << spare; rest++)
        {
            int entry = (symbol << 8) | length;
            if (complete)
            {
                int value = size == 0 ? 0 : Extend(rest >> (spare - size), size);
                entry = (value << 16) | (symbol << 8) | CompleteFlag | (length + size);
            }

            Lookup[(code << spare) | rest] = entry;
        }
    }
}
