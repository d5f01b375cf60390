using Microsoft.Win32.SafeHandles;

namespace Tacit.Data.Files;

/// <summary>The files below a folder. Hidden ones are left out; a folder reached twice through links is entered once.</summary>
internal sealed class FolderFiles : FileSet
{
    private readonly string root;
    private readonly string? only;

    /// <param name="path">The folder, or the file that <paramref name="only"/> names.</param>
    /// <param name="only">The one file to be seen.</param>
    public FolderFiles(string path, string? only = null)
        : base(path)
    {
        this.only = only;
        root = only is null ? path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
    }

    // Listed when first asked for: a manifest names its files, and the folder around it may be huge.
    public override IReadOnlyList<FileEntry> Entries => field ??= List();

    public override bool TryFind(string name, out FileEntry entry)
    {
        FileInfo file = Followed(name);
        entry = file.Exists ? new FileEntry(name, file.Length) : default;
        return file.Exists;
    }

    public override int Read(in FileEntry entry, long offset, Span<byte> into)
    {
        if (entry.Length == 0)
        {
            return 0;       // not opened: a pipe shows no length either, and would block
        }

        try
        {
            using SafeFileHandle handle = File.OpenHandle(Full(entry.Name));
            int got = 0;
            for (int read; got < into.Length && (read = RandomAccess.Read(handle, into[got..], offset + got)) > 0; got += read)
            {
            }

            return got;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
    }

    private string Full(string name) => System.IO.Path.Combine(root, name);

    /// <summary>The file that is read by a name: a link's own length is its path's.</summary>
    private FileInfo Followed(string name)
    {
        var file = new FileInfo(Full(name));
        return file.LinkTarget is not null && File.Exists(file.FullName) && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target : file;
    }

    private List<FileEntry> List()
    {
        var entries = new List<FileEntry>();
        if (only is not null)
        {
            entries.Add(new FileEntry(only, Followed(only).Length));
            return entries;
        }

        try
        {
            Enter(new DirectoryInfo(root), "", entries, []);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"{Path} cannot be read: {error.Message}", error);
        }

        entries.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return entries;
    }

    private void Enter(DirectoryInfo folder, string prefix, List<FileEntry> entries, HashSet<string> seen)
    {
        if (!seen.Add((folder.ResolveLinkTarget(returnFinalTarget: true) ?? folder).FullName))
        {
            return;
        }

        foreach (FileSystemInfo info in folder.EnumerateFileSystemInfos())
        {
            if (info.Name.StartsWith('.'))
            {
                continue;
            }

            try
            {
                if (info is DirectoryInfo child)
                {
                    Enter(child, prefix + child.Name + "/", entries, seen);
                }
                else if (info.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                {
                    AddLink(target, prefix + info.Name, entries);
                }
                else
                {
                    entries.Add(new FileEntry(prefix + info.Name, ((FileInfo)info).Length));
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                BrokenItems.Add(new BrokenItem(prefix + info.Name, error.Message));
            }
        }
    }

    private void AddLink(FileSystemInfo target, string name, List<FileEntry> entries)
    {
        if (target is FileInfo { Exists: true } file)
        {
            entries.Add(new FileEntry(name, file.Length));
        }
        else
        {
            BrokenItems.Add(new BrokenItem(name, "It is a link to a file that is not there."));
        }
    }
}
