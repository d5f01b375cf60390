namespace Tacit.Data.Pictures.Jpeg;

/// <summary>What a thread keeps from one picture to the next, so that decoding a small picture allocates its pixels and little else.</summary>
internal sealed class JpegScratch
{
    private const int KeptBytes = 4 << 20;

    [ThreadStatic]
    private static JpegScratch? instance;

    public readonly HuffmanCache Cache = new();
    public readonly HuffmanTable?[] DcTables = new HuffmanTable?[4];
    public readonly HuffmanTable?[] AcTables = new HuffmanTable?[4];

    /// <summary>Four quantisation tables of 64 steps in natural order.</summary>
    public readonly short[] Quantization = new short[4 * 64];
    public readonly bool[] HasQuantization = new bool[4];
    public readonly JpegComponent[] Components = [new(), new(), new(), new()];
    public readonly JpegComponent[] ScanComponents = new JpegComponent[4];
    public readonly short[] Block = new short[64];

    private byte[] samples = [];
    private byte[] rows = [];

    public static JpegScratch Rent()
    {
        JpegScratch scratch = instance ??= new JpegScratch();
        Array.Clear(scratch.DcTables);
        Array.Clear(scratch.AcTables);
        Array.Clear(scratch.HasQuantization);
        return scratch;
    }

    /// <summary>A buffer for the frame's samples or coefficients; large ones are not kept.</summary>
    public byte[] Samples(int bytes) => Grow(ref samples, bytes);

    /// <summary>A buffer for a few rows of samples.</summary>
    public byte[] Rows(int bytes) => Grow(ref rows, bytes);

    private static byte[] Grow(ref byte[] kept, int bytes)
    {
        if (bytes <= kept.Length)
        {
            return kept;
        }

        byte[] grown = GC.AllocateUninitializedArray<byte>(bytes);
        if (bytes <= KeptBytes)
        {
            kept = grown;
        }

        return grown;
    }
}
