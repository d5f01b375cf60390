using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>Cross-validation: every item is tested once, by a model that was fitted without it.</summary>
public static class Folds
{
    public const int Usual = 5;

    /// <summary>The fold of each item, 0 … folds-1; each class is spread evenly, by the seed.</summary>
    /// <exception cref="TacitException">A class has one item, so that one fold would have to know it unseen.</exception>
    public static int[] Assign(ReadOnlySpan<int> labels, IReadOnlyList<string> classes, int folds, ulong seed)
    {
        for (int c = 0; c < classes.Count; c++)
        {
            if (labels.Count(c) == 1)
            {
                throw new TacitException(
                    $"Class '{classes[c]}' has one item, and cross-validation needs at least two of a class: add items, remove the class, or give a test set with --test.");
            }
        }

        return Spread(labels, classes.Count, folds, seed, "folds");
    }

    /// <summary>The fold of each item where whole groups, such as all that one speaker says, stay together; folds are about as large as each other.</summary>
    /// <param name="groups">Each item's group; an item of group -1 is one by itself.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="seed">Of the order in which groups of like size are placed.</param>
    /// <exception cref="TacitException">There is one group.</exception>
    public static int[] Grouped(ReadOnlySpan<int> groups, int folds, ulong seed)
    {
        int[] key = new int[groups.Length], rank = Philox.Permutation(groups.Length, seed, Philox.Hash("folds", "groups"), 0);
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = groups[i] >= 0 ? groups[i] : -1 - i;
        }

        // The largest first, each into the fold that holds least.
        int[][] members = [.. Enumerable.Range(0, key.Length).GroupBy(i => key[i]).Select(g => g.ToArray()).OrderByDescending(g => g.Length).ThenBy(g => rank[g[0]])];
        if (members.Length < 2)
        {
            throw new TacitException("All items are one speaker's, and cross-validation keeps a speaker together: give a test set with --test.");
        }

        int[] fold = new int[key.Length], sizes = new int[Math.Min(folds, members.Length)];
        foreach (int[] group in members)
        {
            int least = Array.IndexOf(sizes, sizes.Min());
            sizes[least] += group.Length;
            foreach (int item in group)
            {
                fold[item] = least;
            }
        }

        return fold;
    }

    /// <summary>As <see cref="Assign"/> for any class sizes.</summary>
    /// <param name="purpose">Names the random stream, so that an inner split is not the outer one again.</param>
    public static int[] Spread(ReadOnlySpan<int> labels, int classes, int folds, ulong seed, string purpose)
    {
        int[] fold = new int[labels.Length];
        int[] seen = new int[classes];
        foreach (int item in Philox.Permutation(labels.Length, seed, Philox.Hash(purpose), 0))
        {
            // Classes begin at different folds, so that small ones do not all crowd into the first.
            int c = labels[item];
            fold[item] = (seen[c]++ + c) % folds;
        }

        return fold;
    }

    /// <summary>The items inside (or outside) one fold, ascending.</summary>
    public static int[] Items(ReadOnlySpan<int> fold, int wanted, bool inside)
    {
        var items = new List<int>();
        for (int i = 0; i < fold.Length; i++)
        {
            if (fold[i] == wanted == inside)
            {
                items.Add(i);
            }
        }

        return [.. items];
    }
}
