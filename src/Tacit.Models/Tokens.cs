using Tacit.Tensors;

namespace Tacit.Models;

/// <summary>Takes some places out of token sequences, and puts them back.</summary>
public static class Tokens
{
    /// <summary>The tokens at some places of each item: [N, P, D] to [N, V, D].</summary>
    /// <param name="tokens">[N, P, D]</param>
    /// <param name="places">N · V numbers below P, item by item: V places each, in the order wanted.</param>
    /// <exception cref="ArgumentException">A place that does not exist.</exception>
    public static Tensor Keep(Tensor tokens, int[] places)
    {
        int items = tokens.Shape[0], length = tokens.Shape[1], dim = tokens.Shape[2];
        int kept = Each(places, items);
        var rows = new int[places.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = Row(places[i], i / kept, length);
        }

        return Ops.Gather(tokens.Reshape(items * length, dim), rows).Reshape(items, kept, dim);
    }

    /// <summary>The inverse of <see cref="Keep"/>: kept tokens at their places, a mask token at all others: [N, V, D] to [N, P, D].</summary>
    /// <param name="kept">[N, V, D]</param>
    /// <param name="places">Where each kept token belongs, as given to <see cref="Keep"/>.</param>
    /// <param name="length">P</param>
    /// <param name="mask">D numbers, shared by all places that were not kept.</param>
    /// <exception cref="ArgumentException">A place that does not exist.</exception>
    public static Tensor Restore(Tensor kept, int[] places, int length, Tensor mask)
    {
        int items = kept.Shape[0], each = kept.Shape[1], dim = kept.Shape[2];
        if (places.Length != items * each)
        {
            throw ShapeException.Unfit("Tokens.Restore", kept.Shape, $"{places.Length} places were given for {items * each} tokens");
        }

        var rows = new int[items * length];
        Array.Fill(rows, places.Length);                // the row after the last kept one is the mask
        for (int i = 0; i < places.Length; i++)
        {
            rows[Row(places[i], i / each, length)] = i;
        }

        Tensor table = Ops.Concat(0, kept.Reshape(places.Length, dim), mask.Reshape(1, dim));
        return Ops.Gather(table, rows).Reshape(items, length, dim);
    }

    private static int Each(int[] places, int items) => items > 0 && places.Length % items == 0
        ? places.Length / items
        : throw new ArgumentException($"{places.Length} places cannot be shared evenly by {items} items.", nameof(places));

    private static int Row(int place, int item, int length) => (uint)place < (uint)length
        ? (item * length) + place
        : throw new ArgumentException($"Place {place} is outside the {length} tokens of an item.", nameof(place));
}
