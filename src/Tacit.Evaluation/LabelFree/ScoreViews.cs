using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>Several augmented views of some items, the same for every encoder that takes the same input.</summary>
/// <remarks>
/// One chain for all encoders, so that none is judged by the changes it was trained to overlook alone: of pictures SimCLR's crops and
/// colours, of recordings two seconds from anywhere, with noise of 5 to 20 dB, an echo half of the time and up to 6 dB more or less.
/// </remarks>
internal static class ScoreViews
{
    /// <summary>Views of each item.</summary>
    public const int Count = 10;

    /// <summary>Items at most.</summary>
    public const int MostItems = 512;

    private const int BatchSize = 64;
    private const double Seconds = 2;

    /// <summary>[Count · n, D]: the first view of every item, then the second of every item …</summary>
    /// <returns>Null for texts, of which there are no views; otherwise the views and n.</returns>
    public static (Tensor Features, int Items)? Of(Encoder encoder, Dataset data, ulong seed, CancellationToken stop)
    {
        int batch = Math.Min(BatchSize, data.Count), batches = Math.Min(MostItems, data.Count) / batch, items = batch * batches;
        if (items < 2)
        {
            return null;
        }

        using Loader? loader = Loads(encoder.Input, data, batch, Philox.Mix(seed, Philox.Hash("score views")));
        if (loader is null)
        {
            return null;
        }

        var all = Tensor.Lasting(new Shape(Count * items, encoder.Dim));
        for (int b = 0; b < batches; b++)
        {
            stop.ThrowIfCancellationRequested();
            Batch seen = loader.At(b);
            for (int view = 0; view < Count; view++)
            {
                using Scope scope = Scope.NoGradient();
                encoder.Of(seen, view).Span.CopyTo(all.Rows((view * items) + (b * batch), batch).Span);
            }
        }

        return (all, items);
    }

    private static Loader? Loads(InputFormat input, Dataset data, int batch, ulong seed) => (input, data) switch
    {
        (PictureInput picture, PictureDataset pictures) => new PictureLoader(
            pictures,
            ViewPlan.Crops([.. Enumerable.Repeat(new AugmentationOptions(), Count)], picture.Size),
            new LoaderOptions { BatchSize = batch, Normalization = picture.Normalization },
            seed),
        (SoundInput sound, SoundDataset sounds) => new SoundLoader(
            sounds.At(sound.Rate),
            new SoundPlan(Count, SameCrop: false),
            new SoundLoaderOptions
            {
                BatchSize = batch,
                Input = sound,
                CropSeconds = Seconds,
                Augmentation = new SoundAugmentationOptions { NoiseProbability = 1, ReverbProbability = 0.5f, GainDecibels = 6 },
            },
            seed),
        _ => null,
    };
}
