using System.Text;
using Tacit.Data.Files;

namespace Tacit.Data.Forms;

/// <summary>WebDataset: <c>KEY.jpg</c> (or another picture, or a recording) beside <c>KEY.cls</c>, the class's number or name as text.</summary>
/// <remarks>A key ends at the first dot of the file's name, as in the webdataset library.</remarks>
internal static class WebDatasetForm
{
    public static FileItems? Open(FileSet files, MediaKind kind)
    {
        var classOf = new Dictionary<string, FileEntry>(StringComparer.Ordinal);
        foreach (FileEntry entry in files.Entries)
        {
            if (Extension(entry).Equals(".cls", StringComparison.OrdinalIgnoreCase) && !FileScan.IsCompany(entry.Name))
            {
                classOf[Key(entry)] = entry;
            }
        }

        if (classOf.Count == 0)
        {
            return null;
        }

        FileScan scan = FileScan.Of(files, kind);
        FileEntry[] entries = [.. scan.Found];
        var broken = scan.Broken;
        string?[] labels = [.. entries.Select(e => classOf.TryGetValue(Key(e), out FileEntry cls) ? ReadClass(files, cls, broken) : null)];
        var (classes, numbers) = ClassNames.Number(labels);
        return new FileItems
        {
            Entries = entries,
            Form = "WebDataset",
            Names = [.. entries.Select(e => e.Name)],
            Classes = classes,
            Labels = numbers,
            Broken = broken,
            Ignored = scan.Ignored - classOf.Count,
        };
    }

    private static int Dot(in FileEntry entry) => entry.BaseName.IndexOf('.') is >= 0 and int dot ? entry.Folder.Length + dot : entry.Name.Length;

    private static string Key(in FileEntry entry) => entry.Name[..Dot(entry)];

    private static ReadOnlySpan<char> Extension(in FileEntry entry) => entry.Name.AsSpan(Dot(entry));

    private static string? ReadClass(FileSet files, in FileEntry entry, List<BrokenItem> broken)
    {
        Span<byte> text = stackalloc byte[256];
        try
        {
            return Encoding.UTF8.GetString(text[..files.Read(entry, 0, text)]).Trim();
        }
        catch (IOException error)
        {
            broken.Add(new BrokenItem(entry.Name, error.Message));
            return null;
        }
    }
}
