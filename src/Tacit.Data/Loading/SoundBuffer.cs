using Tacit.Data.Augment;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>A batch of recordings in the making.</summary>
internal sealed class SoundBuffer : BatchBuffer
{
    private static readonly ulong CropStream = Philox.Hash("sound view"), ChangeStream = Philox.Hash("sound augmentation");

    private readonly SoundDataset dataset;
    private readonly SoundPlan plan;
    private readonly SoundLoaderOptions options;
    private readonly ulong seed;
    private readonly SoundRenderer renderer;
    private readonly SoundAugmentation augmentation;
    private Tensor? views;
    private int wanted;
    private int[] lengths = [], starts = [];

    public SoundBuffer(SoundDataset dataset, SoundPlan plan, SoundLoaderOptions options, ulong seed)
    {
        (this.dataset, this.plan, this.options, this.seed) = (dataset, plan, options, seed);
        renderer = new SoundRenderer(options.Input);
        augmentation = new SoundAugmentation(options.Augmentation, dataset.Rate);
    }

    protected override void Prepare(int length)
    {
        wanted = options.CropSeconds is { } seconds ? (int)Math.Round(seconds * dataset.Rate)
            : SoundRenderer.Rounded(augmentation.Most(Place.Order.AsSpan(Place.First, length).ToArray().Max(dataset.Samples)), SoundForm.Wave);
        Shape shape = renderer.Shape(length * plan.ViewCount, renderer.Length(wanted));
        if (views is null || views.Shape != shape)
        {
            views = Tensor.Lasting(shape);
        }

        lengths = new int[length * plan.ViewCount];
        starts = new int[length * plan.ViewCount];
    }

    protected override int Make(int place)
    {
        (int own, int shown, float[] first) = Decode(place, dataset, item => Read(Place.Order[Place.First + place], item, 0).Samples);
        for (int view = 0; view < plan.ViewCount; view++)
        {
            int row = (view * Items.Length) + place, width = views!.Length / views.Shape[0], crop = plan.SameCrop ? 0 : view;
            (starts[row], float[]? read) = view == 0 || plan.SameCrop ? (Start(own, shown, 0), first) : Read(own, shown, view);
            lengths[row] = Write(read ?? first, Place.First + place, crop, new RandomSequence(seed, Philox.Mix(Philox.Mix(ChangeStream, (ulong)own), (ulong)view), Epoch), views.Span.Slice(row * width, width));
        }

        return shown;
    }

    protected override Batch Compose() => new(views!, plan.ViewCount, Items, dataset.Labels is { } all ? Array.ConvertAll(Items, i => all[i]) : null)
    {
        Lengths = lengths,
        Starts = starts,
        Speakers = dataset.Speakers is { } who ? Array.ConvertAll(Items, i => who[i]) : null,
    };

    /// <summary>Writes a view of what was read, changed, and gives its length along time.</summary>
    private int Write(float[] read, int own, int crop, RandomSequence random, Span<float> view)
    {
        // Who is mixed in shows the crop that is its own.
        float[]? Other(int place) => Read(Place.Order[place], Place.Order[place], crop).Samples;
        int OtherFrames(int place, Span<float> frames) => Other(place) is { } samples ? renderer.Write(Kept(samples), frames) : 0;

        float[] samples = augmentation.Samples(read, wanted, (Place.Order.Length, own), Other, ref random);
        int length = renderer.Write(samples, view);
        if (options.Augmentation.ChangesFrames)
        {
            augmentation.Frames(view[..(length * options.Input.Width)], options.Input.Width, own, OtherFrames, ref random);
        }

        return length;
    }

    private ReadOnlySpan<float> Kept(float[] samples) => samples.AsSpan(0, Math.Min(samples.Length, wanted));

    /// <summary>Where a view of an item begins, and its samples with what a higher speed needs of them; null where the item cannot be decoded.</summary>
    private (int Start, float[]? Samples) Read(int own, int shown, int view)
    {
        int start = Start(own, shown, view);
        return (start, dataset.TryRead(shown, start, options.CropSeconds is null ? wanted : augmentation.Reads(wanted)));
    }

    private int Start(int own, int shown, int view)
    {
        if (options.CropSeconds is null)
        {
            return 0;
        }

        var random = new RandomSequence(seed, Philox.Mix(Philox.Mix(CropStream, (ulong)own), (ulong)view), Epoch);
        int places = Math.Max(0, (dataset.Samples(shown) - augmentation.Reads(wanted)) / options.AlignTo) + 1;
        return random.NextInt(places) * options.AlignTo;
    }
}
