using System.Diagnostics;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>
/// Batches for training: each epoch is a permutation of the items, its incomplete last batch is dropped, and every view
/// is a function of (seed, item, epoch, view) alone, so that a batch is the same whoever makes it, whenever it is asked for.
/// While the consumer computes, idle workers make the next batch.
/// </summary>
public abstract class Loader : IDisposable
{
    private static readonly ulong OrderStream = Philox.Hash("epoch order");

    private readonly Dataset dataset;
    private readonly ulong seed;
    private BatchBuffer current;
    private BatchBuffer next;
    private long orderEpoch = -1;
    private int[] order = [];

    private protected Loader(Dataset dataset, int batchSize, ulong seed, BatchBuffer one, BatchBuffer other)
    {
        if (batchSize < 1)
        {
            throw new TacitException($"The batch size must be at least 1, not {batchSize}.");
        }

        if (batchSize > dataset.Count)
        {
            throw new TacitException($"A batch of {batchSize} is larger than {dataset.Path}, which has {dataset.Count} {dataset.Word}: choose a batch size of at most {dataset.Count}.");
        }

        (this.dataset, this.seed, BatchSize) = (dataset, seed, batchSize);
        (current, next) = (one, other);
    }

    /// <summary>Whole batches in one pass over the items.</summary>
    public virtual long StepsPerEpoch => dataset.Count / BatchSize;

    /// <summary>Seconds that the last call of <see cref="At"/> kept its caller waiting.</summary>
    public double DataWait { get; private set; }

    protected int BatchSize { get; }

    /// <summary>
    /// The batch of a step, counted from 0 through all epochs. Its tensor is good until the next call; the step after it
    /// is already being made.
    /// </summary>
    /// <exception cref="TacitException">No item of the data set can be decoded.</exception>
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
        GC.SuppressFinalize(this);
    }

    /// <summary>The order of one epoch.</summary>
    private protected virtual int[] Order(long epoch) => Philox.Permutation(dataset.Count, seed, OrderStream, epoch);

    /// <summary>Where in the epoch's order a batch begins, and how many items it has.</summary>
    private protected virtual (int First, int Length) Range(long epoch, int batch) => (batch * BatchSize, BatchSize);

    /// <summary>What a buffer must know of a step before it begins.</summary>
    private protected virtual void Prepare(BatchBuffer buffer, long step)
    {
    }

    private void Begin(BatchBuffer buffer, long step)
    {
        long epoch = step / StepsPerEpoch;
        if (epoch != orderEpoch)
        {
            order = Order(epoch);
            orderEpoch = epoch;
        }

        Prepare(buffer, step);
        (int first, int length) = Range(epoch, (int)(step % StepsPerEpoch));
        buffer.Begin(step, epoch, order, first, length);
    }
}
