using Tacit.Data.Loading;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>Spherical k-means of all pictures by their embeddings every few epochs: the clusters become targets, the centroids prototypes.</summary>
/// <param name="prototypes">[K, D] for each head; takes the centroids.</param>
/// <param name="readings">Takes how the clusters are used.</param>
/// <param name="embed">[N, H, W, 3] to [N, D], of unit length.</param>
/// <param name="iterations">Moves of k-means.</param>
/// <param name="every">Epochs from one pass to the next.</param>
internal sealed class ClusterPass(Tensor[] prototypes, ClusterReadings readings, Func<Tensor, Tensor> embed, int iterations, int every) : Stage
{
    public override string Name => "clusters";

    public override int EveryEpochs => every;

    public override int TargetsPerItem => prototypes.Length;

    public override int Width => prototypes[0].Shape[1];

    public override void Look(Batch batch, Tensor rows) => embed(batch.View(0)).Span.CopyTo(rows.Span);

    public override int[] Fit(Tensor rows, int[] items, int count, StageContext context)
    {
        int[] targets = new int[count * prototypes.Length];
        Array.Fill(targets, PrototypePrediction.None);
        readings.Clear();
        for (int head = 0; head < prototypes.Length; head++)
        {
            // Heads differ in where they begin.
            var kmeans = new KMeansOptions(prototypes[head].Shape[0]) { Spherical = true, Iterations = iterations, Start = KMeansStart.Sampled };
            var found = KMeans.Fit(rows, kmeans, context.Seed, ((long)context.Round * prototypes.Length) + head);
            readings.Add(found, context.Round == 0 ? null : KMeans.Assign(rows, prototypes[head], spherical: true), prototypes.Length);
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
}
