namespace Tacit.Data.Forms;

/// <summary>Turns label names into class numbers: sorted by value where all are whole numbers, else by name (ordinal).</summary>
internal static class ClassNames
{
    /// <summary>Class names and one number per item; an empty or missing label is -1, and no labels at all give null.</summary>
    public static (string[] Classes, int[]? Labels) Number(IReadOnlyList<string?> names)
    {
        string[] classes = [.. names.Where(n => !string.IsNullOrEmpty(n)).Select(n => n!).Distinct(StringComparer.Ordinal)];
        if (classes.Length == 0)
        {
            return ([], null);
        }

        if (classes.All(c => long.TryParse(c, out _)))
        {
            Array.Sort(classes, (a, b) => (long.Parse(a), a).CompareTo((long.Parse(b), b)));
        }
        else
        {
            Array.Sort(classes, StringComparer.Ordinal);
        }

        var numbers = classes.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
        return (classes, [.. names.Select(n => string.IsNullOrEmpty(n) ? -1 : numbers[n])]);
    }
}
