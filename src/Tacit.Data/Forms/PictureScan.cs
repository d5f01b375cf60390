using Tacit.Data.Files;
using Tacit.Data.Pictures;

namespace Tacit.Data.Forms;

/// <summary>Goes through a set of files and tells pictures, unusable pictures and other files apart by their first bytes.</summary>
internal sealed class PictureScan
{
    private static readonly string[] PictureExtensions =
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".dib", ".ppm", ".pgm", ".pnm", ".gif", ".webp", ".tif", ".tiff", ".avif", ".heic"];

    // They accompany data and say nothing about it.
    private static readonly string[] Company =
        ["licence", "license", "readme", "copying", "copyright", "notice", "authors", "credits", "citation", "changelog", "attribution", "thumbs.db", "desktop.ini", "makefile", "md5sum", "sha1sum", "sha256sum"];

    public List<FileEntry> Pictures { get; } = [];

    public List<BrokenItem> Broken { get; } = [];

    public int Ignored { get; private set; }

    public static PictureScan Of(FileSet files)
    {
        var scan = new PictureScan();
        Span<byte> head = stackalloc byte[16];
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
        || (!HasPictureExtension(name) && Company.Any(c => name.AsSpan(name.LastIndexOf('/') + 1).StartsWith(c, StringComparison.OrdinalIgnoreCase)));

    public static bool HasPictureExtension(string name) =>
        Array.Exists(PictureExtensions, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    private void Place(FileSet files, in FileEntry entry, Span<byte> head)
    {
        // A file without an extension may be anything, so it counts as a picture that cannot be read.
        bool expected = HasPictureExtension(entry.Name) || !entry.BaseName.Contains('.');
        if (entry.Length == 0)
        {
            // Not opened: a pipe or device shows no length either, and would block.
            Refuse(expected, entry, "The file is empty.");
            return;
        }

        try
        {
            int got = files.Read(entry, 0, head);
            if (PictureDecoder.IsPicture(head[..got]))
            {
                Pictures.Add(entry);
            }
            else
            {
                Refuse(expected, entry, "It is not a JPEG, PNG, BMP, PPM or PGM picture: its first bytes are none of theirs.");
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
