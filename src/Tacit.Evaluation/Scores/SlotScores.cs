namespace Tacit.Evaluation.Scores;

/// <summary>One slot of an utterance and what was said for it.</summary>
/// <param name="Type">Such as <c>colour</c>.</param>
/// <param name="Value">Such as <c>dark blue</c>.</param>
public readonly record struct Slot(string Type, string Value);

/// <summary>How well the slots of an utterance are found and filled, as SUPERB's slot filling is scored.</summary>
/// <remarks>
/// Yang et al. 2021, arXiv:2105.01051 (slot-type F1 and slot-value CER, after Lai et al. 2020): a set's F1 is the mean over its utterances, its
/// CER the edits over the characters of all values of the references.
/// </remarks>
public static class SlotScores
{
    /// <summary>
    /// F1 of the types that occur in an utterance, however often: 1 where both sides have none, 0 where one side has none.
    /// </summary>
    public static double TypeF1(IReadOnlyList<Slot> reference, IReadOnlyList<Slot> hypothesis)
    {
        var wanted = reference.Select(slot => slot.Type).ToHashSet(StringComparer.Ordinal);
        var given = hypothesis.Select(slot => slot.Type).ToHashSet(StringComparer.Ordinal);
        return wanted.Count + given.Count == 0 ? 1 : 2.0 * wanted.Count(given.Contains) / (wanted.Count + given.Count);
    }

    /// <summary>
    /// Character errors of each value of the reference against the nearest value that the hypothesis gives for the same type, or against nothing;
    /// what the hypothesis gives beyond that is not counted.
    /// </summary>
    public static ErrorRate ValueErrors(IReadOnlyList<Slot> reference, IReadOnlyList<Slot> hypothesis) =>
        ErrorRate.Sum(reference.Select(wanted => hypothesis
            .Where(given => given.Type == wanted.Type)
            .Select(given => ErrorRate.OfCharacters(wanted.Value, given.Value))
            .DefaultIfEmpty(ErrorRate.OfCharacters(wanted.Value, string.Empty))
            .MinBy(errors => errors.Edits)));
}
