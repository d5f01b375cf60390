using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tacit.Data.Files;
using Tacit.Data.Forms;
using Tacit.Data.Pictures;
using Tacit.Data.Sounds;

namespace Tacit.Data;

/// <summary>
/// Items with names and, where the data says so, labels. Items are numbered in an order that does not depend on the machine.
/// An item that cannot be decoded is named in <see cref="Broken"/> and skipped by those who read. Thread-safe.
/// </summary>
public abstract class Dataset : IDisposable
{
    private readonly FileSet? files;
    private readonly ItemList list;
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, string> broken = new(StringComparer.Ordinal);
    private readonly bool[] unusable;

    private protected Dataset(string path, FileSet? files, ItemList list)
    {
        Path = path;
        this.files = files;
        this.list = list;
        unusable = new bool[list.Names.Length];
        foreach (BrokenItem item in (IEnumerable<BrokenItem>)[.. files?.Broken ?? [], .. list.Broken])
        {
            broken[item.Name] = item.Reason;
        }

        Warnings = [.. files?.Warnings ?? [], .. list.Warnings];
    }

    /// <summary>What was given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>What the items are: <c>image</c>, <c>speech</c> or <c>text</c>, as the catalogue of methods calls it.</summary>
    public abstract string Modality { get; }

    /// <summary>What errors call the items: "pictures", "recordings" …</summary>
    public abstract string Word { get; }

    /// <summary>The form that was recognised: "class folders", "IDX", "WebDataset" …</summary>
    public string Form => list.Form;

    public int Count => list.Names.Length;

    /// <summary>One name per item: its path within the folder or archive.</summary>
    public IReadOnlyList<string> Names => list.Names;

    /// <summary>Class names by number; empty where nothing is labelled.</summary>
    public IReadOnlyList<string> Classes => list.Classes;

    /// <summary>One class number per item, -1 for an item without; null where no item is labelled.</summary>
    public int[]? Labels => list.Labels;

    /// <summary>What is odd about the data set as a whole: an archive that ends early, labels that are missing.</summary>
    public IReadOnlyList<string> Warnings { get; private set; }

    /// <summary>Files that were found and are of no use.</summary>
    public int Ignored => list.Ignored;

    /// <summary>What could not be used so far, by name: found when the set was opened, or when an item was first decoded.</summary>
    public IReadOnlyList<BrokenItem> Broken
    {
        get
        {
            lock (gate)
            {
                return [.. broken.Select(b => new BrokenItem(b.Key, b.Value))];
            }
        }
    }

    /// <summary>A hash of form, names, sizes and labels: equal for equal data, whatever folder it lies in.</summary>
    public string Fingerprint => field ??= ComputeFingerprint();

    /// <summary>
    /// Opens whatever is there, told by the names and first bytes of its files, or of those that its manifest names. Where there are both
    /// pictures and recordings the greater part is taken, and <see cref="Warnings"/> say so.
    /// </summary>
    /// <param name="path">A folder, .tar, manifest or single file.</param>
    /// <param name="split">Which part is meant where a folder holds both.</param>
    /// <exception cref="TacitException">Nothing is there, or nothing in it can be used; the message says what to do.</exception>
    public static Dataset Open(string path, Split split = Split.Train)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Opened(path, files => Of(files, split));
    }

    /// <summary>
    /// The labels as numbers of another data set's classes, matched by name, so that a test set that lacks a class does
    /// not shift the others; -1 for a class that the other does not have. Null where nothing is labelled.
    /// </summary>
    public int[]? LabelsAs(IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        int[] map = [.. Classes.Select(name => classes.ToList().IndexOf(name))];
        return Labels is null ? null : [.. Labels.Select(l => l < 0 ? -1 : map[l])];
    }

    /// <summary>Some of the items as a data set of their own, in the order given, with the same classes. This one must stay open.</summary>
    /// <param name="items">Numbers of items, at least one.</param>
    /// <exception cref="TacitException">None of them can be read.</exception>
    public abstract Dataset Only(int[] items);

    public void Dispose()
    {
        files?.Dispose();
        GC.SuppressFinalize(this);
    }

    private static Dataset Of(FileSet files, Split split)
    {
        FileItems? manifest = ManifestForm.Open(files, given: false);
        int pictures = MediaKind.Picture.CountIn(files, manifest), sounds = MediaKind.Sound.CountIn(files, manifest);
        Dataset data = sounds > pictures ? SoundDataset.Of(files)
            : pictures == 0 && TextForm.IsIn(files, split) ? TextDataset.Of(files)
            : PictureDataset.Of(files, split);
        if (sounds > 0 && pictures > 0)
        {
            (int taken, string other, int left) = sounds > pictures ? (sounds, "pictures", pictures) : (pictures, "recordings", sounds);
            data.Warnings = [.. data.Warnings, string.Create(
                CultureInfo.InvariantCulture,
                $"{files.Path} holds {pictures:N0} pictures and {sounds:N0} recordings: the {taken:N0} {data.Word} are taken, as the greater part; to use the {left:N0} {other}, give a folder of their own.")];
        }

        return data;
    }

    /// <summary>A data set made of the files at a path, which are closed again where it cannot be made.</summary>
    private protected static T Opened<T>(string path, Func<FileSet, T> make)
    {
        FileSet opened = FileSet.Open(path);
        try
        {
            return make(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The exception for a set none of whose items can be decoded; there is at least one broken item.</summary>
    internal TacitException AllBroken()
    {
        BrokenItem example = Broken[0];
        return new TacitException($"None of the {Count} {Word} in {Path} can be decoded; the first is {example.Name}: {example.Reason}");
    }

    /// <summary>Does something with an item's file; where that fails the item is broken, is named, and the result is null.</summary>
    /// <param name="item">The item.</param>
    /// <param name="look">What is done.</param>
    /// <param name="whole">
    /// Whether it fails whenever it is done. What is done with a part of an item may fail for one part and not for another, and what one
    /// part came to must not decide about the other: who asks first depends on threads and on where a run was resumed.
    /// </param>
    internal T? Try<T>(int item, Func<int, T> look, bool whole = true)
    {
        if (Volatile.Read(ref unusable[item]))
        {
            return default;
        }

        try
        {
            return look(item);
        }
        catch (Exception error) when (error is PictureException or SoundException or IOException)
        {
            lock (gate)
            {
                broken[Names[item]] = error.Message;
                Volatile.Write(ref unusable[item], whole || unusable[item]);
            }

            return default;
        }
    }

    /// <summary>The number that tells whether an item has changed: its bytes as stored.</summary>
    private protected abstract long Size(int item);

    /// <summary>Names and labels of some of the items.</summary>
    private protected ItemList Chosen(int[] items) => list.Only(items);

    /// <summary>Why an item cannot be used.</summary>
    internal string ReasonOf(int item)
    {
        lock (gate)
        {
            return broken[Names[item]];
        }
    }

    private string ComputeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Form));
        for (int i = 0; i < Count; i++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\n{Names[i]}\t{Size(i)}\t{Labels?[i] ?? -1}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
