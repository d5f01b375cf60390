using System.Globalization;
using System.Text;
using Tacit.Data.Files;

namespace Tacit.Data.Forms;

/// <summary>
/// A .tsv or .csv with a header that has <c>path</c> and may have <c>label</c>, <c>speaker</c>, <c>text</c>, and <c>start</c> and
/// <c>end</c> in seconds; paths are relative to the manifest. Items keep the manifest's order.
/// </summary>
internal static class ManifestForm
{
    private static readonly string[] Columns = ["path", "label", "speaker", "text", "start", "end"];

    /// <summary>Whether a single file given as the data set is a manifest by its name.</summary>
    public static bool IsManifestName(ReadOnlySpan<char> name) =>
        name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);

    /// <param name="files">The set that holds the manifest.</param>
    /// <param name="given">Whether the user named this very file, so that a missing <c>path</c> column is an error.</param>
    public static FileItems? Open(FileSet files, bool given)
    {
        List<(FileEntry Entry, List<string[]> Rows)> manifests = [];
        int depth = Depth(files);
        foreach (FileEntry entry in files.Entries)
        {
            if (IsManifestName(entry.Name) && entry.Name.Count(c => c == '/') == depth && !FileScan.IsCompany(entry.Name))
            {
                List<string[]> rows = Table.Parse(Text(files, entry), entry.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase));
                if (rows.Count > 0 && Column(rows[0], "path") >= 0)
                {
                    manifests.Add((entry, rows));
                }
                else if (given)
                {
                    throw new TacitException($"The manifest {files.Path} has no column called path: its first line must name the columns, for example path and label.");
                }
            }
        }

        return manifests.Count switch
        {
            0 => null,
            1 => Items(files, manifests[0].Entry, manifests[0].Rows),
            _ => throw new TacitException(
                $"{files.Path} holds several manifests ({string.Join(", ", manifests.Select(m => m.Entry.Name))}): give the one that is meant as --data."),
        };
    }

    /// <summary>Manifests lie at the top; an archive may wrap everything in one folder.</summary>
    private static int Depth(FileSet files)
    {
        string[] names = [.. files.Entries.Where(e => !FileScan.IsCompany(e.Name)).Select(e => e.Name)];
        return names.Length == 0 ? 0 : names.Min(n => n.Count(c => c == '/'));
    }

    private static string Text(FileSet files, in FileEntry entry)
    {
        try
        {
            return Encoding.UTF8.GetString(files.Read(entry)).TrimStart('\uFEFF');
        }
        catch (IOException error)
        {
            throw new TacitException($"The manifest {entry.Name} cannot be read: {error.Message}", error);
        }
    }

    private static int Column(string[] header, string name) => Array.FindIndex(header, h => h.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));

    private static FileItems Items(FileSet files, FileEntry manifest, List<string[]> rows)
    {
        int[] columns = [.. Columns.Select(name => Column(rows[0], name))];
        string folder = manifest.Folder.ToString();
        var entries = new List<FileEntry>();
        var names = new List<string>();
        var labels = new List<string?>();
        var speakers = new List<string?>();
        var texts = new List<string?>();
        var parts = new List<(double?, double?)>();
        var broken = new List<BrokenItem>();
        for (int r = 1; r < rows.Count; r++)
        {
            string[] row = rows[r];
            string? Cell(int column) => columns[column] >= 0 && columns[column] < row.Length && row[columns[column]].Trim() is { Length: > 0 } text ? text : null;
            string? path = Cell(0);
            if (path is null)
            {
                broken.Add(new BrokenItem($"{manifest.Name}, row {r + 1}", "It names no path."));
            }
            else if (!files.TryFind(folder + path, out FileEntry entry) && !files.TryFind(path, out entry))
            {
                broken.Add(new BrokenItem(path, $"The manifest {manifest.Name} names it, and it is not there."));
            }
            else if (!TrySeconds(Cell(4), out double? start) || !TrySeconds(Cell(5), out double? end) || (end ?? double.MaxValue) <= (start ?? 0))
            {
                broken.Add(new BrokenItem(path, $"The manifest {manifest.Name} gives it a start and end, in seconds, that cannot be: '{Cell(4)}' and '{Cell(5)}'."));
            }
            else
            {
                entries.Add(entry);
                names.Add(start is null && end is null ? path : string.Create(CultureInfo.InvariantCulture, $"{path}[{start ?? 0}:{end}]"));
                labels.Add(Cell(1));
                speakers.Add(Cell(2));
                texts.Add(Cell(3));
                parts.Add((start, end));
            }
        }

        var (classes, numbers) = ClassNames.Number(labels);
        return new FileItems
        {
            Entries = [.. entries],
            Form = "manifest",
            Names = [.. names],
            Classes = classes,
            Labels = numbers,
            Speakers = Any(speakers),
            Texts = Any(texts),
            Parts = parts.Exists(p => p != (null, null)) ? [.. parts] : null,
            Broken = broken,
        };
    }

    private static string?[]? Any(List<string?> cells) => cells.Exists(c => c is not null) ? [.. cells] : null;

    private static bool TrySeconds(string? text, out double? seconds)
    {
        seconds = null;
        if (text is null)
        {
            return true;
        }

        bool read = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value >= 0;
        seconds = value;
        return read;
    }
}
