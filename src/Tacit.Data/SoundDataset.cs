using Tacit.Data.Files;
using Tacit.Data.Forms;
using Tacit.Data.Sounds;
using Tacit.Tensors;

namespace Tacit.Data;

/// <summary>
/// Recordings with names and, where the data says so, labels, speakers and transcripts; each is read as one channel at one rate.
/// An item may be a part of a recording: what is long is never read as a whole.
/// </summary>
public sealed class SoundDataset : Dataset
{
    /// <summary>Recordings of at most so many seconds are kept once they are decoded.</summary>
    private const double LongestKept = 60;

    private readonly SoundItems items;
    private readonly float[]?[] held;
    private readonly (long Start, int Samples)?[] spans;
    private long heldBytes;

    private SoundDataset(string path, FileSet? files, SoundItems items, int rate) : base(path, files, items.List)
    {
        this.items = items;
        Rate = rate;
        held = new float[]?[Count];
        spans = new (long, int)?[Count];
        (SpeakerNames, Speakers) = ClassNames.Number(items.Speakers ?? new string?[Count]) is var (names, numbers) ? (names, numbers) : ([], null);
    }

    public override string Modality => "speech";

    public override string Word => "recordings";

    /// <summary>Whether the recordings were given as samples, so that names and sizes do not tell them from others.</summary>
    public bool InMemory => items is HeldSounds or PieceSounds { InMemory: true };

    /// <summary>Samples a second that all recordings are read at.</summary>
    public int Rate { get; }

    /// <summary>Names of those who speak, by number.</summary>
    public IReadOnlyList<string> SpeakerNames { get; }

    /// <summary>One number per item of who speaks, -1 where that is not known; null where nothing says it.</summary>
    public int[]? Speakers { get; }

    /// <summary>What is said, per item; null where nothing says it.</summary>
    public IReadOnlyList<string?>? Texts => items.Texts;

    /// <summary>Decoded recordings are kept until they would take more than this many bytes.</summary>
    public long CacheBytes { get; set; } = Math.Min(4L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>
    /// Opens a folder, archive or file: a manifest, a LibriSpeech tree, WebDataset, names like FSDD's, class folders or a flat folder, the
    /// first that fits in this order, each also within a .tar. Nothing is decoded yet.
    /// </summary>
    /// <param name="path">The folder, .tar, manifest or recording.</param>
    /// <param name="rate">Samples a second that recordings are read at.</param>
    /// <exception cref="TacitException">Nothing is there, or nothing in it can be used; the message says what to do.</exception>
    public static SoundDataset Open(string path, int rate = 16000)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Opened(path, files => Of(files, rate));
    }

    /// <summary>The recordings of an open set, which is the data set's from then on.</summary>
    internal static SoundDataset Of(FileSet files, int rate = 16000) => new(files.Path, files, new EncodedSounds(files, Recognise(files)), rate);

    /// <summary>A data set of recordings that are already in memory.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="sounds">Samples of one channel each.</param>
    /// <param name="rate">Their samples a second.</param>
    /// <param name="labels">One class number per recording, or null.</param>
    /// <param name="speakers">One name per recording, or null.</param>
    public static SoundDataset Of(string name, IReadOnlyList<float[]> sounds, int rate = 16000, int[]? labels = null, IReadOnlyList<string>? speakers = null)
    {
        ArgumentNullException.ThrowIfNull(sounds);
        var list = new ItemList
        {
            Form = "recordings in memory",
            Names = [.. Enumerable.Range(0, sounds.Count).Select(i => $"{i:D5}")],
            Labels = labels,
            Classes = labels is null ? [] : [.. Enumerable.Range(0, labels.Max() + 1).Select(i => $"{i}")],
        };
        return new SoundDataset(name, null, new HeldSounds(list, sounds, rate, speakers is null ? null : [.. speakers]), rate);
    }

    /// <summary>The same recordings at another rate; these, where they have it.</summary>
    public SoundDataset At(int rate) => rate == Rate ? this
        : items is PieceSounds ? throw new InvalidOperationException("Recordings change their rate before they are cut into pieces.")
        : new SoundDataset(Path, null, items, rate);

    /// <summary>The same recordings, each cut into equal pieces of at most so many seconds, which are then the items.</summary>
    /// <remarks>Pieces keep labels, speakers and, where a recording stays whole, its text. Recordings that cannot be read stay out.</remarks>
    /// <exception cref="TacitException">None of the recordings can be read.</exception>
    public SoundDataset Cut(double seconds)
    {
        int most = (int)Math.Max(1, seconds * Rate);
        var parts = new List<(int Item, long Start, int Samples)>();
        for (int item = 0; item < Count; item++)
        {
            int all = Samples(item), pieces = (int)(((long)all + most - 1) / most);
            for (int p = 0; p < pieces; p++)
            {
                int from = (int)((long)all * p / pieces);
                parts.Add((item, from, (int)((long)all * (p + 1) / pieces) - from));
            }
        }

        return parts.Count == 0 ? throw AllBroken() : new SoundDataset(Path, null, new PieceSounds(this, parts), Rate);
    }

    /// <summary>The recordings labelled by who speaks: the task of telling speakers apart.</summary>
    /// <exception cref="TacitException">Nothing says who speaks.</exception>
    public SoundDataset BySpeaker() => Speakers is null
        ? throw new TacitException($"Nothing in '{Path}' says who speaks: give a manifest with a speaker column.")
        : new SoundDataset(Path, null, new PieceSounds(this, [.. Enumerable.Range(0, Count).Select(i => (i, 0L, Samples(i))).Where(p => p.Item3 > 0)], bySpeaker: true), Rate);

    /// <remarks>Recordings whose length cannot be read stay out.</remarks>
    public override Dataset Only(int[] items)
    {
        (int, long, int)[] whole = [.. items.Select(i => (i, 0L, Samples(i))).Where(p => p.Item3 > 0)];
        return whole.Length == 0 ? throw AllBroken() : new SoundDataset(Path, null, new PieceSounds(this, whole), Rate);
    }

    /// <summary>How many samples an item has at <see cref="Rate"/>, from its header; 0 where that cannot be read.</summary>
    public int Samples(int item)
    {
        (long, int)? span = spans[item];
        if (span is null)
        {
            span = Try<(long, int)?>(item, i => items.Span(i, Rate)) ?? (0, 0);
            spans[item] = span;
        }

        return span.Value.Item2;
    }

    /// <summary>Seconds of all items together, by their headers.</summary>
    public double Seconds() => Enumerable.Range(0, Count).Sum(i => (double)Samples(i)) / Rate;

    /// <summary>Some samples of an item, or null where it cannot be decoded; <see cref="Dataset.Broken"/> then names it.</summary>
    /// <param name="item">The item.</param>
    /// <param name="start">The first sample within the item.</param>
    /// <param name="count">How many; fewer come back where the item ends, or where its header promised more than there is.</param>
    public float[]? TryRead(int item, int start, int count)
    {
        if (held[item] is { } kept)
        {
            return Part(kept, start, count);
        }

        int all = Samples(item);
        if (all == 0)
        {
            return null;
        }

        bool keep = all <= LongestKept * Rate && items.MayKeep, whole = keep || (start == 0 && count >= all);
        float[]? read = whole
            ? Try(item, i => SoundCheck(items.Read(i, Rate, 0, all)))
            : Try(item, i => items.Read(i, Rate, start, Math.Min(count, all - start)), whole: false);
        if (read is null || !keep)
        {
            return read;
        }

        // What is kept depends on who came first, but a kept recording equals a decoded one.
        const int Overhead = 96;
        long bytes = (read.Length * sizeof(float)) + Overhead;
        if (Interlocked.Add(ref heldBytes, bytes) > CacheBytes || Interlocked.CompareExchange(ref held[item], read, null) is not null)
        {
            Interlocked.Add(ref heldBytes, -bytes);
        }

        return Part(read, start, count);
    }

    /// <summary>An item as a whole.</summary>
    /// <exception cref="TacitException">It cannot be decoded; the message names it.</exception>
    public float[] Read(int item) =>
        TryRead(item, 0, int.MaxValue) ?? throw new TacitException($"{Names[item]} in {Path} cannot be used: {ReasonOf(item)}");

    /// <summary>Listens to every recording: counts, lengths, formats, rates, and what is odd or cannot be used.</summary>
    public SoundSummary Inspect() => SoundInspection.Of(this);

    internal SoundItems Items => items;

    private protected override long Size(int item) => items.Length(item);

    private static float[] Part(float[] all, int start, int count) =>
        start == 0 && count >= all.Length ? all : all.AsSpan(Math.Min(start, all.Length), Math.Min(count, all.Length - Math.Min(start, all.Length))).ToArray();

    private static float[] SoundCheck(float[] samples) =>
        samples.Length == 0 ? throw new SoundException("It holds no sound.")
        : samples.AsSpan().IndexOfAnyExcept(samples[0]) < 0 && samples.Length > 1 ? throw new SoundException("It is silent: all its samples are the same.")
        : samples;

    private static FileItems Recognise(FileSet files)
    {
        bool single = files is FolderFiles && File.Exists(files.Path);
        FileItems? found = ManifestForm.Open(files, given: single && ManifestForm.IsManifestName(files.Path)) ?? LibriSpeechForm.Open(files)
            ?? WebDatasetForm.Open(files, MediaKind.Sound) ?? DigitNamesForm.Open(files) ?? FolderForm.Open(files, MediaKind.Sound);
        if (found is null)
        {
            throw new TacitException($"{files.Path} holds no recording: give a folder or .tar of WAV, FLAC or SPHERE files, or a manifest.");
        }

        if (found.Names.Length == 0)
        {
            BrokenItem first = found.Broken.Count > 0 ? found.Broken[0] : new BrokenItem(files.Path, "It holds no rows.");
            throw new TacitException($"None of the recordings in {files.Path} can be used; the first is {first.Name}: {first.Reason}");
        }

        return found;
    }
}
