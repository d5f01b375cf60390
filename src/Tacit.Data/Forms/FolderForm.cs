using Tacit.Data.Files;

namespace Tacit.Data.Forms;

/// <summary>Class folders where every item lies in one of at least two folders; otherwise a flat folder without labels.</summary>
internal static class FolderForm
{
    private static readonly string[] SplitNames = ["train", "training", "test", "testing", "val", "valid", "validation"];

    /// <returns>The items, or null where there is nothing that was meant to be an item.</returns>
    public static FileItems? Open(FileSet files, MediaKind kind)
    {
        FileScan scan = FileScan.Of(files, kind);
        if (scan.Found.Count == 0 && scan.Broken.Count == 0)
        {
            return null;
        }

        FileEntry[] entries = [.. scan.Found];
        string[] names = [.. entries.Select(e => e.Name)];
        string[]? folders = ClassFolders(names, CommonFolder(names));
        var (classes, labels) = folders is null ? ([], null) : ClassNames.Number(folders);
        RefuseSplits(files.Path, classes);
        return new FileItems
        {
            Entries = entries,
            Form = folders is null ? kind.FolderForm : "class folders",
            Names = names,
            Classes = classes,
            Labels = labels,
            Broken = scan.Broken,
            Ignored = scan.Ignored,
        };
    }

    /// <summary>How much of every name is the same leading folders.</summary>
    private static int CommonFolder(string[] names)
    {
        if (names.Length == 0)
        {
            return 0;
        }

        int common = names[0].LastIndexOf('/') + 1;
        foreach (string name in names)
        {
            while (common > 0 && string.CompareOrdinal(name, 0, names[0], 0, common) != 0)
            {
                common = common < 2 ? 0 : names[0].LastIndexOf('/', common - 2) + 1;
            }
        }

        return common;
    }

    private static string[]? ClassFolders(string[] names, int skip)
    {
        var folders = new string[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            int slash = names[i].IndexOf('/', skip);
            if (slash < 0)
            {
                return null;
            }

            folders[i] = names[i][skip..slash];
        }

        return folders.Length == 0 ? null : folders;
    }

    private static void RefuseSplits(string path, string[] classes)
    {
        if (classes.Length > 0 && classes.All(c => SplitNames.Contains(c, StringComparer.OrdinalIgnoreCase)))
        {
            throw new TacitException(
                $"{path} holds the parts {string.Join(" and ", classes)}, which are not classes: give one as --data, for example {System.IO.Path.Combine(path, classes[0])}, and another as --test.");
        }
    }
}
