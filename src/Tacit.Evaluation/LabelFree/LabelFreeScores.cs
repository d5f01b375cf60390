using Tacit.Data;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>
/// What can be said about an encoder without teaching anything on top of it: how its features spread, what augmentation changes, and,
/// where there are labels, whether clusters and distances follow them.
/// </summary>
/// <remarks>
/// The rows' metrics, all of the same items for every encoder: <c>deviation</c> (times √D), <c>rankme</c>, <c>alignment</c>, <c>lidar</c> (with
/// features scaled by one factor to a mean variance of 1), <c>uniformity</c>, with labels <c>purity</c> and <c>nmi</c> of as many spherical k-means clusters as there are classes, and of words by
/// known speakers <c>abx-within</c> and <c>abx-across</c>. Low and high are the 95 % bootstrap interval over items for alignment and
/// purity, over pairs of classes for ABX; the others are properties of the whole set, and theirs equal the value.
/// </remarks>
public sealed class LabelFreeScores(Dataset data, ulong seed)
{
    /// <summary>What <c>--protocol</c> and results call it.</summary>
    public const string Name = "scores";

    /// <summary>Items whose features are compared at most: rank takes the third power of them.</summary>
    public const int MostItems = 2000;

    private readonly int[] items = [.. Philox.Permutation(data.Count, seed, Philox.Hash("scored items"), 0).Take(MostItems).Order()];
    private readonly int[] segments = AbxSegments.Of(data, seed);
    private readonly string task = Evaluator.Name(data.Path);

    /// <summary>Told what is being done.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>One row a score.</summary>
    /// <exception cref="TacitException">Fewer than two items, features that are not finite, or data of another modality.</exception>
    public IReadOnlyList<EvaluationResult> Run(Encoder encoder, CancellationToken stop = default)
    {
        if (encoder.Layer == Encoder.Weighted)
        {
            throw new ConfigurationException($"--features weighted is learned by a linear probe, which --protocol {Name} does not have; choose a layer.");
        }

        Progress?.Invoke($"{encoder.Name}: looking at {items.Length:N0} of {data.Count:N0} {data.Word}");
        Features clean = encoder.Extract(data, items, stop);
        if (clean.Items.Length < 2)
        {
            throw new TacitException($"--protocol {Name} compares items, and '{data.Path}' has {clean.Items.Length} that can be used.");
        }

        if (clean.Values.Span.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
        {
            throw new TacitException($"{encoder.Name} gives features that are not finite: its training has diverged, and nothing can be scored.");
        }

        var rows = new List<EvaluationResult>
        {
            Row(encoder, "deviation", FeatureMetrics.Deviation(clean.Values) * Math.Sqrt(encoder.Dim), clean.Items.Length),
            Row(encoder, "rankme", FeatureMetrics.RankMe(clean.Values), clean.Items.Length),
        };
        Progress?.Invoke($"{encoder.Name}: looking at augmented views");
        if (ScoreViews.Of(encoder, data, seed, stop) is var (views, count))
        {
            rows.Add(Row(encoder, "alignment", Alignments(views, count)));
            rows.Add(Row(encoder, "lidar", Lidar.Of(UnitVariance(views), count), count));
        }

        rows.Add(Row(encoder, "uniformity", FeatureMetrics.Uniformity(clean.Values), clean.Items.Length));
        stop.ThrowIfCancellationRequested();
        rows.AddRange(Clusters(encoder, clean));
        stop.ThrowIfCancellationRequested();
        rows.AddRange(Triplets(encoder));
        return rows;
    }

    /// <summary>All numbers times one factor, in place, so that a dimension's variance is 1 in the mean: δ then weighs alike for every encoder.</summary>
    private static Tensor UnitVariance(Tensor x)
    {
        int dim = x.Shape[1];
        double[] sum = new double[dim], square = new double[dim];
        for (int at = 0; at < x.Length; at++)
        {
            sum[at % dim] += x.Span[at];
            square[at % dim] += (double)x.Span[at] * x.Span[at];
        }

        double variance = Enumerable.Range(0, dim).Average(d => Math.Max(0, (square[d] / x.Shape[0]) - Math.Pow(sum[d] / x.Shape[0], 2)));
        if (variance > 0)
        {
            System.Numerics.Tensors.TensorPrimitives.Multiply(x.Span, (float)(1 / Math.Sqrt(variance)), x.Span);
        }

        return x;
    }

    /// <summary>Each item's mean over pairs of its views.</summary>
    private static double[] Alignments(Tensor views, int count)
    {
        var own = new double[count];
        for (int v = 0; v < ScoreViews.Count; v += 2)
        {
            for (int i = 0; i < count; i++)
            {
                own[i] += FeatureMetrics.Alignment(views.Rows((v * count) + i, 1), views.Rows(((v + 1) * count) + i, 1)) / (ScoreViews.Count / 2);
            }
        }

        return own;
    }

    private IEnumerable<EvaluationResult> Clusters(Encoder encoder, Features clean)
    {
        int[] labelled = data.Labels is { } all ? [.. Enumerable.Range(0, clean.Items.Length).Where(i => all[clean.Items[i]] >= 0)] : [];
        int[] labels = Array.ConvertAll(labelled, i => data.Labels![clean.Items[i]]);
        int classes = labels.Distinct().Count();
        if (classes < 2)
        {
            yield break;
        }

        Tensor rows = new FeatureTable(clean.Values, clean.Items, []).Select(labelled).Values;
        int[] clusters = KMeans.Fit(rows, new KMeansOptions(classes) { Spherical = true }, seed).Assignments;
        int[] common = ClusterAgreement.Majority(clusters, labels);
        yield return Row(encoder, "purity", [.. labels.Select((label, i) => common[clusters[i]] == label ? 1.0 : 0)]);
        yield return Row(encoder, "nmi", ClusterAgreement.NormalizedMutualInformation(clusters, labels), labels.Length);
    }

    private IEnumerable<EvaluationResult> Triplets(Encoder encoder)
    {
        if (segments.Length == 0)
        {
            yield break;
        }

        Progress?.Invoke($"{encoder.Name}: comparing {segments.Length:N0} words, each with each");
        var sounds = (SoundDataset)data;
        (int Item, Tensor States)[] words = [.. encoder.States(data, segments)];
        float[,] distances = SegmentDistances.Of([.. words.Select(w => w.States)]);
        int[] classes = [.. words.Select(w => data.Labels![w.Item])], speakers = [.. words.Select(w => sounds.Speakers![w.Item])];
        if (Abx.Within(distances, classes, speakers) is { } within)
        {
            yield return Row(encoder, "abx-within", within.Pairs) with { N = words.Length };
        }

        if (Abx.Across(distances, classes, speakers) is { } across)
        {
            yield return Row(encoder, "abx-across", across.Pairs) with { N = words.Length };
        }
    }

    private EvaluationResult Row(Encoder encoder, string metric, double value, int n) => new(encoder.Name, task, Name, metric, value, value, value, n);

    /// <summary>A mean with its interval.</summary>
    private EvaluationResult Row(Encoder encoder, string metric, double[] each)
    {
        (double low, double high) = Bootstrap.Interval(each, seed);
        return new EvaluationResult(encoder.Name, task, Name, metric, each.Average(), low, high, each.Length);
    }
}
