using System.Formats.Tar;
using Xunit;

namespace Tacit.Long.Pictures;

/// <summary>Pictures of the reference data beside the repository.</summary>
internal static class SharedPictures
{
    /// <summary>The JPEG files of shared/data/<paramref name="name"/>.tar in its order; skips the test where the data is absent.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Read(string name)
    {
        string path = Find(name + ".tar") ?? throw SkipBecause($"shared/data/{name}.tar is not beside the repository");
        using var tar = new TarReader(File.OpenRead(path));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data && entry.Name.EndsWith(".jpg", StringComparison.OrdinalIgnoreCase))
            {
                byte[] bytes = new byte[data.Length];
                data.ReadExactly(bytes);
                yield return (entry.Name, bytes);
            }
        }
    }

    public static Exception SkipBecause(string reason)
    {
        Assert.Skip(reason);
        return new InvalidOperationException(reason);
    }

    public static string? Find(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "shared", "data", file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
