using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>A batch of recordings in the making.</summary>
internal sealed class SoundBuffer(SoundDataset dataset, SoundPlan plan, SoundLoaderOptions options, ulong seed) : BatchBuffer
{
    private static readonly ulong Stream = Philox.Hash("sound view");

    private readonly SoundRenderer renderer = new(options.Input);
    private Tensor? views;
    private int[] lengths = [], starts = [];

    protected override void Prepare(int length)
    {
        int samples = options.CropSeconds is { } seconds ? (int)Math.Round(seconds * dataset.Rate)
            : SoundRenderer.Rounded(Place.Order.AsSpan(Place.First, length).ToArray().Max(dataset.Samples), SoundForm.Wave);
        Shape shape = renderer.Shape(length * plan.ViewCount, renderer.Length(samples));
        if (views is null || views.Shape != shape)
        {
            views = Tensor.Lasting(shape);
        }

        lengths = new int[length * plan.ViewCount];
        starts = new int[length * plan.ViewCount];
    }

    protected override int Make(int place)
    {
        (int own, int shown, float[] first) = Decode(place, dataset, item => Crop(Place.Order[Place.First + place], item, 0).Samples);
        for (int view = 0; view < plan.ViewCount; view++)
        {
            int row = (view * Items.Length) + place, width = views!.Length / views.Shape[0];
            (int start, float[]? samples) = view == 0 || plan.SameCrop ? (Crop(own, shown, 0).Start, first) : Crop(own, shown, view);
            starts[row] = start;
            lengths[row] = renderer.Write(samples ?? first, views.Span.Slice(row * width, width));
        }

        return shown;
    }

    protected override Batch Compose() => new(views!, plan.ViewCount, Items, dataset.Labels is { } all ? Array.ConvertAll(Items, i => all[i]) : null)
    {
        Lengths = lengths,
        Starts = starts,
        Speakers = dataset.Speakers is { } who ? Array.ConvertAll(Items, i => who[i]) : null,
    };

    /// <summary>Where a view of an item begins, and its samples; null where the item cannot be decoded.</summary>
    private (int Start, float[]? Samples) Crop(int own, int shown, int view)
    {
        int all = dataset.Samples(shown);
        if (options.CropSeconds is not { } seconds)
        {
            return (0, dataset.TryRead(shown, 0, views!.Shape[1] * renderer.Hop));
        }

        int wanted = (int)Math.Round(seconds * dataset.Rate);
        var random = new RandomSequence(seed, Philox.Mix(Philox.Mix(Stream, (ulong)own), (ulong)view), Epoch);
        int places = Math.Max(0, (all - wanted) / options.AlignTo) + 1, start = random.NextInt(places) * options.AlignTo;
        return (start, dataset.TryRead(shown, start, wanted));
    }
}
