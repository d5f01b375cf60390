using System.Text;
using Tacit.Data.Files;

namespace Tacit.Data.Forms;

/// <summary>
/// Texts: a manifest with a <c>text</c> column (each row is a text) or a <c>path</c> column of .txt files, class folders of .txt files, a flat
/// folder of them, or one file.
/// </summary>
internal static class TextForm
{
    /// <summary>Whether a set without pictures and recordings is one of texts, and not a binary form with a note beside it.</summary>
    public static bool IsIn(FileSet files, Split split) =>
        Rows(files) is not null
        || (MediaKind.Text.CountIn(files, null) > 0 && IdxForm.Open(files, split) is null && CifarForm.Open(files, split) is null)
        || (ManifestForm.Open(files, given: false) is { Entries.Length: > 0 } manifest && manifest.Entries.All(e => MediaKind.Text.HasExtension(e.Name)));

    /// <returns>The texts with what is known about them, and how many bytes each has; null where there are none.</returns>
    public static (ItemList List, Func<int, byte[]> Read, long[] Lengths)? Open(FileSet files)
    {
        if (Rows(files) is { } rows)
        {
            return (rows.List, item => rows.Texts[item], [.. rows.Texts.Select(t => (long)t.Length)]);
        }

        FileItems? found = ManifestForm.Open(files, given: files is FolderFiles && ManifestForm.IsManifestName(files.Path)) ?? FolderForm.Open(files, MediaKind.Text);
        return found is null ? null : (found, item => files.Read(found.Entries[item]), [.. found.Entries.Select(e => e.Length)]);
    }

    /// <summary>The rows of the manifest that has a column of texts and none of paths; null where there is none.</summary>
    private static (ItemList List, byte[][] Texts)? Rows(FileSet files)
    {
        foreach (FileEntry entry in files.Entries.Where(e => ManifestForm.IsManifestName(e.Name) && !FileScan.IsCompany(e.Name)))
        {
            List<string[]> rows = Table.Parse(Encoding.UTF8.GetString(files.Read(entry)).TrimStart('\uFEFF'), entry.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase));
            int Column(string name) => rows.Count == 0 ? -1 : Array.FindIndex(rows[0], h => h.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));
            int text = Column("text"), label = Column("label");
            if (text < 0 || Column("path") >= 0)
            {
                continue;
            }

            int[] used = [.. Enumerable.Range(1, rows.Count - 1).Where(r => text < rows[r].Length && !string.IsNullOrWhiteSpace(rows[r][text]))];
            (string[] classes, int[]? labels) = ClassNames.Number([.. used.Select(r => label >= 0 && label < rows[r].Length ? rows[r][label].Trim() : null)]);
            var list = new ItemList
            {
                Form = "manifest",
                Names = [.. used.Select(r => $"{entry.Name}, row {r + 1}")],
                Labels = labels,
                Classes = classes,
                Broken = [.. Enumerable.Range(1, rows.Count - 1).Except(used).Select(r => new BrokenItem($"{entry.Name}, row {r + 1}", "It holds no text."))],
            };
            return (list, [.. used.Select(r => Encoding.UTF8.GetBytes(rows[r][text]))]);
        }

        return null;
    }
}
