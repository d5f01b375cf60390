using System.Numerics;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// Permutations of nine tiles that differ in as many places as can be: each next one is farthest from those before it, in
/// its least Hamming distance, then in the sum of its distances; of equals the first in lexicographic order. Nothing is
/// drawn: the same table every time. The first is the identity.
/// </summary>
/// <remarks>Noroozi and Favaro 2016, arXiv:1603.09246, section 3.3.</remarks>
public static class FarPermutations
{
    /// <summary>Tiles in one permutation.</summary>
    public const int Tiles = 9;

    /// <summary>9!</summary>
    public const int Most = 362_880;

    private const ulong Lowest = 0x1111_1111_1111_1111;

    /// <param name="count">How many, 2 to 9!.</param>
    /// <returns>[count][9]; element i is the tile that place i shows.</returns>
    /// <exception cref="TacitException">The count is outside 2 … 9!.</exception>
    public static int[][] Choose(int count)
    {
        if (count is < 2 or > Most)
        {
            throw new TacitException($"A jigsaw of {Tiles} tiles has 2 to {Most} permutations, not {count}.");
        }

        ulong[] all = All();
        if (count == Most)
        {
            return Array.ConvertAll(all, Unpack);
        }

        var least = new byte[Most];
        var sums = new int[Most];
        Array.Fill(least, (byte)Tiles);
        var chosen = new int[count][];
        int next = 0;
        for (int i = 0; i < count; i++)
        {
            chosen[i] = Unpack(all[next]);
            next = Farthest(all, all[next], least, sums);
        }

        return chosen;
    }

    /// <summary>Places in which two permutations differ.</summary>
    public static int Distance(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        int different = 0;
        for (int i = 0; i < a.Length; i++)
        {
            different += a[i] == b[i] ? 0 : 1;
        }

        return different;
    }

    /// <summary>Takes one more permutation into account and gives the one farthest from all so far.</summary>
    private static int Farthest(ulong[] all, ulong newest, byte[] least, int[] sums)
    {
        int best = 0;
        long score = -1;
        for (int i = 0; i < all.Length; i++)
        {
            // A nibble for each place; folded onto its lowest bit it tells whether the places differ.
            ulong off = all[i] ^ newest;
            off |= off >> 2;
            off |= off >> 1;
            int distance = BitOperations.PopCount(off & Lowest);
            least[i] = (byte)Math.Min(least[i], distance);
            sums[i] += distance;
            long own = ((long)least[i] << 32) + sums[i];
            if (own > score)
            {
                (best, score) = (i, own);
            }
        }

        return best;
    }

    /// <summary>All permutations in lexicographic order, four bits a place.</summary>
    private static ulong[] All()
    {
        var all = new ulong[Most];
        int[] order = [.. Enumerable.Range(0, Tiles)];
        for (int i = 0; i < Most; i++)
        {
            for (int place = 0; place < Tiles; place++)
            {
                all[i] |= (ulong)order[place] << (4 * place);
            }

            Advance(order);
        }

        return all;
    }

    /// <summary>The next permutation in lexicographic order; after the last none.</summary>
    private static void Advance(int[] order)
    {
        int i = order.Length - 2;
        while (i >= 0 && order[i] > order[i + 1])
        {
            i--;
        }

        if (i < 0)
        {
            return;
        }

        int j = order.Length - 1;
        while (order[j] < order[i])
        {
            j--;
        }

        (order[i], order[j]) = (order[j], order[i]);
        Array.Reverse(order, i + 1, order.Length - i - 1);
    }

    private static int[] Unpack(ulong packed) => [.. Enumerable.Range(0, Tiles).Select(place => (int)((packed >> (4 * place)) & 15))];
}
