namespace Tacit.Data.Files;

/// <summary>
/// The files of a folder or of a tar, by name: every form of data set is read through this, so that each also works
/// inside an archive. Reading is thread-safe; nothing is ever written or unpacked.
/// </summary>
internal abstract class FileSet(string path) : IDisposable
{
    /// <summary>More bytes than any picture or label file has: such a file is refused, not read into memory.</summary>
    public const int MaxBytes = 512 << 20;

    /// <summary>What the user gave.</summary>
    public string Path { get; } = path;

    /// <summary>All regular files, sorted by name (ordinal), so that the order is the same on every machine.</summary>
    public abstract IReadOnlyList<FileEntry> Entries { get; }

    /// <summary>Files that were named but cannot be read: outside the archive, cut off, of a kind that is not supported.</summary>
    public IReadOnlyList<BrokenItem> Broken => BrokenItems;

    /// <summary>What is odd about the set as a whole, in sentences.</summary>
    public IReadOnlyList<string> Warnings => WarningLines;

    protected List<BrokenItem> BrokenItems { get; } = [];

    protected List<string> WarningLines { get; } = [];

    /// <summary>The folder or the archive at a path; a picture, manifest or other single file gives the set of that one file.</summary>
    /// <exception cref="TacitException">Nothing is there, or it cannot be opened.</exception>
    public static FileSet Open(string path)
    {
        if (Directory.Exists(path))
        {
            return new FolderFiles(path);
        }

        if (!File.Exists(path))
        {
            throw new TacitException($"There is nothing at {path}: check the path given as data.");
        }

        try
        {
            if (new FileInfo(path).Length == 0)
            {
                throw new TacitException($"{path} is empty: check the file given as data.");
            }

            return TarFiles.IsTar(path) ? new TarFiles(path) : new FolderFiles(path, only: System.IO.Path.GetFileName(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>A file by the name a manifest gives it, relative to the root.</summary>
    public abstract bool TryFind(string name, out FileEntry entry);

    /// <summary>Reads bytes at an offset within a file until the span is full or the file ends; returns how many.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public abstract int Read(in FileEntry entry, long offset, Span<byte> into);

    /// <summary>The whole file.</summary>
    /// <exception cref="IOException">The file cannot be read, is shorter than it was, or is larger than <see cref="MaxBytes"/>.</exception>
    public byte[] Read(in FileEntry entry)
    {
        if (entry.Length > MaxBytes)
        {
            throw new IOException($"The file has {entry.Length >> 20} MB; files of more than {MaxBytes >> 20} MB are not read.");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length);
        int got = Read(entry, 0, bytes);
        return got == bytes.Length ? bytes : throw new IOException($"The file ended after {got} of {bytes.Length} bytes.");
    }

    /// <summary>Whether a name stays below the root it is relative to.</summary>
    protected static bool IsInside(string name) =>
        name.Length > 0 && name[0] is not ('/' or '\\') && !(name.Length > 1 && name[1] == ':')
        && !name.Split('/', '\\').Contains("..");

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
