using Tacit.Data.Augment;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>The views of some items, and who they are.</summary>
/// <param name="Views">
/// The first view of every item, then the second of every item …: pictures [ViewCount · Size, H, W, 3], waveforms [.., T], frames
/// [.., T, F], log-mel pictures [.., T, F, 1], or tokens [.., T] as whole numbers.
/// </param>
/// <param name="ViewCount">Views of the full side per item.</param>
/// <param name="Items">Each item's number in the data set; what is shown, where a broken item was replaced.</param>
/// <param name="Labels">Each item's class number, -1 where it has none; null where the data set has no labels.</param>
public sealed record Batch(Tensor Views, int ViewCount, int[] Items, int[]? Labels)
{
    /// <summary>How much of each view along T is sound and not padding, [ViewCount · Size]; null where all of it is, and for pictures.</summary>
    public int[]? Lengths { get; init; }

    /// <summary>Where in its item each view of sound begins, in samples, [ViewCount · Size]; null for pictures.</summary>
    public int[]? Starts { get; init; }

    /// <summary>How many bytes each token of the vocabulary stands for; null for what is not text.</summary>
    public int[]? TokenBytes { get; init; }

    /// <summary>Who speaks in each item, by number, -1 for nobody knows; null where nothing says it.</summary>
    public int[]? Speakers { get; init; }

    /// <summary>What a pass over the data found for each frame of each view, -1 for none; null where the method makes no such pass.</summary>
    public int[][]? FrameTargets { get; init; }

    /// <summary>How many items.</summary>
    public int Size => Items.Length;

    /// <summary>[LocalCount · Size, h, w, 3]: the smaller views of a multi-crop plan, the first of every item first; null where there are none.</summary>
    public Tensor? Locals { get; init; }

    /// <summary>Smaller views per item.</summary>
    public int LocalCount => Locals is null ? 0 : Locals.Shape[0] / Size;

    /// <summary>What was done to the levels: how a method that looks at colours finds them again.</summary>
    public Normalization Normalization { get; init; } = Normalization.None;

    /// <summary>What a pass over the data found for each item, the same number of values for each, -1 for none; null where the method makes no pass.</summary>
    public int[]? Targets { get; init; }

    /// <summary>One view of every item: [Size, ..], sharing memory with <see cref="Views"/>.</summary>
    public Tensor View(int view) => Views.Rows(view * Size, Size);

    /// <summary>One smaller view of every item: [Size, h, w, 3], sharing memory with <see cref="Locals"/>.</summary>
    public Tensor Local(int view) => (Locals ?? throw new InvalidOperationException("The batch has no smaller views.")).Rows(view * Size, Size);
}
