using System.Globalization;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>How many labels the evaluation may use: a fraction of those there are, or a count per class.</summary>
/// <remarks>Written <c>0.1</c> or <c>10%</c> (a fraction, because of the point or the percent sign) or <c>20</c> (a count per class).</remarks>
public readonly record struct LabelBudget
{
    private LabelBudget(double? fraction, int perClass)
    {
        Fraction = fraction;
        PerClass = perClass;
    }

    /// <summary>All labels.</summary>
    public static LabelBudget All => new(1, 0);

    /// <summary>The share of each class, or null where a count was given.</summary>
    public double? Fraction { get; }

    /// <summary>Labels per class, where a count was given.</summary>
    public int PerClass { get; }

    public static LabelBudget Count(int perClass) => new(null, perClass);

    /// <summary>Reads what stands behind <c>--labels</c>.</summary>
    /// <exception cref="ConfigurationException">Neither form, or a number that cannot be.</exception>
    public static LabelBudget Parse(string text)
    {
        string trimmed = text.Trim();
        bool percent = trimmed.EndsWith('%');
        if (percent || trimmed.Contains('.', StringComparison.Ordinal))
        {
            return double.TryParse(trimmed.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && (percent ? number / 100 : number) is > 0 and <= 1
                    ? new LabelBudget(percent ? number / 100 : number, 0)
                    : throw new ConfigurationException($"--labels {text}: a fraction is above 0 and at most 1, such as 0.1 or 10%.");
        }

        return int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? Count(count)
            : throw new ConfigurationException($"--labels {text}: give a count per class such as 20, or a fraction such as 0.1 or 10%.");
    }

    /// <summary>The items whose labels may be used: equally many of each class, chosen by the seed, in ascending order.</summary>
    /// <param name="labels">One class an item.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <param name="seed">The same seed chooses the same items; a larger count keeps those of a smaller one.</param>
    /// <exception cref="TacitException">A class has fewer items than asked for.</exception>
    public int[] Choose(ReadOnlySpan<int> labels, IReadOnlyList<string> classes, ulong seed)
    {
        var chosen = new List<int>();
        for (int c = 0; c < classes.Count; c++)
        {
            int[] members = Members(labels, c);
            if (members.Length == 0)
            {
                continue;
            }

            int take = Fraction is { } f ? Math.Max(1, (int)Math.Round(f * members.Length)) : PerClass;
            if (take > members.Length)
            {
                throw new TacitException(
                    $"--labels {take} asks for more than there is: class '{classes[c]}' has {members.Length} {(members.Length == 1 ? "item" : "items")} to train on.");
            }

            int[] order = Philox.Permutation(members.Length, seed, Philox.Hash("labels", classes[c]), 0);
            for (int i = 0; i < take; i++)
            {
                chosen.Add(members[order[i]]);
            }
        }

        chosen.Sort();
        return [.. chosen];
    }

    private static int[] Members(ReadOnlySpan<int> labels, int wanted)
    {
        var members = new List<int>();
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == wanted)
            {
                members.Add(i);
            }
        }

        return [.. members];
    }
}
