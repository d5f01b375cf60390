using System.Runtime.InteropServices;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>
/// Named values of one optimiser step (positive similarity, contrastive accuracy, parts of the loss …). Values reported
/// under one name within a step, by several micro-batches, are averaged. Reporting allocates nothing after the first step.
/// </summary>
public sealed class Diagnostics
{
    /// <summary>The name under which <see cref="Embedding"/> reports the spread of a batch of embeddings.</summary>
    public const string EmbeddingDeviation = "embedding_deviation";

    /// <summary>The name under which <see cref="Embedding"/> reports how many directions a batch of embeddings uses.</summary>
    public const string EmbeddingRank = "embedding_rank";

    /// <summary>The name under which <see cref="Embedding"/> reports the size of embeddings whose lengths the loss sees.</summary>
    public const string EmbeddingScale = "embedding_scale";

    private const int Bins = 20, MostRows = 512;

    private readonly List<Entry> entries = [];
    private int reported;
    private readonly List<(string Name, double[] Counts)> histograms = [];

    /// <summary>Whether this step is logged: only then are costly values worth computing.</summary>
    public bool Detailed { get; set; } = true;

    /// <summary>The histograms of this step, by name: counts of 20 equal bins.</summary>
    public IReadOnlyList<(string Name, double[] Counts)> Histograms => histograms;

    /// <summary>The names reported since the last <see cref="Clear"/>, with their means, in the order of their reports.</summary>
    public IEnumerable<(string Name, double Value)> Values => entries.Where(e => e.Count > 0).OrderBy(e => e.Order).Select(e => (e.Name, e.Sum / e.Count));

    /// <summary>Adds one value under a name (lower case, underscores; a constant of the caller).</summary>
    public void Report(string name, double value)
    {
        Span<Entry> span = CollectionsMarshal.AsSpan(entries);
        for (int i = 0; i < span.Length; i++)
        {
            if (span[i].Name == name)
            {
                span[i].Order = span[i].Count == 0 ? reported++ : span[i].Order;
                span[i].Sum += value;
                span[i].Count++;
                return;
            }
        }

        entries.Add(new Entry { Name = name, Sum = value, Count = 1, Order = reported++ });
    }

    /// <summary>
    /// How the embeddings that a loss compares spread over a batch, from which the health rules tell collapse:
    /// <see cref="EmbeddingDeviation"/>, the standard deviation of the L2-normalised embeddings, mean over dimensions, times √D
    /// (1 for an even spread, 0 on one point), and <see cref="EmbeddingRank"/>, (Σλ)²/Σλ² of their covariance (1 on one line).
    /// </summary>
    /// <param name="z">[N, D], online projections; the first 512 rows are looked at.</param>
    /// <param name="sized">
    /// Whether the loss sees their lengths and not only their directions: then <see cref="EmbeddingScale"/>, the standard deviation
    /// of the embeddings as they are, mean over dimensions, is reported too; all of them can shrink to a point in any direction.
    /// </param>
    public void Embedding(Tensor z, bool sized = false)
    {
        using Scope scope = Scope.NoGradient();
        int rows = Math.Min(MostRows, z.Shape[0]);
        Tensor seen = z.Detach().Rows(0, rows), u = Ops.L2Normalize(seen);
        Tensor c = Ops.Subtract(u, Ops.Mean(u, 0, keepAxis: true));
        Tensor variance = Ops.Mean(Ops.Square(c), 0);
        Tensor products = rows < z.Shape[1] ? Ops.MatMul(c, c, transposeB: true) : Ops.MatMul(c, c, transposeA: true);
        double trace = rows * (double)Ops.Sum(variance).ToScalar(), squares = Ops.Sum(Ops.Square(products)).ToScalar();
        Report(EmbeddingDeviation, MeanRoot(variance) * Math.Sqrt(z.Shape[1]));
        Report(EmbeddingRank, squares > 0 ? trace * trace / squares : 1);
        if (sized)
        {
            Report(EmbeddingScale, MeanRoot(Ops.Variance(seen, 0, unbiased: false)));
        }
    }

    /// <summary>Counts values in 20 equal bins, on steps that are logged; values outside fall into the first or last bin.</summary>
    /// <param name="name">Lower case, underscores; the log's key gets <c>_histogram</c> appended.</param>
    /// <param name="values">Of this batch; those of several micro-batches are counted together.</param>
    /// <param name="low">Lower end of the first bin.</param>
    /// <param name="high">Upper end of the last bin.</param>
    public void Histogram(string name, ReadOnlySpan<float> values, float low, float high)
    {
        if (!Detailed)
        {
            return;
        }

        double[]? counts = histograms.Find(h => h.Name == name).Counts;
        if (counts is null)
        {
            histograms.Add((name, counts = new double[Bins]));
        }

        float scale = Bins / (high - low);
        foreach (float value in values)
        {
            counts[Math.Clamp((int)((value - low) * scale), 0, Bins - 1)]++;
        }
    }

    /// <summary>The mean of what was reported under a name in this step, or null.</summary>
    public double? this[string name]
    {
        get
        {
            foreach (Entry entry in entries)
            {
                if (entry.Name == name && entry.Count > 0)
                {
                    return entry.Sum / entry.Count;
                }
            }

            return null;
        }
    }

    /// <summary>Forgets all values, for the next step.</summary>
    public void Clear()
    {
        histograms.Clear();
        reported = 0;
        Span<Entry> span = CollectionsMarshal.AsSpan(entries);
        for (int i = 0; i < span.Length; i++)
        {
            span[i].Sum = 0;
            span[i].Count = 0;
        }
    }

    private static double MeanRoot(Tensor variances)
    {
        double sum = 0;
        foreach (float variance in variances.Span)
        {
            sum += Math.Sqrt(variance);
        }

        return sum / variances.Length;
    }

    private struct Entry
    {
        public string Name;
        public double Sum;
        public int Count, Order;
    }
}
