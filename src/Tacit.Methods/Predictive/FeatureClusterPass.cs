using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Tacit.Methods;

/// <summary>k-means of all pictures by the encoder's features, whitened and brought to unit length; then the classifier begins afresh.</summary>
/// <param name="backbone">Gives the features.</param>
/// <param name="head">Begins afresh.</param>
/// <param name="weights">[K] takes what a picture of each cluster counts.</param>
/// <param name="readings">Takes how the clusters are used.</param>
/// <param name="options">How many clusters, how often.</param>
/// <remarks>
/// Caron et al. 2018, sections 3.3 and 4. Distances do not change under rotation, so whitening by a Cholesky factor is as good
/// as by principal components where all of them are kept; the paper keeps 256 of 4096.
/// </remarks>
internal sealed class FeatureClusterPass(Backbone backbone, Linear head, Tensor weights, ClusterReadings readings, DeepClusterOptions options) : Stage
{
    /// <summary>Of the classifier's first weights.</summary>
    public const float HeadDeviation = 0.01f;

    /// <summary>Share of the identity in the covariance of features of mean variance 1: units that never fire have none of their own.</summary>
    private const float Epsilon = 1e-4f;

    private static readonly ulong HeadStream = Philox.Hash("deepcluster head");

    public override string Name => "clusters";

    public override int EveryEpochs => options.Every;

    public override int TargetsPerItem => 1;

    public override int Width => backbone.Dim;

    public override void Look(Batch batch, Tensor rows) => backbone.Forward(batch.View(0)).Span.CopyTo(rows.Span);

    public override int[] Fit(Tensor rows, int[] items, int count, StageContext context)
    {
        using Scope scope = Scope.NoGradient();
        Tensor features = Ops.L2Normalize(Whitening.Of(OfUnitVariance(rows), Epsilon));
        var kmeans = new KMeansOptions(weights.Length) { Iterations = options.KMeansIterations, Start = KMeansStart.Sampled };
        var found = KMeans.Fit(features, kmeans, context.Seed, context.Round);
        readings.Clear();
        readings.Add(found, context.Round == 0 ? null : Named(rows), heads: 1);
        BeginHead(context);

        int used = found.Counts.Count(size => size > 0);
        int[] targets = new int[count];
        Array.Fill(targets, PrototypePrediction.None);
        for (int i = 0; i < items.Length; i++)
        {
            targets[items[i]] = found.Assignments[i];
        }

        for (int k = 0; k < weights.Length; k++)
        {
            weights.Span[k] = found.Counts[k] == 0 ? 0 : (float)((double)items.Length / used / found.Counts[k]);
        }

        if (found.Empty > 0)
        {
            context.Note($"{found.Empty} of {found.Counts.Length} clusters stayed empty: the features of many pictures are equal.");
        }

        return targets;
    }

    /// <summary>Divided by the root of the mean over dimensions of their variances.</summary>
    private static Tensor OfUnitVariance(Tensor rows)
    {
        float variance = Ops.Mean(Ops.Variance(rows, 0, unbiased: false)).ToScalar();
        return Ops.Divide(rows, variance > 0 ? MathF.Sqrt(variance) : 1);
    }

    /// <summary>The clusters of the pass before, as the classifier that learned them still names them.</summary>
    private int[] Named(Tensor rows)
    {
        Tensor logits = head.Forward(rows);
        int clusters = logits.Shape[1];
        return [.. Enumerable.Range(0, logits.Shape[0]).Select(i => TensorPrimitives.IndexOfMax(logits.Span.Slice(i * clusters, clusters)))];
    }

    private void BeginHead(StageContext context)
    {
        foreach (Tensor parameter in head.Parameters())
        {
            parameter.Span.Clear();
            if (parameter.Rank == 2)
            {
                Philox.FillNormal(parameter.Span, context.Seed, HeadStream, context.Round);
                TensorPrimitives.Multiply(parameter.Span, HeadDeviation, parameter.Span);
            }
        }
    }
}
