namespace Tacit.Data.Pictures.Jpeg;

/// <summary>One colour component of a frame: its sampling, its tables, and where its samples lie in the frame's buffer.</summary>
internal sealed class JpegComponent
{
    public int Id;
    public int H;
    public int V;
    public int QuantizationIndex;

    /// <summary>Samples that belong to the picture: ceil(picture × factor / largest factor).</summary>
    public int Width;
    public int Height;

    /// <summary>Blocks that hold those samples: what a scan of this component alone visits.</summary>
    public int BlocksWide;
    public int BlocksHigh;

    /// <summary>Blocks of whole minimum coded units: what an interleaved scan visits and what is stored.</summary>
    public int PaddedBlocksWide;
    public int PaddedBlocksHigh;

    /// <summary>How many rows of samples the frame's buffer keeps; row y lies at row y mod StoredRows.</summary>
    public int StoredRows;

    /// <summary>Where this component's part of the frame's buffer begins, in bytes.</summary>
    public int Offset;

    public HuffmanTable? Dc;
    public HuffmanTable? Ac;
    public int DcPrediction;

    /// <summary>Quantisation steps in natural order, latched at the component's first scan (T.81, B.2.4.1).</summary>
    public readonly short[] Quantization = new short[64];
    public bool IsSeen;

    /// <summary>Per zigzag index, the lowest bit decoded so far; −1 where no scan has been (progressive).</summary>
    public readonly sbyte[] LowestBit = new sbyte[64];

    /// <summary>Bytes from one row of samples to the next.</summary>
    public int Stride => PaddedBlocksWide * 8;

    public void Reset(int id, int h, int v, int quantizationIndex)
    {
        Id = id;
        H = h;
        V = v;
        QuantizationIndex = quantizationIndex;
        Dc = null;
        Ac = null;
        IsSeen = false;
        LowestBit.AsSpan().Fill(-1);
    }
}
