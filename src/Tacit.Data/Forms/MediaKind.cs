using Tacit.Data.Files;
using Tacit.Data.Pictures;
using Tacit.Data.Sounds;

namespace Tacit.Data.Forms;

/// <summary>What the items of a data set are, told by their first bytes, and how errors speak of them.</summary>
internal sealed class MediaKind
{
    private readonly string[] extensions;
    private readonly Recogniser recognise;

    private MediaKind(string word, string formats, string folderForm, string[] extensions, Recogniser recognise)
    {
        (Word, Formats, FolderForm) = (word, formats, folderForm);
        (this.extensions, this.recognise) = (extensions, recognise);
    }

    private delegate bool Recogniser(ReadOnlySpan<byte> first);

    public static MediaKind Picture { get; } = new(
        "picture",
        "JPEG, PNG, BMP, PPM or PGM",
        "pictures",
        [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".dib", ".ppm", ".pgm", ".pnm", ".gif", ".webp", ".tif", ".tiff", ".avif", ".heic"],
        PictureDecoder.IsPicture);

    public static MediaKind Sound { get; } = new(
        "recording",
        "WAV, FLAC or SPHERE",
        "recordings",
        [".wav", ".wave", ".flac", ".sph", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".aac", ".wma", ".aif", ".aiff", ".aifc", ".au", ".snd", ".amr", ".caf"],
        SoundDecoder.IsSound);

    /// <summary>Text, which has no first bytes of its own: only files with such a name are looked at.</summary>
    public static MediaKind Text { get; } = new("text", "UTF-8", "texts", [".txt", ".text"], first => !first.Contains((byte)0)) { ByName = true };

    /// <summary>Whether only files whose names say so are of this kind.</summary>
    public bool ByName { get; private init; }

    /// <summary>One item: "picture".</summary>
    public string Word { get; }

    /// <summary>The formats that are read, in words.</summary>
    public string Formats { get; }

    /// <summary>What a flat folder of them is called.</summary>
    public string FolderForm { get; }

    /// <summary>Whether a file's name says that it is meant to be one.</summary>
    public bool HasExtension(string name) => Array.Exists(extensions, e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a file begins as one does.</summary>
    public bool Is(ReadOnlySpan<byte> first) => recognise(first);

    /// <summary>Whether any file of the set is meant to be of this kind: by name, or else by its first bytes.</summary>
    public bool IsIn(FileSet files)
    {
        if (files.Entries.Any(e => HasExtension(e.Name) && !FileScan.IsCompany(e.Name)))
        {
            return true;
        }

        if (ByName)
        {
            return false;
        }

        Span<byte> head = stackalloc byte[FileScan.HeadBytes];
        foreach (FileEntry entry in files.Entries.Take(64))
        {
            try
            {
                if (entry.Length > 0 && !FileScan.IsCompany(entry.Name) && Is(head[..files.Read(entry, 0, head)]))
                {
                    return true;
                }
            }
            catch (IOException)
            {
                // Named when the set is scanned.
            }
        }

        return false;
    }
}
