using Tacit.Data.Features;
using Tacit.Tensors;

namespace Tacit.Data.Loading;

/// <summary>Recordings as an encoder of sound takes them: whole, with lengths, the shorter ones of a batch padded with zeros.</summary>
public sealed record SoundInput : InputFormat
{
    /// <summary>What is longer is judged by its beginning.</summary>
    public const double LongestSeconds = 60;

    /// <summary>Seconds of a batch, its padding included, so that long recordings make small batches.</summary>
    private const double BatchSeconds = 80;

    public override string Modality => "speech";

    public SoundForm Form { get; init; } = SoundForm.Wave;

    /// <summary>Samples a second.</summary>
    public int Rate { get; init; } = 16000;

    /// <summary>Mel bins of a frame; 0 for waveforms.</summary>
    public int Mels { get; init; } = 80;

    /// <summary>How many times differences over time are appended to frames: 2 makes 80 bins 240 numbers.</summary>
    public int Deltas { get; init; }

    /// <summary>Whether each item is normalised by its own mean and deviation: frames per feature, waveforms as a whole.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Taken off every number of a log-mel picture.</summary>
    public float Mean { get; init; }

    /// <summary>Every number of a log-mel picture is divided by it.</summary>
    public float Deviation { get; init; } = 1;

    /// <summary>Numbers per frame; 1 for waveforms.</summary>
    public int Width => Form == SoundForm.Wave ? 1 : Mels * (1 + Deltas);

    public override IEnumerable<Batch> Batches(Dataset dataset, int batchSize, int[]? items = null)
    {
        SoundDataset sounds = Of<SoundDataset>(dataset);
        items ??= [.. Enumerable.Range(0, sounds.Count)];
        return Enumerate(sounds.At(Rate), batchSize, items);
    }

    private IEnumerable<Batch> Enumerate(SoundDataset sounds, int batchSize, int[] items)
    {
        var renderer = new SoundRenderer(this);
        bool any = false;
        foreach (int[] chosen in Group(sounds, batchSize, items))
        {
            float[]?[] read = new float[]?[chosen.Length];
            var body = new Reading { Sounds = sounds, Items = chosen, Read = read, Most = (int)(LongestSeconds * Rate) };
            WorkerPool.Shared.For(chosen.Length, ref body);
            int[] usable = [.. Enumerable.Range(0, chosen.Length).Where(i => read[i] is not null)];
            if (usable.Length == 0)
            {
                continue;
            }

            any = true;
            int[] shown = [.. usable.Select(i => chosen[i])], lengths = [.. usable.Select(i => renderer.Length(read[i]!.Length))];
            Tensor views = Tensor.Lasting(renderer.Shape(usable.Length, Form == SoundForm.Picture ? lengths.Max() : SoundRenderer.Rounded(lengths.Max(), Form)));
            var render = new Rendering { Renderer = renderer, Samples = [.. usable.Select(i => read[i]!)], Views = views };
            WorkerPool.Shared.For(usable.Length, ref render);
            int[]? labels = sounds.Labels is { } all ? Array.ConvertAll(shown, i => all[i]) : null;
            yield return new Batch(views, 1, shown, labels)
            {
                Lengths = lengths,
                Starts = new int[shown.Length],
                Speakers = sounds.Speakers is { } who ? Array.ConvertAll(shown, i => who[i]) : null,
            };
        }

        if (!any && items.Length > 0)
        {
            throw sounds.AllBroken();
        }
    }

    /// <summary>The items in their order, as many at a time as the budget of seconds holds. Pictures of sound come together where they are of one length, since networks of pictures see padding.</summary>
    private IEnumerable<int[]> Group(SoundDataset sounds, int batchSize, int[] items)
    {
        var group = new List<int>();
        double longest = 0;
        foreach (int item in items)
        {
            double seconds = Math.Min(LongestSeconds, (double)sounds.Samples(item) / sounds.Rate);
            bool fits = Form != SoundForm.Picture || seconds == longest;
            if (group.Count > 0 && (!fits || group.Count == batchSize || Math.Max(longest, seconds) * (group.Count + 1) > BatchSeconds))
            {
                yield return [.. group];
                group.Clear();
                longest = 0;
            }

            group.Add(item);
            longest = Math.Max(longest, seconds);
        }

        if (group.Count > 0)
        {
            yield return [.. group];
        }
    }

    private struct Reading : IBlockBody
    {
        public SoundDataset Sounds;
        public int[] Items;
        public float[]?[] Read;
        public int Most;

        public readonly void Invoke(int block) => Read[block] = Sounds.TryRead(Items[block], 0, Most);
    }

    private struct Rendering : IBlockBody
    {
        public SoundRenderer Renderer;
        public float[][] Samples;
        public Tensor Views;

        public readonly void Invoke(int block)
        {
            int row = Views.Length / Views.Shape[0];
            _ = Renderer.Write(Samples[block], Views.Span.Slice(block * row, row));
        }
    }
}
