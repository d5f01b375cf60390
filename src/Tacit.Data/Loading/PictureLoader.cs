using System.Diagnostics;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>
/// Batches for training: each epoch is a permutation of the items, its incomplete last batch is dropped, and every view
/// is a function of (seed, item, epoch, view) alone, so that a batch is the same whoever makes it, whenever it is asked for.
/// While the consumer computes, idle workers make the next batch.
/// </summary>
public sealed class PictureLoader : IDisposable
{
    private static readonly ulong OrderStream = Philox.Hash("epoch order");

    private readonly PictureDataset dataset;
    private readonly ViewPlan plan;
    private readonly LoaderOptions options;
    private readonly ulong seed;
    private BatchBuffer current;
    private BatchBuffer next;
    private long orderEpoch = -1;
    private int[] order = [];

    /// <exception cref="TacitException">The batch is larger than the data set, or smaller than 1.</exception>
    public PictureLoader(PictureDataset dataset, ViewPlan plan, LoaderOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        if (options.BatchSize < 1)
        {
            throw new TacitException($"The batch size must be at least 1, not {options.BatchSize}.");
        }

        if (options.BatchSize > dataset.Count)
        {
            throw new TacitException($"A batch of {options.BatchSize} is larger than {dataset.Path}, which has {dataset.Count} pictures: choose a batch size of at most {dataset.Count}.");
        }

        dataset.CacheBytes = options.CacheBytes ?? dataset.CacheBytes;
        this.dataset = dataset;
        this.plan = plan;
        this.options = options;
        this.seed = seed;
        current = new BatchBuffer(dataset, plan, options.Normalization, seed);
        next = new BatchBuffer(dataset, plan, options.Normalization, seed);
    }

    /// <summary>Whole batches in one pass over the items.</summary>
    public long StepsPerEpoch => dataset.Count / options.BatchSize;

    /// <summary>Seconds that the last call of <see cref="At"/> kept its caller waiting.</summary>
    public double DataWait { get; private set; }

    /// <summary>The side of the views of a step.</summary>
    public int SizeAt(long step) => options.ViewSizes?.At(step, options.TotalSteps) ?? plan.Size;

    /// <summary>
    /// The batch of a step, counted from 0 through all epochs. Its tensor is good until the next call; the step after it
    /// is already being made.
    /// </summary>
    /// <exception cref="TacitException">No picture of the data set can be decoded.</exception>
    public Batch At(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        long begun = Stopwatch.GetTimestamp();
        (current, next) = (next, current);
        if (current.Step != step)
        {
            current.Cancel();
            Begin(current, step);
        }

        Batch batch = current.Finish();
        next.Cancel();
        Begin(next, step + 1);
        WorkerPool.Shared.Offer(next);
        DataWait = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return batch;
    }

    public void Dispose()
    {
        WorkerPool.Shared.Offer(null);
        current.Cancel();
        next.Cancel();
    }

    private void Begin(BatchBuffer buffer, long step)
    {
        long epoch = step / StepsPerEpoch;
        if (epoch != orderEpoch)
        {
            order = Philox.Permutation(dataset.Count, seed, OrderStream, epoch);
            orderEpoch = epoch;
        }

        buffer.Begin(step, epoch, order, (int)(step % StepsPerEpoch) * options.BatchSize, options.BatchSize, SizeAt(step));
    }
}
