using Tacit.Data.Files;
using Tacit.Data.Sounds;

namespace Tacit.Data.Forms;

/// <summary>The recordings of a data set: what is known of them, and how to get at each. Thread-safe.</summary>
internal abstract class SoundItems(ItemList list)
{
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
}

/// <summary>Recordings that are files, or parts of files.</summary>
internal sealed class EncodedSounds(FileSet files, FileItems items) : SoundItems(items)
{
    public override string?[]? Speakers { get; } = items.Speakers ?? SpeakerNames.Of(items.Names);

    public override string?[]? Texts => items.Texts;

    public override long Length(int item) => items.Entries[item].Length;

    public override (long Start, int Samples) Span(int item, int rate)
    {
        SoundInfo info = Identify(item);
        double frames = info.Frames >= 0 ? info.Frames : throw new SoundException("Its header does not say how long it is.");
        (double? from, double? to) = items.Parts?[item] ?? (null, null);
        double start = Math.Min((from ?? 0) * info.Rate, frames), end = Math.Min(to is { } t ? t * info.Rate : frames, frames);
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
}

/// <summary>Recordings that are already there, for built-in data and tests.</summary>
internal sealed class HeldSounds(ItemList list, IReadOnlyList<float[]> sounds, int ownRate, string?[]? speakers) : SoundItems(list)
{
    public override string?[]? Speakers => speakers;

    public override bool MayKeep => false;

    public override long Length(int item) => sounds[item].Length * sizeof(float);

    public override (long Start, int Samples) Span(int item, int rate) => (0, sounds[item].Length);

    public override float[] Read(int item, int rate, int start, int count) =>
        sounds[item].AsSpan(start, Math.Min(count, sounds[item].Length - start)).ToArray();

    public override SoundInfo Identify(int item) => new("samples", ownRate, 1, 32, sounds[item].Length);
}

/// <summary>Parts of the recordings of another data set, which keeps what is decoded.</summary>
internal sealed class PieceSounds(SoundDataset whole, IReadOnlyList<(int Item, long Start, int Samples)> parts, bool bySpeaker = false) : SoundItems(Cut(whole, parts, bySpeaker))
{
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

    public override SoundInfo Identify(int item) => whole.Items.Identify(parts[item].Item);

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
