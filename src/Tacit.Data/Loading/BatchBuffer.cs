using System.Runtime.ExceptionServices;
using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>
/// One batch in the making. Idle workers and the consumer claim its items one at a time; who makes an item does not
/// change a bit of it.
/// </summary>
internal sealed unsafe class BatchBuffer(PictureDataset dataset, ViewPlan plan, Normalization normalization, ulong seed) : IIdleWork
{
    private static readonly ulong Stream = Philox.Hash("augmentation");

    private Tensor? views, locals;
    private int[] items = [];
    private int[] order = [];
    private int first;
    private int count;
    private long epoch;
    private int claimed;
    private int finished;
    private ExceptionDispatchInfo? failure;

    /// <summary>The step that the buffer is for; -1 for none.</summary>
    public long Step { get; private set; } = -1;

    /// <summary>Begins another batch: nothing of the one before may be in use or in the making any more.</summary>
    /// <param name="step">The step it is for.</param>
    /// <param name="passage">The epoch, by which views are drawn.</param>
    /// <param name="permutation">The epoch's order of items.</param>
    /// <param name="start">The batch's first place in that order.</param>
    /// <param name="length">How many items.</param>
    /// <param name="size">The views' side.</param>
    public void Begin(long step, long passage, int[] permutation, int start, int length, int size)
    {
        var shape = new Shape(length * plan.ViewCount, size, size, 3);
        if (views is null || views.Shape != shape)
        {
            int local = plan.LocalSide(size);
            views = Tensor.Lasting(shape);
            locals = plan.LocalCount > 0 ? Tensor.Lasting(new Shape(length * plan.LocalCount, local, local, 3)) : null;
        }

        first = start;
        count = length;
        items = new int[length];
        order = permutation;
        epoch = passage;
        failure = null;
        finished = 0;
        Step = step;
        Volatile.Write(ref claimed, 0);
    }

    /// <summary>Makes one item's views; false when all are claimed.</summary>
    public bool RunOne()
    {
        // Looked at first, so that idle polling does not count up for ever.
        int place;
        if (Volatile.Read(ref claimed) >= count || (place = Interlocked.Increment(ref claimed) - 1) >= count)
        {
            return false;
        }

        try
        {
            Make(place);
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
        WorkerPool.Shared.For(count - Math.Min(Volatile.Read(ref claimed), count), ref body);
        while (RunOne())
        {
            // An item that another thread took while the loop was planned leaves one for here.
        }

        Wait(count);
        failure?.Throw();
        int[]? labels = dataset.Labels is { } all ? Array.ConvertAll(items, i => all[i]) : null;
        return new Batch(views!, plan.ViewCount, items, labels) { Locals = locals, Normalization = normalization };
    }

    /// <summary>Lets nobody claim any more items and waits for those in the making.</summary>
    public void Cancel()
    {
        if (Step >= 0)
        {
            int begun = Interlocked.Exchange(ref claimed, count);
            Wait(Math.Min(begun, count));
            Step = -1;
        }
    }

    internal static TacitException AllBroken(PictureDataset dataset)
    {
        BrokenItem example = dataset.Broken[0];     // there is one: every item was tried
        return new TacitException($"None of the {dataset.Count} pictures in {dataset.Path} can be decoded; the first is {example.Name}: {example.Reason}");
    }

    private void Wait(int made)
    {
        var spin = default(SpinWait);
        while (Volatile.Read(ref finished) < made)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Make(int place)
    {
        int own = order[first + place];
        int shown = own;
        Picture? picture = dataset.TryDecode(own);
        for (int next = 1; picture is null && next < order.Length; next++)
        {
            // A broken item gives way to the next of the permutation. The views are still drawn as the broken one's, so
            // that they differ from that item's own views elsewhere in the batch.
            shown = order[(first + place + next) % order.Length];
            picture = dataset.TryDecode(shown);
        }

        if (picture is null)
        {
            throw AllBroken(dataset);
        }

        items[place] = shown;
        for (int view = 0; view < plan.ViewCount + plan.LocalCount; view++)
        {
            var random = new RandomSequence(seed, Philox.Mix(Philox.Mix(Stream, (ulong)own), (ulong)view), epoch);
            bool local = view >= plan.ViewCount;
            Tensor into = local ? locals! : views!;
            int row = ((local ? view - plan.ViewCount : view) * count) + place;
            plan.Render(picture, view, into.Shape[1], normalization, ref random, into.Data + ((long)row * (into.Length / into.Shape[0])));
        }
    }

    private readonly struct Rest(BatchBuffer buffer) : IBlockBody
    {
        public void Invoke(int block) => buffer.RunOne();
    }
}
