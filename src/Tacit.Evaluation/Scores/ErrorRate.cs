using Tacit.Tensors;

namespace Tacit.Evaluation.Scores;

/// <summary>
/// The edits that turn hypotheses into references: word, character or phone errors. Those of a corpus are the sums over its utterances, so that
/// its rate is all edits over the length of all references.
/// </summary>
/// <param name="Substitutions">Symbols taken for others.</param>
/// <param name="Insertions">Symbols of the hypothesis that the reference has not.</param>
/// <param name="Deletions">Symbols of the reference that the hypothesis has not.</param>
/// <param name="Length">Symbols of the reference.</param>
/// <remarks>
/// The fewest edits (<see cref="Nn.EditDistance"/>). Where several ways need as few, read from the end, two symbols are paired where that can
/// be, else one is deleted. How edits split into the three kinds depends on that choice, their sum does not.
/// </remarks>
public readonly record struct ErrorRate(int Substitutions, int Insertions, int Deletions, int Length)
{
    public int Edits => Substitutions + Insertions + Deletions;

    /// <summary>Edits over the reference's length; may exceed 1.</summary>
    /// <exception cref="TacitException">The reference holds nothing.</exception>
    public double Value => Length > 0 ? (double)Edits / Length : throw new TacitException("An error rate needs references that are not all empty.");

    public static ErrorRate operator +(ErrorRate a, ErrorRate b) =>
        new(a.Substitutions + b.Substitutions, a.Insertions + b.Insertions, a.Deletions + b.Deletions, a.Length + b.Length);

    public static ErrorRate Sum(IEnumerable<ErrorRate> rates) => rates.Aggregate(default(ErrorRate), (sum, one) => sum + one);

    /// <summary>Of two sequences of symbols.</summary>
    public static ErrorRate Of<T>(ReadOnlySpan<T> reference, ReadOnlySpan<T> hypothesis)
        where T : IEquatable<T>
    {
        int columns = hypothesis.Length + 1;
        var cost = new int[(reference.Length + 1) * columns];
        for (int i = 0; i <= reference.Length; i++)
        {
            for (int j = 0; j <= hypothesis.Length; j++)
            {
                int at = (i * columns) + j;
                cost[at] = i == 0 || j == 0 ? i + j : Math.Min(
                    cost[at - columns - 1] + (reference[i - 1].Equals(hypothesis[j - 1]) ? 0 : 1),
                    1 + Math.Min(cost[at - columns], cost[at - 1]));
            }
        }

        (int substitutions, int insertions, int deletions) = (0, 0, 0);
        for (int i = reference.Length, j = hypothesis.Length; i > 0 || j > 0;)
        {
            int at = (i * columns) + j;
            int different = i > 0 && j > 0 && !reference[i - 1].Equals(hypothesis[j - 1]) ? 1 : 0;
            if (i > 0 && j > 0 && cost[at] == cost[at - columns - 1] + different)
            {
                (substitutions, i, j) = (substitutions + different, i - 1, j - 1);
            }
            else if (i > 0 && cost[at] == cost[at - columns] + 1)
            {
                (deletions, i) = (deletions + 1, i - 1);
            }
            else
            {
                (insertions, j) = (insertions + 1, j - 1);
            }
        }

        return new ErrorRate(substitutions, insertions, deletions, reference.Length);
    }

    /// <summary>Of the words of two texts, parted by white space.</summary>
    public static ErrorRate OfWords(string reference, string hypothesis) => Of<string>(Words(reference), Words(hypothesis));

    /// <summary>Of the characters of two texts, white space within counted once and at the ends not at all.</summary>
    public static ErrorRate OfCharacters(string reference, string hypothesis) => Of<char>(string.Join(' ', Words(reference)), string.Join(' ', Words(hypothesis)));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
