namespace Tacit.Nn;

/// <summary>The fewest insertions, deletions and substitutions that turn one sequence into another; error rates of phones and words.</summary>
/// <remarks>Levenshtein 1966.</remarks>
public static class EditDistance
{
    /// <summary>The distance of two sequences.</summary>
    public static int Of<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : IEquatable<T>
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = corner + (a[i - 1].Equals(b[j - 1]) ? 0 : 1);
                corner = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(corner, row[j - 1]));
            }
        }

        return row[^1];
    }

    /// <summary>Distances of all pairs over the length of all references: the error rate of phones, or of words.</summary>
    /// <exception cref="TacitException">The references hold nothing.</exception>
    public static double Rate<T>(IReadOnlyList<T[]> references, IReadOnlyList<T[]> hypotheses)
        where T : IEquatable<T>
    {
        if (references.Count != hypotheses.Count)
        {
            throw new ArgumentException($"{references.Count} references and {hypotheses.Count} hypotheses are not pairs.", nameof(hypotheses));
        }

        long errors = 0, length = 0;
        for (int i = 0; i < references.Count; i++)
        {
            errors += Of<T>(references[i], hypotheses[i]);
            length += references[i].Length;
        }

        return length > 0 ? (double)errors / length : throw new TacitException("An error rate needs references that are not all empty.");
    }

    /// <summary>Words of texts, parted by white space.</summary>
    public static double WordErrorRate(IReadOnlyList<string> references, IReadOnlyList<string> hypotheses) => Rate(Words(references), Words(hypotheses));

    private static string[][] Words(IReadOnlyList<string> texts) => [.. texts.Select(text => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))];
}
