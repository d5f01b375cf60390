using System.Diagnostics;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>
/// Looks at an encoder through fixed items of the training set, in evaluation mode and without a trace: label-free
/// scores on two views of some, and where labels exist a kNN on others.
/// </summary>
internal sealed class Monitor(RunConfig config, Dataset data, Method method)
{
    private const int BatchSize = 128;

    private static readonly ulong Stream = Philox.Hash("monitor");

    private readonly KnnSplit? split = KnnSplit.Of(data, config.Monitor, config.Train.Seed);

    /// <summary>Seconds that the last reading took.</summary>
    public double Seconds { get; private set; }

    public MonitorReading Read(Backbone encoder, long step, double? loss)
    {
        long began = Stopwatch.GetTimestamp();
        bool training = encoder.Training;
        encoder.Eval();
        try
        {
            (Tensor a, Tensor b, Tensor single) = TwoViews(encoder);
            return new MonitorReading(
                step,
                FeatureMetrics.Deviation(single) * Math.Sqrt(encoder.Dim),
                FeatureMetrics.RankMe(single),
                FeatureMetrics.Alignment(a, b),
                FeatureMetrics.Uniformity(single),
                split is null ? null : Vote(encoder, split),
                encoder.Dim,
                loss);
        }
        finally
        {
            if (training)
            {
                encoder.Train();
            }

            Seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }

    /// <summary>
    /// Features of two augmented views of the same items, and of the first view what must differ between items where a representation has
    /// not collapsed: the features, or of a sequence its middle state. A mean over time says little there: over a recording that was
    /// normalised to mean 0 it may be near 0 for all of them however much the states differ.
    /// </summary>
    /// <returns>[items, Dim] each.</returns>
    private (Tensor A, Tensor B, Tensor Single) TwoViews(Backbone encoder)
    {
        int batch = Math.Min(BatchSize, Math.Min(config.Monitor.Items, data.Count));
        int batches = Math.Min(config.Monitor.Items, data.Count) / batch;
        var sequence = encoder as SequenceBackbone;
        Tensor a = Tensor.Lasting(new Shape(batches * batch, encoder.Dim)), b = Tensor.Lasting(a.Shape), single = sequence is null ? a : Tensor.Lasting(a.Shape);
        using Loader loader = Loaders.Monitoring(config, data, method, batch, Philox.Mix(config.Train.Seed, Stream));
        for (int i = 0; i < batches; i++)
        {
            Batch seen = loader.At(i);
            using Scope scope = Scope.NoGradient();
            View(encoder, seen, 1).Span.CopyTo(b.Rows(i * batch, batch).Span);
            Tensor features = sequence is null ? View(encoder, seen, 0) : Middle(sequence, seen, single.Rows(i * batch, batch));
            features.Span.CopyTo(a.Rows(i * batch, batch).Span);
        }

        return (a, b, single);
    }

    /// <summary>The features of the first view; its middle states go into the given rows.</summary>
    private static Tensor Middle(SequenceBackbone encoder, Batch seen, Tensor into)
    {
        Tensor view = seen.View(0);
        int[]? lengths = LengthsOf(seen, 0);
        Tensor states = encoder.Hidden(view, lengths, [Backbone.Last])[0];
        int[] counts = encoder.StateLengths(view, lengths);
        for (int item = 0; item < seen.Size; item++)
        {
            states.Span.Slice(((item * states.Shape[1]) + (counts[item] / 2)) * encoder.Dim, encoder.Dim).CopyTo(into.Rows(item, 1).Span);
        }

        return Ops.MeanOverTime(states, counts);
    }

    private static Tensor View(Backbone encoder, Batch seen, int view) =>
        encoder.Forward(seen.View(view), LengthsOf(seen, view), [Backbone.Last])[0];

    private static int[]? LengthsOf(Batch seen, int view) => seen.Lengths?.AsSpan(view * seen.Size, seen.Size).ToArray();

    private double Vote(Backbone encoder, KnnSplit of)
    {
        (Tensor bank, int[] bankLabels) = Features(encoder, of.Bank);
        (Tensor queries, int[] queryLabels) = Features(encoder, of.Queries);
        return new Knn(bank, bankLabels, config.Monitor.KnnK, config.Monitor.KnnTemperature).Accuracy(queries, queryLabels);
    }

    private (Tensor Features, int[] Labels) Features(Backbone encoder, int[] items)
    {
        Tensor features = Tensor.Lasting(new Shape(items.Length, encoder.Dim));
        var labels = new List<int>(items.Length);
        foreach (Batch seen in Inputs.Of(config).Batches(data, BatchSize, items))
        {
            using Scope scope = Scope.NoGradient();
            View(encoder, seen, 0).Span.CopyTo(features.Rows(labels.Count, seen.Size).Span);
            labels.AddRange(seen.Labels!);
        }

        // A broken item is left out.
        return (labels.Count == items.Length ? features : features.Rows(0, labels.Count), [.. labels]);
    }
}
