using Tacit.Data.Augment;
using Tacit.Data.Pictures;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>A batch of pictures in the making.</summary>
internal sealed unsafe class PictureBuffer(PictureDataset dataset, ViewPlan plan, Normalization normalization, ulong seed) : BatchBuffer
{
    private static readonly ulong Stream = Philox.Hash("augmentation");

    private readonly Func<int, Picture?> decode = dataset.TryDecode;      // made once: a batch allocates next to nothing
    private Tensor? views, locals;

    /// <summary>The side of the next batch's views in pixels.</summary>
    public int Side { get; set; }

    protected override void Prepare(int length)
    {
        var shape = new Shape(length * plan.ViewCount, Side, Side, 3);
        if (views is null || views.Shape != shape)
        {
            int local = plan.LocalSide(Side);
            views = Tensor.Lasting(shape);
            locals = plan.LocalCount > 0 ? Tensor.Lasting(new Shape(length * plan.LocalCount, local, local, 3)) : null;
        }
    }

    protected override int Make(int place)
    {
        (int own, int shown, Picture picture) = Decode(place, dataset, decode);
        for (int view = 0; view < plan.ViewCount + plan.LocalCount; view++)
        {
            var random = new RandomSequence(seed, Philox.Mix(Philox.Mix(Stream, (ulong)own), (ulong)view), Epoch);
            bool local = view >= plan.ViewCount;
            Tensor into = local ? locals! : views!;
            int row = ((local ? view - plan.ViewCount : view) * Items.Length) + place;
            plan.Render(picture, view, into.Shape[1], normalization, ref random, into.Data + ((long)row * (into.Length / into.Shape[0])));
        }

        return shown;
    }

    protected override Batch Compose()
    {
        int[]? labels = dataset.Labels is { } all ? Array.ConvertAll(Items, i => all[i]) : null;
        return new Batch(views!, plan.ViewCount, Items, labels) { Locals = locals, Normalization = normalization };
    }
}
