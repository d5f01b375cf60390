using System.Text;
using Tacit.Data.Files;

namespace Tacit.Data.Forms;

/// <summary>
/// CIFAR-10's binary version: <c>data_batch_*.bin</c> and <c>test_batch.bin</c>, rows of 3,073 bytes (the label, then
/// 32 × 32 red, green, blue); <c>batches.meta.txt</c> beside them names the classes.
/// </summary>
internal static class CifarForm
{
    private const int Side = 32, Pixels = Side * Side * 3, Row = Pixels + 1, ClassCount = 10;

    public static bool IsBatchName(ReadOnlySpan<char> baseName) =>
        baseName.EndsWith(".bin", StringComparison.Ordinal)
        && (baseName.StartsWith("data_batch_", StringComparison.Ordinal) || baseName.StartsWith("test_batch", StringComparison.Ordinal));

    public static PictureItems? Open(FileSet files, Split split)
    {
        FileEntry[] all = [.. files.Entries.Where(e => IsBatchName(e.BaseName))];
        FileEntry[] meant = [.. all.Where(e => e.BaseName.StartsWith("test", StringComparison.Ordinal) == (split == Split.Test))];
        FileEntry[] batches = meant.Length > 0 ? meant : all;
        if (batches.Length == 0)
        {
            return null;
        }

        string[] classes = ReadClasses(files, batches[0]);
        var rows = new List<(int Batch, int Row)>();
        var labels = new List<int>();
        var broken = new List<BrokenItem>();
        var warnings = new List<string>();
        for (int b = 0; b < batches.Length; b++)
        {
            ScanBatch(files, batches[b], b, classes.Length, rows, labels, broken, warnings);
        }

        var list = new ItemList
        {
            Form = "CIFAR-10 binary",
            Names = [.. rows.Select(r => $"{batches[r.Batch].Name}/{r.Row:D5}")],
            Classes = classes,
            Labels = [.. labels],
            Broken = broken,
            Warnings = warnings,
        };
        return new RawItems(list, Side, Side, 3, planar: true, (item, pixels) =>
        {
            var (batch, row) = rows[item];
            if (files.Read(batches[batch], ((long)row * Row) + 1, pixels) < pixels.Length)
            {
                throw new IOException($"{batches[batch].Name} has become shorter.");
            }
        });
    }

    private static void ScanBatch(
        FileSet files, in FileEntry batch, int number, int classes, List<(int Batch, int Row)> rows, List<int> labels, List<BrokenItem> broken, List<string> warnings)
    {
        byte[] bytes;
        try
        {
            bytes = files.Read(batch);
        }
        catch (IOException error)
        {
            broken.Add(new BrokenItem(batch.Name, error.Message));
            return;
        }

        int count = bytes.Length / Row;
        if (bytes.Length % Row != 0)
        {
            warnings.Add($"{batch.Name} ends within a row of {Row} bytes: its {count} whole rows are used; fetch it again.");
        }

        for (int r = 0; r < count; r++)
        {
            int label = bytes[r * Row];
            if (label < classes)
            {
                rows.Add((number, r));
                labels.Add(label);
            }
            else
            {
                broken.Add(new BrokenItem($"{batch.Name}/{r:D5}", $"Its label is {label}, and there are {classes} classes."));
            }
        }
    }

    private static string[] ReadClasses(FileSet files, in FileEntry batch)
    {
        if (files.TryFind(batch.Folder.ToString() + "batches.meta.txt", out FileEntry meta))
        {
            string[] names = Encoding.UTF8.GetString(files.Read(meta)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (names.Length > 0)
            {
                return names;
            }
        }

        return [.. Enumerable.Range(0, ClassCount).Select(i => $"{i}")];
    }
}
