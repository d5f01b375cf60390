namespace Tacit.Methods;

/// <summary>
/// Which places of each item a network sees and which it must make out: the same number of each for every item, so that the
/// kept places of a batch are one dense tensor.
/// </summary>
/// <param name="Items">N</param>
/// <param name="Places">P: the patches, frames or tokens of one item.</param>
/// <param name="Kept">Items · KeptCount places in 0 … P-1, item after item, ascending within each.</param>
/// <param name="Masked">Items · MaskedCount places, the others, in the same order.</param>
public sealed record Mask(int Items, int Places, int[] Kept, int[] Masked)
{
    /// <summary>Kept places of one item.</summary>
    public int KeptCount => Kept.Length / Items;

    /// <summary>Masked places of one item.</summary>
    public int MaskedCount => Masked.Length / Items;

    /// <summary>The kept places as rows of a tensor [Items · Places, D].</summary>
    public int[] KeptRows() => Rows(Kept, Items, Places);

    /// <summary>The masked places as rows of a tensor [Items · Places, D].</summary>
    public int[] MaskedRows() => Rows(Masked, Items, Places);

    /// <summary>
    /// Where each place of each item lies in the kept rows of all items followed by the masked rows of all items: gathering by it
    /// puts encoded and mask tokens back in the order of the picture.
    /// </summary>
    public int[] Restore()
    {
        int[] order = new int[Items * Places], kept = KeptRows(), masked = MaskedRows();
        for (int i = 0; i < kept.Length; i++)
        {
            order[kept[i]] = i;
        }

        for (int i = 0; i < masked.Length; i++)
        {
            order[masked[i]] = kept.Length + i;
        }

        return order;
    }

    /// <summary>Places of items, as many for each, as rows of a tensor [items · places, D].</summary>
    public static int[] Rows(int[] chosen, int items, int places)
    {
        int each = chosen.Length / Math.Max(1, items);
        var rows = new int[chosen.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = (i / each * places) + chosen[i];
        }

        return rows;
    }

    /// <summary>How many of the places stay when a share of them is masked: rounded down, as MAE does.</summary>
    /// <exception cref="TacitException">The ratio masks all or none; the message says what would work.</exception>
    public static int Keeps(int places, double ratio)
    {
        // A hair more, so that ten places less 90 % are one and not 0.9999….
        int kept = ratio is >= 0 and <= 1 ? (int)Math.Floor((places * (1 - ratio)) + 1e-9) : -1;
        return kept switch
        {
            < 0 => throw new TacitException($"A mask ratio of {ratio} cannot be; it lies between 0 and 1."),
            0 => throw new TacitException($"A mask ratio of {ratio} leaves nothing of {places} places to see; at most {1 - (1.0 / Math.Max(1, places)):0.####} can be masked, or use smaller patches."),
            _ when kept == places => throw new TacitException($"A mask ratio of {ratio} masks none of {places} places, so there is nothing to make out; raise it."),
            _ => kept,
        };
    }

    /// <summary>The mask of items whose masked places are marked in [items · places].</summary>
    internal static Mask Of(bool[] masked, int items, int places, int kept)
    {
        int[] keep = new int[items * kept], mask = new int[items * (places - kept)];
        for (int i = 0, k = 0, m = 0; i < masked.Length; i++)
        {
            if (masked[i])
            {
                mask[m++] = i % places;
            }
            else
            {
                keep[k++] = i % places;
            }
        }

        return new Mask(items, places, keep, mask);
    }
}
