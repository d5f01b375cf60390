using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>Batches of recordings: crops of one length, or whole items of like length within a budget of seconds.</summary>
public sealed class SoundLoader : Loader
{
    private static readonly ulong WithinStream = Philox.Hash("epoch order", "length"), BatchStream = Philox.Hash("epoch order", "batches");

    private readonly SoundDataset dataset;
    private readonly ulong seed;
    private readonly (int First, int Length)[]? batches;
    private readonly int[] byLength = [];
    private readonly int[] lengthClass = [];
    private (long Epoch, int[] Order) batchOrder = (-1, []);

    /// <exception cref="TacitException">The batch is larger than the data set, or waveforms are to be changed as only frames can be.</exception>
    public SoundLoader(SoundDataset dataset, SoundPlan plan, SoundLoaderOptions options, ulong seed)
        : base(dataset, options.BatchSeconds is null ? options.BatchSize : 1, seed, new SoundBuffer(dataset, plan, options, seed), new SoundBuffer(dataset, plan, options, seed))
    {
        (this.dataset, this.seed) = (dataset, seed);
        options.Augmentation.Validate();
        if (options.Input.Form == SoundForm.Wave && options.Augmentation.ChangesFrames)
        {
            throw new TacitException("Mixup, resized crops, masks and warps change frames or log-mel pictures, and the encoder takes waveforms.");
        }

        dataset.CacheBytes = options.CacheBytes ?? dataset.CacheBytes;
        if (options.BatchSeconds is { } budget)
        {
            // Items of a length class are shuffled among each other, so the classes' sizes, and with them the batches', are every epoch's.
            lengthClass = LengthClasses(dataset, options.CropSeconds);
            byLength = [.. Enumerable.Range(0, dataset.Count).OrderBy(i => lengthClass[i]).ThenBy(i => i)];
            batches = [.. Cut(lengthClass, budget)];
        }
    }

    /// <summary>How many batches of whole items, or of crops, a budget of seconds makes.</summary>
    public static int CountBatches(SoundDataset dataset, double? crop, double budget) => Cut(LengthClasses(dataset, crop), budget).Count();

    public override long StepsPerEpoch => batches?.Length ?? base.StepsPerEpoch;

    private protected override int[] Order(long epoch)
    {
        if (batches is null)
        {
            return base.Order(epoch);
        }

        int[] rank = Philox.Permutation(dataset.Count, seed, WithinStream, epoch);
        return [.. byLength.OrderBy(i => lengthClass[i]).ThenBy(i => rank[i])];
    }

    private protected override (int First, int Length) Range(long epoch, int batch)
    {
        if (batches is null)
        {
            return base.Range(epoch, batch);
        }

        if (batchOrder.Epoch != epoch)
        {
            batchOrder = (epoch, Philox.Permutation(batches.Length, seed, BatchStream, epoch));
        }

        return batches[batchOrder.Order[batch]];
    }

    /// <summary>Lengths in half seconds, rounded up.</summary>
    private static int[] LengthClasses(SoundDataset dataset, double? crop) => [.. Enumerable.Range(0, dataset.Count)
        .Select(i => (int)Math.Ceiling(Math.Min((double)dataset.Samples(i) / dataset.Rate, crop ?? double.MaxValue) * 2))];

    /// <summary>Ranges of the order by length, each within the budget; every item is in one of them. What is longer than the budget is a batch by itself.</summary>
    private static IEnumerable<(int First, int Length)> Cut(int[] lengthClass, double budget)
    {
        int[] sorted = [.. lengthClass.Order()];
        int first = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] / 2.0 * (i - first + 1) > budget)
            {
                yield return (first, i - first);
                first = i;
            }
        }

        yield return (first, sorted.Length - first);
    }
}
