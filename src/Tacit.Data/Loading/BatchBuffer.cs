using System.Runtime.ExceptionServices;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>
/// One batch in the making. Idle workers and the consumer claim its items one at a time; who makes an item does not
/// change a bit of it.
/// </summary>
internal abstract class BatchBuffer : IIdleWork
{
    private int claimed;
    private int finished;
    private ExceptionDispatchInfo? failure;

    /// <summary>The step that the buffer is for; -1 for none.</summary>
    public long Step { get; private set; } = -1;

    /// <summary>The items that are shown, in the batch's order; complete when all are made.</summary>
    protected int[] Items { get; private set; } = [];

    /// <summary>The epoch, by which views are drawn.</summary>
    protected long Epoch { get; private set; }

    /// <summary>The epoch's order of items, and where in it the batch begins.</summary>
    protected (int[] Order, int First) Place { get; private set; }

    /// <summary>Begins another batch: nothing of the one before may be in use or in the making any more.</summary>
    /// <param name="step">The step it is for.</param>
    /// <param name="epoch">By which views are drawn.</param>
    /// <param name="order">The epoch's order of items.</param>
    /// <param name="first">The batch's first place in that order.</param>
    /// <param name="length">How many items.</param>
    public void Begin(long step, long epoch, int[] order, int first, int length)
    {
        (Epoch, Place) = (epoch, (order, first));
        Items = new int[length];
        failure = null;
        finished = 0;
        Step = step;
        Prepare(length);
        Volatile.Write(ref claimed, 0);
    }

    /// <summary>Makes one item's views; false when all are claimed.</summary>
    public bool RunOne()
    {
        // Looked at first, so that idle polling does not count up for ever.
        int place;
        if (Volatile.Read(ref claimed) >= Items.Length || (place = Interlocked.Increment(ref claimed) - 1) >= Items.Length)
        {
            return false;
        }

        try
        {
            Items[place] = Make(place);
        }
        catch (Exception error)
        {
            // Kept for the consumer: a worker's thread must outlive it.
            failure ??= ExceptionDispatchInfo.Capture(error);
        }

        Interlocked.Increment(ref finished);
        return true;
    }

    /// <summary>Makes what is missing, on all threads, and gives the batch.</summary>
    public Batch Finish()
    {
        var body = new Rest(this);
        WorkerPool.Shared.For(Items.Length - Math.Min(Volatile.Read(ref claimed), Items.Length), ref body);
        while (RunOne())
        {
            // An item that another thread took while the loop was planned leaves one for here.
        }

        Wait(Items.Length);
        failure?.Throw();
        return Compose();
    }

    /// <summary>Lets nobody claim any more items and waits for those in the making.</summary>
    public void Cancel()
    {
        if (Step >= 0)
        {
            int begun = Interlocked.Exchange(ref claimed, Items.Length);
            Wait(Math.Min(begun, Items.Length));
            Step = -1;
        }
    }

    /// <summary>Makes room for the views of so many items.</summary>
    protected abstract void Prepare(int length);

    /// <summary>Makes the views of the item at one place of the batch, on any thread; returns the item that is shown.</summary>
    protected abstract int Make(int place);

    /// <summary>The batch of what was made.</summary>
    protected abstract Batch Compose();

    /// <summary>
    /// The item at a place and what it decodes to. A broken item gives way to the next of the permutation; views are still drawn as the
    /// broken one's, so that they differ from the other's own views elsewhere in the batch.
    /// </summary>
    /// <exception cref="TacitException">No item of the data set can be decoded.</exception>
    protected (int Own, int Shown, T Decoded) Decode<T>(int place, Dataset dataset, Func<int, T?> decode)
        where T : class
    {
        var (order, first) = Place;
        int own = order[first + place];
        for (int next = 0; next < order.Length; next++)
        {
            int shown = order[(first + place + next) % order.Length];
            if (decode(shown) is { } decoded)
            {
                return (own, shown, decoded);
            }
        }

        throw dataset.AllBroken();
    }

    private void Wait(int made)
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref finished) < made)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private readonly struct Rest(BatchBuffer buffer) : IBlockBody
    {
        public void Invoke(int block) => buffer.RunOne();
    }
}
