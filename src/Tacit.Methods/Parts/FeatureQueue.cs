using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// The last K features seen, first in, first out: negatives, or candidates for neighbours, without a large batch. What a
/// step's micro-batches push is seen from the next step on, so that every one of them meets the same queue.
/// </summary>
/// <remarks>
/// He et al. 2020, arXiv:1911.05722, section 3.2. It begins empty rather than full of noise: noise is no negative worth
/// telling apart, and no neighbour. A batch that reaches past the end goes on at the beginning.
/// </remarks>
public sealed class FeatureQueue : Module
{
    private readonly Tensor rows, next, count;
    private Tensor pending;
    private int waiting;

    /// <param name="size">K, how many features are held.</param>
    /// <param name="width">D, numbers of a feature.</param>
    public FeatureQueue(int size, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        rows = AddBuffer("rows", new Shape(size, width));
        next = AddBuffer("next", new Shape());
        count = AddBuffer("count", new Shape());
        pending = Tensor.Lasting(new Shape(0, width));
    }

    /// <summary>K</summary>
    public int Size => rows.Shape[0];

    /// <summary>How many rows hold features so far.</summary>
    public int Count => (int)count.ToScalar();

    public bool Full => Count == Size;

    /// <summary>What is held, as of the last <see cref="Commit"/>: [Count, D], in no particular order. It changes with the next one.</summary>
    public Tensor Rows => rows.Rows(0, Count);

    /// <summary>Takes a batch's features, copied, to be held from the next <see cref="Commit"/> on.</summary>
    /// <param name="features">[N, D]</param>
    public void Push(Tensor features)
    {
        int width = rows.Shape[1];
        if (features.Rank != 2 || features.Shape[1] != width)
        {
            throw ShapeException.Mismatch("FeatureQueue", rows.Shape, features.Shape, "axis 1 holds a feature's numbers");
        }

        int needed = waiting + features.Shape[0];
        if (needed > pending.Shape[0])
        {
            Tensor larger = Tensor.Lasting(new Shape(needed, width));
            pending.Span.CopyTo(larger.Span);
            pending = larger;
        }

        features.Span.CopyTo(pending.Rows(waiting, features.Shape[0]).Span);
        waiting = needed;
    }

    /// <summary>How full it is, and how many steps ago its oldest feature was pushed.</summary>
    /// <param name="diagnostics">Takes both.</param>
    /// <param name="pushed">Rows that a step pushes.</param>
    public void Report(Diagnostics diagnostics, int pushed)
    {
        diagnostics.Report("queue_fill", (double)Count / Size);
        diagnostics.Report("queue_age", (double)Count / pushed);
    }

    /// <summary>Writes what was pushed over the oldest rows; of more than K only the last K can stay.</summary>
    public void Commit()
    {
        int at = (int)next.ToScalar(), width = rows.Shape[1];
        for (int i = 0; i < waiting; i++)
        {
            pending.Span.Slice(i * width, width).CopyTo(rows.Span[(at * width)..]);
            at = (at + 1) % Size;
        }

        next.Span[0] = at;
        count.Span[0] = Math.Min(Size, Count + waiting);
        waiting = 0;
    }
}
