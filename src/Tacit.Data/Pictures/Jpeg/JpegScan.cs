namespace Tacit.Data.Pictures.Jpeg;

/// <summary>One scan's header: which components, and in a progressive file which band of coefficients and which bits.</summary>
/// <param name="components">One to four components of the frame.</param>
/// <param name="first">First zigzag index of the band (Ss).</param>
/// <param name="last">Last zigzag index of the band (Se).</param>
/// <param name="high">The bit refined by an earlier scan (Ah), 0 for a band's first scan.</param>
/// <param name="low">The lowest bit this scan brings (Al).</param>
internal readonly ref struct JpegScan(ReadOnlySpan<JpegComponent> components, int first, int last, int high, int low)
{
    public readonly ReadOnlySpan<JpegComponent> Components = components;
    public readonly int First = first;
    public readonly int Last = last;
    public readonly int High = high;
    public readonly int Low = low;

    /// <summary>How many blocks the scan visits; a refinement of many coefficients looks at each of them, and counts for more.</summary>
    public long Visits
    {
        get
        {
            long blocks = 0;
            foreach (JpegComponent component in Components)
            {
                blocks += (long)component.PaddedBlocksWide * component.PaddedBlocksHigh;
            }

            return High > 0 ? blocks * (1 + ((Last - First + 1) / 8)) : blocks;
        }
    }
}
