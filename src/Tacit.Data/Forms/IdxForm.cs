using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Tacit.Data.Files;

namespace Tacit.Data.Forms;

/// <summary>IDX as MNIST and Fashion-MNIST come: <c>*-images-idx3-ubyte[.gz]</c>, with <c>*-labels-idx1-ubyte[.gz]</c> beside it where there are labels.</summary>
internal static class IdxForm
{
    private const string Images = "images-idx3-ubyte", LabelFile = "labels-idx1-ubyte";
    private const int ImagesMagic = 0x803, LabelsMagic = 0x801;
    private const int MaxSide = 4096;

    public static bool IsImagesName(ReadOnlySpan<char> name) => Stem(name).EndsWith(Images, StringComparison.Ordinal);

    public static PictureItems? Open(FileSet files, Split split)
    {
        FileEntry[] found = [.. files.Entries.Where(e => IsImagesName(e.Name))];
        if (found.Length == 0)
        {
            return null;
        }

        FileEntry images = Choose(files, found, split);
        var items = new IdxFile(files, images, ImagesMagic, axes: 3);
        int height = items.Axes[1], width = items.Axes[2];
        if (height is <= 0 or > MaxSide || width is <= 0 or > MaxSide)
        {
            throw new TacitException($"{images.Name} is corrupt: its header claims pictures of {width} x {height} pixels.");
        }

        var warnings = new List<string>();
        int count = items.Available(warnings);
        var (classes, labels) = ReadLabels(files, images, count, warnings);
        var list = new ItemList
        {
            Form = "IDX",
            Names = [.. Enumerable.Range(0, count).Select(i => $"{i:D5}")],
            Classes = classes,
            Labels = labels,
            Warnings = warnings,
        };
        return new RawItems(list, width, height, 1, planar: false, items.Read);
    }

    private static ReadOnlySpan<char> Stem(ReadOnlySpan<char> name) => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;

    /// <summary>Where train-… and t10k-… lie together, the split says which is meant.</summary>
    private static FileEntry Choose(FileSet files, FileEntry[] found, Split split)
    {
        if (found.Length > 1)
        {
            string start = split == Split.Train ? "train" : "t10k";
            FileEntry[] meant = [.. found.Where(e => e.BaseName.StartsWith(start, StringComparison.Ordinal) || (split == Split.Test && e.BaseName.StartsWith("test", StringComparison.Ordinal)))];

            // The same file may be there both packed and plain: any of them will do.
            if (meant.Length == 0 || meant.Select(e => Stem(e.Name).ToString()).Distinct(StringComparer.Ordinal).Count() > 1)
            {
                throw new TacitException($"{files.Path} holds several IDX files ({string.Join(", ", found.Select(e => e.Name))}): give the one that is meant.");
            }

            return meant[0];
        }

        return found[0];
    }

    private static (string[] Classes, int[]? Labels) ReadLabels(FileSet files, in FileEntry images, int count, List<string> warnings)
    {
        string name = Stem(images.BaseName)[..^Images.Length].ToString() + LabelFile;
        if (!files.TryFind(images.Folder.ToString() + name, out FileEntry entry) && !files.TryFind(images.Folder.ToString() + name + ".gz", out entry))
        {
            return ([], null);
        }

        var file = new IdxFile(files, entry, LabelsMagic, axes: 1);
        byte[] values = new byte[Math.Min(count, file.Available(warnings))];
        file.ReadBytes(0, values);
        if (file.Axes[0] != count)
        {
            warnings.Add($"{entry.Name} holds {file.Axes[0]} labels for {count} pictures; pictures without one are unlabelled.");
        }

        return ClassNames.Number([.. Enumerable.Range(0, count).Select(i => i < values.Length ? values[i].ToString(CultureInfo.InvariantCulture) : null)]);
    }

    /// <summary>One IDX file: a header of big-endian sizes, then bytes. A packed one is unpacked in memory, as far as its header claims.</summary>
    private sealed class IdxFile
    {
        private readonly FileSet files;
        private readonly FileEntry entry;
        private readonly int header;
        private readonly byte[]? unpacked;
        private readonly long available;

        public IdxFile(FileSet files, FileEntry entry, int magic, int axes)
        {
            this.files = files;
            this.entry = entry;
            header = 4 + (4 * axes);
            Axes = new int[axes];
            Span<byte> head = stackalloc byte[header];
            try
            {
                bool packed = entry.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
                using Stream? stream = packed ? new GZipStream(new MemoryStream(files.Read(entry)), CompressionMode.Decompress) : null;
                int got = stream?.ReadAtLeast(head, header, throwOnEndOfStream: false) ?? files.Read(entry, 0, head);
                if (got < header || BinaryPrimitives.ReadInt32BigEndian(head) != magic)
                {
                    throw new TacitException($"{entry.Name} is not an IDX file of {axes} axes of bytes: its header does not say so.");
                }

                long size = 1;
                for (int a = 0; a < axes; a++)
                {
                    Axes[a] = BinaryPrimitives.ReadInt32BigEndian(head[(4 + (4 * a))..]);
                    size *= Axes[a];
                    if (Axes[a] < 0 || size > Array.MaxLength)
                    {
                        throw new TacitException($"{entry.Name} is corrupt: its header claims impossible sizes.");
                    }
                }

                if (stream is not null)
                {
                    unpacked = Unpack(stream, size);
                }

                available = unpacked?.Length ?? Math.Min(entry.Length - header, size);
            }
            catch (Exception error) when (error is IOException or InvalidDataException)
            {
                throw new TacitException($"{entry.Name} cannot be read: {error.Message}", error);
            }
        }

        public int[] Axes { get; }

        private int ItemBytes => Axes.Skip(1).Aggregate(1, (a, b) => a * b);

        /// <summary>How many items are really there; fewer than claimed is worth a warning.</summary>
        public int Available(List<string> warnings)
        {
            int count = (int)(available / Math.Max(1, ItemBytes));
            if (count < Axes[0])
            {
                warnings.Add($"{entry.Name} ends early: it claims {Axes[0]} items and holds {count}; fetch it again.");
            }

            return Math.Min(count, Axes[0]);
        }

        public void Read(int item, Span<byte> pixels) => ReadBytes((long)item * pixels.Length, pixels);

        public void ReadBytes(long offset, Span<byte> into)
        {
            if (unpacked is not null)
            {
                unpacked.AsSpan((int)offset, into.Length).CopyTo(into);
            }
            else if (files.Read(entry, header + offset, into) < into.Length)
            {
                throw new IOException($"{entry.Name} has become shorter.");
            }
        }

        // Grows with what is really there, so that a header that claims gigabytes costs none.
        private static byte[] Unpack(Stream stream, long size)
        {
            var held = new MemoryStream();
            byte[] block = new byte[1 << 16];
            try
            {
                for (int got; held.Length < size && (got = stream.Read(block)) > 0;)
                {
                    held.Write(block, 0, (int)Math.Min(got, size - held.Length));
                }
            }
            catch (InvalidDataException)
            {
                // Cut or damaged: what came before the damage is used, and Available says how much is missing.
            }

            return held.ToArray();
        }
    }
}
