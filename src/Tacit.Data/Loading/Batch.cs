using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>The views of some items, and who they are.</summary>
/// <param name="Views">[ViewCount · Size, H, W, 3], normalised: the first view of every item, then the second of every item …</param>
/// <param name="ViewCount">Views per item.</param>
/// <param name="Items">Each item's number in the data set; what is shown, where a broken item was replaced.</param>
/// <param name="Labels">Each item's class number, -1 where it has none; null where the data set has no labels.</param>
public sealed record Batch(Tensor Views, int ViewCount, int[] Items, int[]? Labels)
{
    /// <summary>How many items.</summary>
    public int Size => Items.Length;

    /// <summary>One view of every item: [Size, H, W, 3], sharing memory with <see cref="Views"/>.</summary>
    public Tensor View(int view) => Views.Rows(view * Size, Size);
}
