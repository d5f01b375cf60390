using Tacit.Data.Files;
using Tacit.Data.Sounds;

namespace Tacit.Data.Forms;

/// <summary>Goes through a set of files and tells items of one kind, unusable ones and other files apart by their first bytes.</summary>
internal sealed class FileScan
{
    /// <summary>What is read of a file to tell what it is.</summary>
    public const int HeadBytes = SoundDecoder.HeadBytes;

    // They accompany data and say nothing about it.
    private static readonly string[] Company =
        ["licence", "license", "readme", "copying", "copyright", "notice", "authors", "credits", "citation", "changelog", "attribution", "thumbs.db", "desktop.ini", "makefile", "md5sum", "sha1sum", "sha256sum"];

    private static readonly MediaKind[] Kinds = [MediaKind.Picture, MediaKind.Sound];

    private readonly MediaKind kind;

    private FileScan(MediaKind kind) => this.kind = kind;

    public List<FileEntry> Found { get; } = [];

    public List<BrokenItem> Broken { get; } = [];

    public int Ignored { get; private set; }

    public static FileScan Of(FileSet files, MediaKind kind)
    {
        var scan = new FileScan(kind);
        Span<byte> head = stackalloc byte[HeadBytes];
        foreach (FileEntry entry in files.Entries)
        {
            if (IsCompany(entry.Name))
            {
                continue;
            }

            scan.Place(files, entry, head);
        }

        return scan;
    }

    /// <summary>Licence and readme files, hidden files, and what operating systems leave in folders.</summary>
    public static bool IsCompany(string name) =>
        name.Split('/').Any(part => part.StartsWith('.') || part == "__MACOSX")
        || (!Kinds.Any(k => k.HasExtension(name)) && Company.Any(c => name.AsSpan(name.LastIndexOf('/') + 1).StartsWith(c, StringComparison.OrdinalIgnoreCase)));

    private void Place(FileSet files, in FileEntry entry, Span<byte> head)
    {
        // A file without an extension may be anything, so it counts as an item that cannot be read.
        bool named = kind.HasExtension(entry.Name), expected = named || (!kind.ByName && !entry.BaseName.Contains('.'));
        if (entry.Length == 0)
        {
            // Not opened: a pipe or device shows no length either, and would block.
            Refuse(expected, entry, "The file is empty.");
            return;
        }

        try
        {
            int got = files.Read(entry, 0, head);
            if (kind.Is(head[..got]) && (named || !kind.ByName))
            {
                Found.Add(entry);
            }
            else
            {
                Refuse(expected, entry, $"It is not a {kind.Formats} {kind.Word}: its first bytes are none of theirs.");
            }
        }
        catch (IOException error)
        {
            Refuse(expected, entry, error.Message);
        }
    }

    private void Refuse(bool expected, in FileEntry entry, string reason)
    {
        if (expected)
        {
            Broken.Add(new BrokenItem(entry.Name, reason));
        }
        else
        {
            Ignored++;
        }
    }
}
