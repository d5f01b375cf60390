using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>
/// Every picture once, in index order, as <see cref="ViewPlan.Single"/> shows it. A broken picture is left out (the
/// data set then names it), and the last batch may be smaller.
/// </summary>
public static class EvaluationBatches
{
    /// <param name="dataset">The pictures.</param>
    /// <param name="size">The side of what is shown, in pixels.</param>
    /// <param name="normalization">Applied to every level.</param>
    /// <param name="batchSize">Items per batch.</param>
    /// <param name="items">Only these, in this order; null for all.</param>
    /// <returns>Batches whose tensor is good until the next one is asked for.</returns>
    /// <exception cref="TacitException">No picture of the data set can be decoded.</exception>
    public static IEnumerable<Batch> Of(PictureDataset dataset, int size, Normalization normalization, int batchSize = 256, int[]? items = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(normalization);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        items ??= [.. Enumerable.Range(0, dataset.Count)];
        return Enumerate(dataset, ViewPlan.Single(size), normalization, Math.Min(batchSize, items.Length), items);
    }

    private static IEnumerable<Batch> Enumerate(PictureDataset dataset, ViewPlan plan, Normalization normalization, int batchSize, int[] chosen)
    {
        int size = plan.Size;
        Tensor views = Tensor.Lasting(new Shape(batchSize, size, size, 3));
        bool[] made = new bool[batchSize];
        bool any = false;
        for (int start = 0; start < chosen.Length; start += batchSize)
        {
            int count = Math.Min(batchSize, chosen.Length - start);
            Render(dataset, plan, normalization, views, made, chosen, start, count);
            int[] items = Gather(views, made, chosen, start, count);
            if (items.Length > 0)
            {
                any = true;
                int[]? labels = dataset.Labels is { } all ? Array.ConvertAll(items, i => all[i]) : null;
                yield return new Batch(views.Rows(0, items.Length), 1, items, labels) { Normalization = normalization };
            }
        }

        if (!any && chosen.Length > 0)
        {
            throw dataset.AllBroken();
        }
    }

    private static unsafe void Render(PictureDataset dataset, ViewPlan plan, Normalization normalization, Tensor views, bool[] made, int[] chosen, int start, int count)
    {
        var body = new Body
        {
            Dataset = dataset,
            Plan = plan,
            Normalization = normalization,
            Views = views.Data,
            Made = made,
            Chosen = chosen,
            Start = start,
        };
        WorkerPool.Shared.For(count, ref body);
    }

    /// <summary>Closes the gaps that broken pictures left; returns the items that are shown.</summary>
    private static int[] Gather(Tensor views, bool[] made, int[] chosen, int start, int count)
    {
        int row = views.Length / views.Shape[0];
        var items = new List<int>(count);
        for (int i = 0; i < count; i++)
        {
            if (made[i])
            {
                if (items.Count != i)
                {
                    views.Span.Slice(i * row, row).CopyTo(views.Span.Slice(items.Count * row, row));
                }

                items.Add(chosen[start + i]);
            }
        }

        return [.. items];
    }

    private unsafe struct Body : IBlockBody
    {
        public PictureDataset Dataset;
        public ViewPlan Plan;
        public Normalization Normalization;
        public float* Views;
        public bool[] Made;
        public int[] Chosen;
        public int Start;

        public readonly void Invoke(int block)
        {
            Picture? picture = Dataset.TryDecode(Chosen[Start + block]);
            Made[block] = picture is not null;
            if (picture is not null)
            {
                var nothing = default(RandomSequence);      // evaluation draws nothing
                Plan.Render(picture, 0, Plan.Size, Normalization, ref nothing, Views + ((long)block * Plan.Size * Plan.Size * 3));
            }
        }
    }
}
