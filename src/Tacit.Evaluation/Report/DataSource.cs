using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Tensors;
using Tensor = Tacit.Tensors.Tensor;

namespace Tacit.Evaluation.Report;

/// <summary>A data set that runs are looked at with: its samples, and what encoders are judged on.</summary>
internal sealed class DataSource : IDisposable
{
    /// <summary>Pictures that are shown as points.</summary>
    public const int MostPictures = 1200;

    /// <summary>Recordings or texts that are shown as points.</summary>
    public const int MostOthers = 600;

    private const int ThumbSide = 32, Letters = 280, Rows = 8;
    private const double ShortestClip = 1.6, LongestClip = 4;

    /// <summary>Bytes of sound in the page, at most.</summary>
    private const int SoundBudget = 5_000_000;

    private static readonly ulong Stream = Philox.Hash("report", "samples");

    private readonly Dataset opened;
    private readonly Dataset? openedTest;

    public DataSource(string path, string? test, ulong seed)
    {
        opened = Pieces(Dataset.Open(path));
        openedTest = test is null ? null : Dataset.Open(test, Split.Test);
        Seed = seed;
        int most = opened is PictureDataset ? MostPictures : MostOthers;
        int[] order = Philox.Permutation(opened.Count, seed, Stream, 0);
        Items = [.. order[..Math.Min(most, order.Length)].Order()];
        (Classes, By, Labels) = opened.Labels is { } labels ? (opened.Classes, "class", labels)
            : opened is SoundDataset { Speakers: { } who } sounds ? (sounds.SpeakerNames, "speaker", who)
            : ([], null, null);
    }

    public ulong Seed { get; }

    public Dataset Data => opened;

    /// <summary>What encoders are judged on; null for cross-validation.</summary>
    public Dataset? Test => openedTest;

    /// <summary>The samples' numbers in the data set, ascending.</summary>
    public int[] Items { get; }

    /// <summary>What the samples are coloured by.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>class, speaker, or null for nothing.</summary>
    public string? By { get; }

    /// <summary>One an item of the data set, or null.</summary>
    public int[]? Labels { get; }

    /// <summary>Some items at a rate, as a data set of their own.</summary>
    public Dataset Only(int[] items, int? rate = null) => (opened is SoundDataset sounds && rate is { } r ? sounds.At(r) : opened).Only(items);

    /// <summary>A few samples, as different as their classes.</summary>
    /// <param name="count">How many at most.</param>
    public int[] Few(int count = Rows)
    {
        var chosen = new List<int>();
        int[] order = Philox.Permutation(Items.Length, Seed, Philox.Hash("report", "few"), 0);
        foreach (int place in order.OrderBy(p => Rank(order, p)).ThenBy(p => Array.IndexOf(order, p)).Take(count))
        {
            chosen.Add(Items[place]);
        }

        return [.. chosen.OrderBy(i => Labels?[i] ?? 0)];
    }

    public DataModel Model()
    {
        SampleModel[] samples = [.. Items.Select(i => new SampleModel(opened.Names[i], Labels?[i] ?? -1))];
        switch (opened)
        {
            case PictureDataset pictures:
                Thumbnails(pictures, samples);
                break;
            case SoundDataset sounds:
                Clips(sounds, samples);
                break;
            case TextDataset texts:
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = samples[i] with { Text = Beginning(texts, Items[i]) };
                }

                break;
        }

        return new DataModel(opened.Path, opened.Word, opened.Count, Classes, By, samples);
    }

    public void Dispose()
    {
        opened.Dispose();
        openedTest?.Dispose();
    }

    /// <summary>How many of its class come before a sample.</summary>
    private int Rank(int[] order, int place) =>
        Labels is not { } labels ? 0 : order.TakeWhile(p => p != place).Count(p => labels[Items[p]] == labels[Items[place]]);

    private void Thumbnails(PictureDataset pictures, SampleModel[] samples)
    {
        foreach (Batch batch in EvaluationBatches.Of(pictures, ThumbSide, Normalization.None, 256, Items))
        {
            for (int row = 0; row < batch.Size; row++)
            {
                int place = Array.BinarySearch(Items, batch.Items[row]);
                samples[place] = samples[place] with { Picture = DataUri.Of(batch.Views, row, Normalization.None) };
            }
        }
    }

    /// <summary>Texts without labels, which may be one long document, as their paragraphs.</summary>
    private static Dataset Pieces(Dataset opened)
    {
        if (opened is not TextDataset { Labels: null } texts)
        {
            return opened;
        }

        using (texts)
        {
            string[] paragraphs = [.. texts.Documents()
                .SelectMany(document => System.Text.Encoding.UTF8.GetString(document).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
            return paragraphs.Length > 0 ? TextDataset.Of(texts.Path, paragraphs) : throw new TacitException($"The texts in '{texts.Path}' are empty.");
        }
    }

    /// <summary>As many sounds as the budget holds, spread over the samples; of few samples longer ones.</summary>
    private void Clips(SoundDataset sounds, SampleModel[] samples)
    {
        int left = SoundBudget;
        double seconds = Math.Clamp(SoundBudget / (samples.Length * DataUri.Rate * 4 / 3.0), ShortestClip, LongestClip);
        foreach (int place in Philox.Permutation(samples.Length, Seed, Philox.Hash("report", "clips"), 0))
        {
            if (sounds.TryRead(Items[place], 0, (int)(LongestClip * sounds.Rate)) is { Length: > 0 } read)
            {
                string clip = DataUri.Wav(read, sounds.Rate, seconds, 1);
                left -= clip.Length;
                samples[place] = samples[place] with { Picture = DataUri.Thumbnail(read, sounds.Rate), Sound = left >= 0 ? clip : null };
            }
        }
    }

    private static string Beginning(TextDataset texts, int item)
    {
        string text = texts.TryRead(item) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 4 * Letters))) : "";
        return text.Length <= Letters ? text : text[..Letters] + "…";
    }
}
