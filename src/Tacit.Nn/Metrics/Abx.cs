namespace Tacit.Nn;

/// <summary>
/// ABX: of two segments A and B of different classes, is X, another one of A's class, nearer to A? The share of triplets where it is
/// not, ties counted half; ½ is chance.
/// </summary>
/// <param name="Error">Mean over ordered pairs of classes.</param>
/// <param name="Pairs">The error of each ordered pair of classes for which there are triplets, a mean over its speakers.</param>
/// <param name="Triplets">How many were looked at.</param>
/// <remarks>
/// Schatz et al. 2013, "Evaluating speech features with the minimal-pair ABX task". Every speaker (across speakers: every ordered pair
/// of them) counts alike within a pair of classes, and every pair of classes alike.
/// </remarks>
public sealed record Abx(double Error, double[] Pairs, long Triplets)
{
    /// <summary>A, B and X by one speaker.</summary>
    /// <param name="distances">[S, S], symmetric, one row a segment.</param>
    /// <param name="classes">Of each segment.</param>
    /// <param name="speakers">Of each segment.</param>
    /// <returns>Null where no speaker has two segments of one class and one of another.</returns>
    public static Abx? Within(float[,] distances, int[] classes, int[] speakers) => Of(distances, classes, speakers, across: false);

    /// <summary>A and B by one speaker, X by another.</summary>
    /// <inheritdoc cref="Within"/>
    /// <returns>Null where no two speakers have a class in common of which one has another class too.</returns>
    public static Abx? Across(float[,] distances, int[] classes, int[] speakers) => Of(distances, classes, speakers, across: true);

    private static Abx? Of(float[,] distances, int[] classes, int[] speakers, bool across)
    {
        if (distances.GetLength(0) != classes.Length || distances.GetLength(1) != classes.Length || speakers.Length != classes.Length)
        {
            throw new ArgumentException($"{classes.Length} classes and {speakers.Length} speakers do not fit distances [{distances.GetLength(0)}, {distances.GetLength(1)}].", nameof(distances));
        }

        ILookup<(int Speaker, int Class), int> segments = Enumerable.Range(0, classes.Length).ToLookup(i => (speakers[i], classes[i]));
        int[] who = [.. speakers.Distinct().Order()], what = [.. classes.Distinct().Order()];
        var pairs = new List<double>();
        long triplets = 0;
        foreach (int a in what)
        {
            foreach (int b in what.Where(c => c != a))
            {
                var cells = new List<double>();
                foreach (int s in who)
                {
                    int[] own = [.. segments[(s, a)]], other = [.. segments[(s, b)]];
                    foreach (int t in across ? who.Where(o => o != s) : [s])
                    {
                        (double wrong, long count) = Count(distances, own, other, across ? [.. segments[(t, a)]] : own);
                        if (count > 0)
                        {
                            cells.Add(wrong / count);
                            triplets += count;
                        }
                    }
                }

                if (cells.Count > 0)
                {
                    pairs.Add(cells.Average());
                }
            }
        }

        return pairs.Count > 0 ? new Abx(pairs.Average(), [.. pairs], triplets) : null;
    }

    private static (double Wrong, long Count) Count(float[,] distances, int[] own, int[] other, int[] probes)
    {
        double wrong = 0;
        long count = 0;
        foreach (int x in probes)
        {
            foreach (int a in own)
            {
                if (a == x)
                {
                    continue;
                }

                float near = distances[a, x];
                foreach (int b in other)
                {
                    float far = distances[b, x];
                    wrong += near > far ? 1 : near == far ? 0.5 : 0;
                }

                count += other.Length;
            }
        }

        return (wrong, count);
    }
}
