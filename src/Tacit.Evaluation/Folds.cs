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
