using Tacit.Data.Loading;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Clusters all pictures by their embeddings every few epochs: the clusters become targets, the centroids prototypes.</summary>
/// <param name="name">Of the folder of targets.</param>
/// <param name="prototypes">[K, D] for each head; takes the centroids. All zero before the first pass.</param>
/// <param name="readings">[<see cref="Readings"/>] takes what is reported at every logged step: it must survive a resume.</param>
/// <param name="embed">[N, H, W, 3] to [N, D], of unit length.</param>
/// <param name="iterations">Moves of k-means.</param>
/// <param name="every">Epochs from one pass to the next.</param>
internal sealed class ClusterPass(string name, Tensor[] prototypes, Tensor readings, Func<Tensor, Tensor> embed, int iterations, int every) : Stage
{
    /// <summary>Numbers kept of a pass: see <see cref="Names"/>.</summary>
    public const int Readings = 4;

    private static readonly string[] Names = ["cluster_use", "cluster_entropy", "empty_clusters", "reassigned_share"];

    public override string Name => name;

    public override int EveryEpochs => every;

    public override int TargetsPerItem => prototypes.Length;

    public override int Width => prototypes[0].Shape[1];

    public override void Look(Batch batch, Tensor rows) => embed(batch.View(0)).Span.CopyTo(rows.Span);

    public override int[] Fit(Tensor rows, int[] items, int count, StageContext context)
    {
        int[] targets = new int[count * prototypes.Length];
        Array.Fill(targets, PrototypePrediction.None);
        readings.Span.Clear();
        for (int head = 0; head < prototypes.Length; head++)
        {
            var kmeans = new KMeansOptions(prototypes[head].Shape[0]) { Spherical = true, Iterations = iterations, Start = KMeansStart.Sampled };
            var found = KMeans.Fit(rows, kmeans, context.Seed, ((long)context.Round * prototypes.Length) + head);
            Read(found, context.Round == 0 ? null : KMeans.Assign(rows, prototypes[head], spherical: true));
            found.Centroids.Span.CopyTo(prototypes[head].Span);
            for (int i = 0; i < items.Length; i++)
            {
                targets[(items[i] * prototypes.Length) + head] = found.Assignments[i];
            }

            if (found.Empty > 0)
            {
                context.Note($"{found.Empty} of {found.Counts.Length} clusters of head {head + 1} stayed empty: the features of many pictures are equal.");
            }
        }

        return targets;
    }

    /// <summary>The targets of a batch by head, repeated for each view.</summary>
    /// <returns>[heads][views · N]</returns>
    /// <exception cref="TacitException">There are none.</exception>
    public int[][] Targets(Batch batch)
    {
        int[] all = batch.Targets ?? throw new TacitException($"The batch has no clusters to predict: the pass '{Name}' over the data has not run.");
        if (Array.TrueForAll(all, target => target == PrototypePrediction.None))
        {
            throw new TacitException($"None of the {batch.Size} pictures of a batch has a cluster: the loss would be over no targets.");
        }

        int heads = prototypes.Length;
        return [.. Enumerable.Range(0, heads).Select(head =>
            Enumerable.Range(0, batch.ViewCount * batch.Size).Select(row => all[(row % batch.Size * heads) + head]).ToArray())];
    }

    /// <summary>Reports what the last pass found.</summary>
    public void Report(Diagnostics diagnostics)
    {
        for (int i = 0; diagnostics.Detailed && i < Readings; i++)
        {
            // Below zero: there was no pass before the last one to compare with.
            if (readings.Span[i] >= 0)
            {
                diagnostics.Report(Names[i], readings.Span[i]);
            }
        }
    }

    /// <summary>Adds one head's share to the readings.</summary>
    private void Read(KMeans found, int[]? before)
    {
        double share = 1.0 / prototypes.Length, rows = found.Assignments.Length;
        double entropy = -found.Counts.Where(n => n > 0).Sum(n => n / rows * Math.Log(n / rows));
        Span<float> read = readings.Span;
        read[0] += (float)(share * Math.Exp(entropy) / found.Counts.Length);
        read[1] += (float)(share * entropy);
        read[2] += found.Empty;
        read[3] += (float)(share * (before is null ? -1 : Reassigned(found.Assignments, before, found.Counts.Length)));
    }

    /// <summary>
    /// Share of rows that left their company: each new cluster is matched with the old one that most of its rows would still
    /// be nearest to, and the others count.
    /// </summary>
    private static double Reassigned(int[] now, int[] before, int clusters)
    {
        var together = new Dictionary<(int, int), int>();
        for (int i = 0; i < now.Length; i++)
        {
            together[(now[i], before[i])] = together.GetValueOrDefault((now[i], before[i])) + 1;
        }

        var most = new int[clusters];
        foreach (var ((cluster, _), rows) in together)
        {
            most[cluster] = Math.Max(most[cluster], rows);
        }

        return 1 - ((double)most.Sum() / now.Length);
    }
}
