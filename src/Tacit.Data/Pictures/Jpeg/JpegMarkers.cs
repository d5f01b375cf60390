namespace Tacit.Data.Pictures.Jpeg;

/// <summary>Marker codes of ITU-T T.81, table B.1, and how to find the next one.</summary>
internal static class JpegMarkers
{
    public const int Baseline = 0xC0;
    public const int Extended = 0xC1;
    public const int Progressive = 0xC2;
    public const int HuffmanTables = 0xC4;
    public const int ArithmeticConditioning = 0xCC;
    public const int Restart0 = 0xD0;
    public const int Restart7 = 0xD7;
    public const int StartOfImage = 0xD8;
    public const int EndOfImage = 0xD9;
    public const int StartOfScan = 0xDA;
    public const int QuantizationTables = 0xDB;
    public const int NumberOfLines = 0xDC;
    public const int RestartInterval = 0xDD;
    public const int App0 = 0xE0;
    public const int App1 = 0xE1;
    public const int App14 = 0xEE;
    public const int Temporary = 0x01;

    /// <summary>The index of the next marker's code (the byte behind its 0xFF bytes), or −1; whatever stands before it is skipped.</summary>
    public static int Find(ReadOnlySpan<byte> data, int position)
    {
        while (position < data.Length)
        {
            int found = data[position..].IndexOf((byte)0xFF);
            if (found < 0)
            {
                return -1;
            }

            position += found + 1;
            while (position < data.Length && data[position] == 0xFF)
            {
                position++;
            }

            if (position < data.Length && data[position] != 0)
            {
                return position;
            }
        }

        return -1;
    }

    /// <summary>Whether a marker begins a frame that is not Huffman-coded sequential or progressive 8-bit, and how to call it.</summary>
    public static string? UnsupportedFrame(int marker) => marker switch
    {
        0xC3 => "lossless coding",
        0xC5 or 0xC6 or 0xC7 or 0xCD or 0xCE or 0xCF or 0xDE or 0xDF => "hierarchical coding",
        0xC8 => "a reserved coding process",
        0xC9 or 0xCA or ArithmeticConditioning => "arithmetic coding",
        0xCB => "lossless arithmetic coding",
        0xF7 => "JPEG-LS coding",
        _ => null,
    };

    public static PictureException Truncated() => new("The JPEG picture is truncated: the file ends before its data does.");

    public static PictureException Corrupt(string what) => new($"The JPEG picture is corrupt: {what}.");
}
