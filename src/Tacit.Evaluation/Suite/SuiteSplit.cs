using Tacit.Tensors;

namespace Tacit.Evaluation.Suite;

/// <summary>Parts of a set that are held out, drawn from a seed.</summary>
public static class SuiteSplit
{
    private static readonly ulong Stream = Philox.Hash("suite split");

    /// <summary>Which items are held out: whole groups, until they hold at least a share of the items. Items of no group (-1) are groups of their own.</summary>
    /// <param name="groups">Who speaks in each item, by number.</param>
    /// <param name="share">Of all items.</param>
    /// <param name="seed">Of the draw.</param>
    public static bool[] Groups(IReadOnlyList<int> groups, double share, ulong seed)
    {
        int next = groups.Count > 0 ? groups.Max() + 1 : 0;
        int[] own = [.. groups.Select(g => g >= 0 ? g : next++)];
        int[] names = [.. own.Distinct().Order()];
        var held = new HashSet<int>();
        int count = 0;
        foreach (int at in Philox.Permutation(names.Length, seed, Stream, 0))
        {
            if (count >= share * own.Length)
            {
                break;
            }

            held.Add(names[at]);
            count += own.Count(g => g == names[at]);
        }

        return [.. own.Select(held.Contains)];
    }

    /// <summary>The positions that are held out, or those that are not.</summary>
    public static int[] Positions(bool[] held, bool which) => [.. Enumerable.Range(0, held.Length).Where(i => held[i] == which)];
}
