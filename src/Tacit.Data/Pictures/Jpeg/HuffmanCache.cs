namespace Tacit.Data.Pictures.Jpeg;

/// <summary>The last few Huffman tables seen: a folder's files mostly share the standard ones, so building them is rare.</summary>
internal sealed class HuffmanCache
{
    private readonly HuffmanTable?[] tables = new HuffmanTable?[16];
    private int next;

    public HuffmanTable Get(ReadOnlySpan<byte> specification, bool isDc)
    {
        foreach (HuffmanTable? known in tables)
        {
            if (known is not null && known.Matches(specification, isDc))
            {
                return known;
            }
        }

        var table = new HuffmanTable(specification, isDc);
        tables[next] = table;
        next = (next + 1) % tables.Length;
        return table;
    }
}
