using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Methods;

/// <summary>The units of HuBERT's iterations, as buffers, so that a checkpoint holds them: centroids, how many there are, and which iteration it is.</summary>
internal sealed class FoundUnits : Module
{
    private readonly Tensor[] centroids;        // [K, width] of each iteration
    private readonly Tensor used, iteration;    // [iterations]; [1], -1 before the first pass
    private readonly ClusterReadings readings;

    /// <param name="units">K of each iteration.</param>
    /// <param name="dim">Width of a state.</param>
    public FoundUnits(IReadOnlyList<int> units, int dim)
    {
        centroids = [.. units.Select((count, i) => AddBuffer($"centroids{i + 1}", new Shape(count, i == 0 ? StateMfcc.Width : dim)))];
        used = AddBuffer("used", new Shape(units.Count));
        iteration = AddBuffer("iteration", new Shape(1), -1);
        readings = new ClusterReadings(AddBuffer("readings", new Shape(ClusterReadings.Count), -1));
    }

    /// <summary>From 0; -1 before the first pass.</summary>
    public int Iteration => (int)iteration.Span[0];

    /// <summary>Units of this iteration.</summary>
    public int Used => (int)used.Span[Math.Max(0, Iteration)];

    /// <summary>The seed from which the encoder is to begin afresh before the next step; never alive when a checkpoint is written.</summary>
    public ulong? Fresh { get; set; }

    public Tensor Centroids(int round) => centroids[round].Rows(0, (int)used.Span[round]);

    public void Take(KMeans found, StageContext context)
    {
        iteration.Span[0] = context.Round;
        used.Span[context.Round] = found.Counts.Length;
        found.Centroids.Span.CopyTo(centroids[context.Round].Span);
        readings.Clear();
        readings.Add(found, null, heads: 1);
        Fresh = context.Round > 0 ? Philox.Mix(context.Seed, (ulong)context.Round) : null;
    }

    public void Report(Diagnostics diagnostics)
    {
        readings.Report(diagnostics);
        diagnostics.Report("iteration", Iteration + 1);
    }
}
