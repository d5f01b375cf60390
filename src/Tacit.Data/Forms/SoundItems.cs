using System.Collections.Concurrent;
using Tacit.Data.Files;
using Tacit.Data.Sounds;

namespace Tacit.Data.Forms;

/// <summary>The recordings of a data set: what is known of them, and how to get at each. Thread-safe.</summary>
internal abstract class SoundItems(ItemList list)
{
    /// <summary>Frames that are listened to at a time.</summary>
    protected const int PieceFrames = 1 << 14;

    public ItemList List { get; } = list;

    /// <summary>Who speaks, per item; null where nothing says it.</summary>
    public virtual string?[]? Speakers => null;

    /// <summary>What is said, per item; null where nothing says it.</summary>
    public virtual string?[]? Texts => null;

    /// <summary>Whether what is decoded is worth keeping.</summary>
    public virtual bool MayKeep => true;

    /// <summary>The item's bytes as stored, or another number that changes with it.</summary>
    public abstract long Length(int item);

    /// <summary>Where an item begins in its recording, and how many samples it has at this rate, from headers alone.</summary>
    public abstract (long Start, int Samples) Span(int item, int rate);

    /// <summary>Some samples of an item at this rate, one channel; fewer where it ends.</summary>
    public abstract float[] Read(int item, int rate, int start, int count);

    /// <summary>What an item's header says.</summary>
    public abstract SoundInfo Identify(int item);

    /// <summary>Goes through the samples of an item as they are stored, channels interleaved, a piece at a time.</summary>
    /// <param name="item">The item.</param>
    /// <param name="hear">Is shown each piece.</param>
    /// <returns>What is odd about the file although it can be read.</returns>
    /// <exception cref="SoundException">It cannot be decoded to its end.</exception>
    public abstract IReadOnlyList<string> Listen(int item, Action<ReadOnlySpan<float>> hear);
}

/// <summary>Recordings that are files, or parts of files.</summary>
internal sealed class EncodedSounds(FileSet files, FileItems items) : SoundItems(items)
{
    private readonly ConcurrentDictionary<int, long> counted = new();

    public override string?[]? Speakers { get; } = items.Speakers ?? SpeakerNames.Of(items.Names);

    public override string?[]? Texts => items.Texts;

    public override long Length(int item) => items.Entries[item].Length;

    public override (long Start, int Samples) Span(int item, int rate)
    {
        SoundInfo info = Identify(item);
        (double start, double end) = Part(item, info.Rate, info.Frames >= 0 ? info.Frames : counted.GetOrAdd(item, Count));
        double samples = Math.Ceiling((end - start) * rate / info.Rate);
        return samples < 1 ? throw new SoundException("It holds no sound.")
            : samples > int.MaxValue ? throw new SoundException("It is longer than 37 hours: cut it into parts.")
            : ((long)Math.Round(start * rate / info.Rate), (int)samples);
    }

    public override float[] Read(int item, int rate, int start, int count)
    {
        (long first, int samples) = Span(item, rate);
        using var stream = new EntryStream(files, items.Entries[item]);
        return SoundDecoder.Mono(stream, stream.Length, rate, first + start, Math.Min(count, samples - start));
    }

    public override SoundInfo Identify(int item)
    {
        using var stream = new EntryStream(files, items.Entries[item]);
        return SoundDecoder.Identify(stream, stream.Length);
    }

    public override IReadOnlyList<string> Listen(int item, Action<ReadOnlySpan<float>> hear)
    {
        using SoundReader reader = SoundDecoder.Open(new EntryStream(files, items.Entries[item]), items.Entries[item].Length);
        int channels = reader.Info.Channels;
        (double start, double end) = Part(item, reader.Info.Rate, reader.Info.Frames >= 0 ? reader.Info.Frames : long.MaxValue);
        long left = (long)(Math.Ceiling(end) - Math.Floor(start));
        reader.Seek((long)start);
        float[] piece = new float[PieceFrames * channels];
        for (int got = 1; left > 0 && got > 0; left -= got / channels)
        {
            got = reader.Read(piece.AsSpan(0, (int)Math.Min(PieceFrames, left) * channels));
            hear(piece.AsSpan(0, got));
        }

        return reader.Warnings;
    }

    /// <summary>Where an item begins and ends in its file, in frames.</summary>
    private (double Start, double End) Part(int item, int rate, double frames)
    {
        (double? from, double? to) = items.Parts?[item] ?? (null, null);
        return (Math.Min((from ?? 0) * rate, frames), Math.Min(to is { } t ? t * rate : frames, frames));
    }

    /// <summary>The frames of a file that does not say it: by decoding all of it once.</summary>
    private long Count(int item)
    {
        using SoundReader reader = SoundDecoder.Open(new EntryStream(files, items.Entries[item]), items.Entries[item].Length);
        float[] piece = new float[PieceFrames * reader.Info.Channels];
        long samples = 0;
        for (int got; (got = reader.Read(piece)) > 0; samples += got)
        {
        }

        return samples / reader.Info.Channels;
    }
}

/// <summary>Recordings that are already there, for built-in data and tests.</summary>
internal sealed class HeldSounds(ItemList list, IReadOnlyList<float[]> sounds, int ownRate, string?[]? speakers) : SoundItems(list)
{
    public override string?[]? Speakers => speakers;

    public override bool MayKeep => false;

    public override long Length(int item) => sounds[item].Length * sizeof(float);

    public override (long Start, int Samples) Span(int item, int rate) => (0, At(item, rate).Length);

    public override float[] Read(int item, int rate, int start, int count)
    {
        float[] all = At(item, rate);
        return all.AsSpan(start, Math.Min(count, all.Length - start)).ToArray();
    }

    private float[] At(int item, int rate) => rate == ownRate ? sounds[item] : new Resampler(ownRate, rate).Resample(sounds[item]);

    public override SoundInfo Identify(int item) => new("samples", ownRate, 1, 32, sounds[item].Length);

    public override IReadOnlyList<string> Listen(int item, Action<ReadOnlySpan<float>> hear)
    {
        hear(sounds[item]);
        return [];
    }
}

/// <summary>Parts of the recordings of another data set, which keeps what is decoded.</summary>
internal sealed class PieceSounds(SoundDataset whole, IReadOnlyList<(int Item, long Start, int Samples)> parts, bool bySpeaker = false) : SoundItems(Cut(whole, parts, bySpeaker))
{
    /// <summary>Whether they are parts of recordings that were given as samples.</summary>
    public bool InMemory => whole.InMemory;

    public override string?[]? Speakers { get; } = whole.Speakers is { } all
        ? [.. parts.Select(p => all[p.Item] < 0 ? null : whole.SpeakerNames[all[p.Item]])]
        : null;

    public override string?[]? Texts { get; } = whole.Texts is { } texts
        ? [.. parts.Select(p => p.Start == 0 && p.Samples == whole.Samples(p.Item) ? texts[p.Item] : null)]
        : null;

    public override bool MayKeep => false;

    public override long Length(int item) => whole.Items.Length(parts[item].Item);

    public override (long Start, int Samples) Span(int item, int rate) => (parts[item].Start, parts[item].Samples);

    public override float[] Read(int item, int rate, int start, int count)
    {
        (int own, long from, int samples) = parts[item];
        return whole.TryRead(own, (int)from + start, Math.Min(count, samples - start)) ?? throw new SoundException(whole.Broken.First(b => b.Name == whole.Names[own]).Reason);
    }

    public override SoundInfo Identify(int item) => new("samples", whole.Rate, 1, 32, parts[item].Samples);

    public override IReadOnlyList<string> Listen(int item, Action<ReadOnlySpan<float>> hear)
    {
        for (int at = 0; at < parts[item].Samples; at += PieceFrames)
        {
            hear(Read(item, whole.Rate, at, PieceFrames));
        }

        return [];
    }

    private static ItemList Cut(SoundDataset whole, IReadOnlyList<(int Item, long Start, int Samples)> parts, bool bySpeaker) => new()
    {
        Form = whole.Form,
        Names = [.. parts.Select(p => p.Start == 0 && p.Samples == whole.Samples(p.Item)
            ? whole.Names[p.Item]
            : FormattableString.Invariant($"{whole.Names[p.Item]}[{(double)p.Start / whole.Rate:0.###}:{(double)(p.Start + p.Samples) / whole.Rate:0.###}]"))],
        Labels = bySpeaker ? [.. parts.Select(p => whole.Speakers![p.Item])] : whole.Labels is { } labels ? [.. parts.Select(p => labels[p.Item])] : null,
        Classes = bySpeaker ? [.. whole.SpeakerNames] : [.. whole.Classes],
        Broken = [.. whole.Broken],
        Warnings = [.. whole.Warnings],
        Ignored = whole.Ignored,
    };
}
