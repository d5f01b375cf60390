namespace Tacit.Nn;

/// <summary>Accuracy that counts an answer as right when it is among the first k.</summary>
public static class TopK
{
    /// <param name="ranking">For each item its classes, the likeliest first.</param>
    /// <param name="targets">For each item its true class.</param>
    /// <param name="k">How many of the ranking count; more than it holds are all of them.</param>
    /// <returns>A fraction.</returns>
    public static double Accuracy(IReadOnlyList<int[]> ranking, ReadOnlySpan<int> targets, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (ranking.Count != targets.Length || ranking.Count == 0)
        {
            throw new ArgumentException($"{ranking.Count} rankings were given for {targets.Length} items.", nameof(ranking));
        }

        int right = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            int place = Array.IndexOf(ranking[i], targets[i]);
            right += place >= 0 && place < k ? 1 : 0;
        }

        return (double)right / targets.Length;
    }
}
