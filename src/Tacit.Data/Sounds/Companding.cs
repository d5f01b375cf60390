namespace Tacit.Data.Sounds;

/// <summary>The telephone's logarithmic bytes expanded to 16-bit samples.</summary>
/// <remarks>ITU-T G.711: tables 1 (A-law, 13 bits, here times 8) and 2 (µ-law, 14 bits, here times 4).</remarks>
internal static class Companding
{
    public static ReadOnlySpan<short> ALaw => ALawTable;

    public static ReadOnlySpan<short> MuLaw => MuLawTable;

    private static readonly short[] ALawTable = Table(ExpandALaw);
    private static readonly short[] MuLawTable = Table(ExpandMuLaw);

    private static short[] Table(Func<int, int> expand)
    {
        short[] table = new short[256];
        for (int code = 0; code < table.Length; code++)
        {
            table[code] = (short)expand(code);
        }

        return table;
    }

    /// <summary>Even bits are inverted; then a sign (1 is positive), a chord of 3 bits and a step of 4.</summary>
    private static int ExpandALaw(int code)
    {
        code ^= 0x55;
        int chord = (code >> 4) & 7;
        int step = ((code & 15) << 4) + 8;
        int size = chord == 0 ? step : (step + 256) << (chord - 1);
        return (code & 0x80) != 0 ? size : -size;
    }

    /// <summary>All bits are inverted; then a sign (1 is negative), a chord of 3 bits and a step of 4, over a bias of 33.</summary>
    private static int ExpandMuLaw(int code)
    {
        code = ~code & 255;
        int size = ((((code & 15) << 1) + 33) << ((code >> 4) & 7)) - 33;
        return ((code & 0x80) != 0 ? -size : size) * 4;
    }
}
