using Tacit.Data.Augment;

namespace Tacit.Data.Loading;

/// <summary>
/// Batches of items that the caller chooses, with views made as for pre-training: each view is a function of (seed, item, time, view)
/// alone, so that a batch is the same for any number of threads.
/// </summary>
public sealed class ChosenBatches
{
    private readonly BatchBuffer buffer;

    private ChosenBatches(BatchBuffer buffer) => this.buffer = buffer;

    /// <summary>Of pictures, at the plan's own side.</summary>
    public static ChosenBatches Of(PictureDataset dataset, ViewPlan plan, Normalization normalization, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new ChosenBatches(new PictureBuffer(dataset, plan, normalization, seed) { Side = plan.Size });
    }

    /// <summary>Of recordings at the rate that the input says, one view each.</summary>
    public static ChosenBatches Of(SoundDataset dataset, SoundLoaderOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return new ChosenBatches(new SoundBuffer(dataset.At(options.Input.Rate), new SoundPlan(), options, seed));
    }

    /// <summary>The batch of some items; its tensor is good until the next one is asked for.</summary>
    /// <param name="items">Numbers in the data set. One that cannot be decoded gives way to the next of them.</param>
    /// <param name="time">What views are drawn by, besides the item: a step's number.</param>
    /// <exception cref="TacitException">None of the items can be decoded.</exception>
    public Batch Of(int[] items, long time)
    {
        buffer.Begin(time, time, items, 0, items.Length);
        return buffer.Finish();
    }
}
