using Tacit.Data.Files;
using Tacit.Data.Forms;
using Tacit.Data.Pictures;

namespace Tacit.Data;

/// <summary>Pictures with names and, where the data says so, labels; decoded ones are kept.</summary>
public sealed class PictureDataset : Dataset
{
    private readonly PictureItems items;
    private readonly Picture?[] held;
    private long heldBytes;

    private PictureDataset(string path, FileSet? files, PictureItems items) : base(path, files, items.List)
    {
        this.items = items;
        held = new Picture?[Count];
    }

    public override string Modality => "image";

    public override string Word => "pictures";

    /// <summary>Decoded pictures are kept until they would take more than this many bytes.</summary>
    public long CacheBytes { get; set; } = Math.Min(4L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    /// <summary>
    /// Opens a folder, archive or file: a manifest, IDX, CIFAR-10 binary, WebDataset, class folders or a flat folder, the
    /// first that fits in this order, each also within a .tar. Nothing is decoded yet.
    /// </summary>
    /// <param name="path">The folder, .tar, manifest, IDX file or picture.</param>
    /// <param name="split">Which part is meant where a folder holds both.</param>
    /// <exception cref="TacitException">Nothing is there, or nothing in it can be used; the message says what to do.</exception>
    public static new PictureDataset Open(string path, Split split = Split.Train)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Opened(path, files => Of(files, split));
    }

    /// <summary>The pictures of an open set, which is the data set's from then on.</summary>
    internal static PictureDataset Of(FileSet files, Split split) => new(files.Path, files, Recognise(files, split));

    /// <summary>A data set of pictures that are already in memory.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="pictures">The pictures, grey or RGB.</param>
    /// <param name="labels">One class number per picture, or null.</param>
    /// <param name="classes">The classes' names; their numbers where not given.</param>
    public static PictureDataset Of(string name, IReadOnlyList<Picture> pictures, int[]? labels = null, IReadOnlyList<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (labels is not null && labels.Length != pictures.Count)
        {
            throw new ArgumentException($"{labels.Length} labels were given for {pictures.Count} pictures.", nameof(labels));
        }

        string[] names = [.. Enumerable.Range(0, pictures.Count).Select(i => $"{i:D5}")];
        string[] known = classes is not null ? [.. classes]
            : labels is null ? []
            : [.. Enumerable.Range(0, labels.Length == 0 ? 0 : labels.Max() + 1).Select(i => $"{i}")];
        var list = new ItemList { Form = "pictures in memory", Names = names, Labels = labels, Classes = known };
        return new PictureDataset(name, null, new HeldItems(list, pictures));
    }

    /// <summary>An item's bytes as they are stored: a JPEG file, or the raw pixels of IDX and CIFAR.</summary>
    /// <exception cref="IOException">The file cannot be read any more.</exception>
    public byte[] Read(int item) => items.Read(item);

    /// <summary>An item's picture in RGB (grey is repeated).</summary>
    /// <exception cref="TacitException">It cannot be decoded; the message names it.</exception>
    public Picture Decode(int item) =>
        TryDecode(item) ?? throw new TacitException($"{Names[item]} in {Path} cannot be used: {ReasonOf(item)}");

    /// <summary>An item's picture in RGB, or null when it cannot be decoded; <see cref="Dataset.Broken"/> then names it.</summary>
    public Picture? TryDecode(int item)
    {
        if (held[item] is { } picture)
        {
            return picture;
        }

        picture = Try(item, items.Decode)?.ToRgb();
        if (picture is null)
        {
            return null;
        }

        // What is kept depends on who came first, but a kept picture equals a decoded one.
        const int Overhead = 96;
        long bytes = picture.Pixels.Length + Overhead;
        if (Interlocked.Add(ref heldBytes, bytes) > CacheBytes || Interlocked.CompareExchange(ref held[item], picture, null) is not null)
        {
            Interlocked.Add(ref heldBytes, -bytes);
        }

        return picture;
    }

    public override Dataset Only(int[] items) => new PictureDataset(Path, null, new ChosenPictures(this, items, Chosen(items)));

    /// <summary>Looks at every picture: counts, sizes, formats, and what cannot be used.</summary>
    /// <param name="decode">Whether pictures are decoded, which alone finds damage behind the headers.</param>
    public PictureSummary Inspect(bool decode = true) => PictureInspection.Of(this, decode);

    /// <summary>The middle of the shorter sides of some sixty pictures spread over the set: what a default view size goes by.</summary>
    /// <exception cref="TacitException">None of them can be read.</exception>
    public int TypicalSide()
    {
        const int Looks = 61;
        int[] sides = [.. Enumerable.Range(0, Math.Min(Looks, Count))
            .Select(i => Try<(int Width, int Height, int Channels, string Format)?>((int)((long)i * Count / Math.Min(Looks, Count)), i => items.Identify(i)))
            .Where(seen => seen is not null)
            .Select(seen => Math.Min(seen!.Value.Width, seen.Value.Height))];
        return sides.Length > 0 ? Spread.Of(sides).Median
            : throw new TacitException($"None of the pictures in {Path} can be read; the first is {Broken[0].Name}: {Broken[0].Reason}");
    }

    /// <summary>The width and height of an item's picture from its headers alone.</summary>
    /// <exception cref="TacitException">Its headers are corrupt.</exception>
    public (int Width, int Height) SizeOf(int item)
    {
        var (width, height, _, _) = items.Identify(item);
        return (width, height);
    }

    internal PictureItems Items => items;

    private protected override long Size(int item) => items.Length(item);

    private static PictureItems Recognise(FileSet files, Split split)
    {
        bool single = files is FolderFiles && File.Exists(files.Path);
        PictureItems? found = Encoded(ManifestForm.Open(files, given: single && ManifestForm.IsManifestName(files.Path))) ?? IdxForm.Open(files, split) ?? CifarForm.Open(files, split)
            ?? Encoded(WebDatasetForm.Open(files, MediaKind.Picture) ?? FolderForm.Open(files, MediaKind.Picture));
        PictureItems? Encoded(FileItems? list) => list is null ? null : new EncodedItems(files, list);
        if (found is null)
        {
            string seen = single ? "is neither a picture nor a tar or another kind of data set"
                : files.Entries.Count == 0 ? "is empty"
                : $"holds no picture (files: {files.Entries.Count})";
            string packed = single && files.Path.EndsWith("gz", StringComparison.OrdinalIgnoreCase) ? "unpack it with gunzip, or " : "";
            string tars = files.Entries.Any(e => e.Name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase)) ? "give one of its .tar files, or " : "";
            throw new TacitException($"{files.Path} {seen}: {packed}{tars}give a folder or .tar of JPEG, PNG, BMP or PPM pictures, an IDX or CIFAR-10 file, or a manifest.");
        }

        if (found.List.Names.Length == 0)
        {
            BrokenItem first = found.List.Broken.Count > 0 ? found.List.Broken[0] : new BrokenItem(files.Path, "It holds no rows.");
            throw new TacitException($"None of the pictures in {files.Path} can be used; the first is {first.Name}: {first.Reason}");
        }

        return found;
    }
}
