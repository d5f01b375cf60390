using Tacit.Data.Loading;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// What the last clustering of all pictures showed, reported with every logged step: <c>cluster_use</c>, the perplexity of the
/// clusters' sizes over their number (1 where all are equally large); <c>cluster_entropy</c>, its logarithm before the division;
/// <c>empty_clusters</c>; <c>reassigned_share</c>, the pictures that left the company they had in the clustering before.
/// </summary>
/// <param name="values">[<see cref="Count"/>], a buffer of the method: it must survive a resume. Below 0: not known.</param>
internal sealed class ClusterReadings(Tensor values)
{
    public const int Count = 4;

    private static readonly string[] Names = ["cluster_use", "cluster_entropy", "empty_clusters", "reassigned_share"];

    /// <summary>Begins another clustering.</summary>
    public void Clear() => values.Span.Clear();

    /// <summary>Adds one head's share; numbers of empty clusters add up, the others are means over heads.</summary>
    /// <param name="found">The clustering.</param>
    /// <param name="before">The cluster that each row would have been in before; null where there was none.</param>
    /// <param name="heads">How many heads there are.</param>
    public void Add(KMeans found, int[]? before, int heads)
    {
        double share = 1.0 / heads, rows = found.Assignments.Length;
        double entropy = -found.Counts.Where(n => n > 0).Sum(n => n / rows * Math.Log(n / rows));
        Span<float> read = values.Span;
        read[0] += (float)(share * Math.Exp(entropy) / found.Counts.Length);
        read[1] += (float)(share * entropy);
        read[2] += found.Empty;
        read[3] += (float)(share * (before is null ? -1 : Reassigned(found.Assignments, before)));
    }

    public void Report(Diagnostics diagnostics)
    {
        for (int i = 0; diagnostics.Detailed && i < Count; i++)
        {
            if (values.Span[i] >= 0)
            {
                diagnostics.Report(Names[i], values.Span[i]);
            }
        }
    }

    /// <summary>The targets of a batch by head, repeated for each view.</summary>
    /// <param name="batch">With targets.</param>
    /// <param name="heads">Targets of one picture.</param>
    /// <returns>[heads][views · N]</returns>
    /// <exception cref="TacitException">There are none.</exception>
    public static int[][] Targets(Batch batch, int heads)
    {
        int[] all = batch.Targets ?? throw new TacitException("The batch has no clusters to predict: the pass over the data that finds them has not run.");
        if (Array.TrueForAll(all, target => target == PrototypePrediction.None))
        {
            throw new TacitException($"None of the {batch.Size} pictures of a batch has a cluster: the loss would be over no targets.");
        }

        return [.. Enumerable.Range(0, heads).Select(head =>
            Enumerable.Range(0, batch.ViewCount * batch.Size).Select(row => all[(row % batch.Size * heads) + head]).ToArray())];
    }

    /// <summary>
    /// Clusters have no names that last: each new one is matched with the old one that most of its rows come from, and the
    /// others count.
    /// </summary>
    private static double Reassigned(int[] now, int[] before)
    {
        var together = new Dictionary<(int Now, int Before), int>();
        for (int i = 0; i < now.Length; i++)
        {
            together[(now[i], before[i])] = together.GetValueOrDefault((now[i], before[i])) + 1;
        }

        int stayed = together.GroupBy(pair => pair.Key.Now, pair => pair.Value).Sum(group => group.Max());
        return 1 - ((double)stayed / now.Length);
    }
}
