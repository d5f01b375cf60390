using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>Keys and values of the places that a sequence has so far, so that each new place is computed once: for sampling, without gradients.</summary>
public sealed class AttentionCache
{
    /// <param name="items">Sequences.</param>
    /// <param name="capacity">Most places of a sequence.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="depth">Features of a head.</param>
    public AttentionCache(int items, int capacity, int heads, int depth)
    {
        Keys = Tensor.Lasting(new Shape(items, capacity, heads, depth));
        Values = Tensor.Lasting(Keys.Shape);
        Lengths = new int[items];
    }

    /// <summary>[items, capacity, heads, depth], of which the first <see cref="Lengths"/> are there.</summary>
    internal Tensor Keys { get; }

    /// <summary>As <see cref="Keys"/>.</summary>
    internal Tensor Values { get; }

    internal int[] Lengths { get; }

    /// <summary>Adds one place [items, 1, heads, depth] of every sequence.</summary>
    internal void Append(Tensor keys, Tensor values)
    {
        int width = keys.Length / Lengths.Length, capacity = Keys.Shape[1];
        for (int item = 0; item < Lengths.Length; item++)
        {
            int at = ((item * capacity) + Lengths[item]++) * width;
            keys.Span.Slice(item * width, width).CopyTo(Keys.Span.Slice(at, width));
            values.Span.Slice(item * width, width).CopyTo(Values.Span.Slice(at, width));
        }
    }
}
