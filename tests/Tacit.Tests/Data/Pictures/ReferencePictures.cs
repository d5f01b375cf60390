using System.Formats.Tar;
using System.IO.Compression;

namespace Tacit.Tests.Data.Pictures;

/// <summary>The committed reference pictures and what PIL reads from them; tests/oracle/make_pictures.py makes both.</summary>
internal static class ReferencePictures
{
    private static readonly Lazy<Dictionary<string, Reference>> Loaded = new(Load);

    public static IReadOnlyCollection<string> Names => Loaded.Value.Keys;

    public static Reference Get(string name) => Loaded.Value[name];

    private static Dictionary<string, Reference> Load()
    {
        string folder = Path.Combine(RepositoryRoot(), "tests", "oracle", "data", "pictures");
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using (var tar = new TarReader(new GZipStream(File.OpenRead(Path.Combine(folder, "pictures.tar.gz")), CompressionMode.Decompress)))
        {
            while (tar.GetNextEntry(copyData: true) is { DataStream: { } data } entry)
            {
                byte[] bytes = new byte[data.Length];
                data.ReadExactly(bytes);
                files.Add(entry.Name, bytes);
            }
        }

        var references = new Dictionary<string, Reference>(StringComparer.Ordinal);
        using var expected = new GZipStream(File.OpenRead(Path.Combine(folder, "expected.bin.gz")), CompressionMode.Decompress);
        foreach (string line in File.ReadLines(Path.Combine(folder, "index.tsv")))
        {
            string[] fields = line.Split('\t');
            int width = int.Parse(fields[1]);
            int height = int.Parse(fields[2]);
            int channels = int.Parse(fields[3]);
            byte[] pixels = new byte[width * height * channels];
            expected.ReadExactly(pixels);
            references.Add(fields[0], new Reference(files[fields[0]], width, height, channels, pixels));
        }

        return references;
    }

    private static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tacit.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository: no folder above them holds Tacit.slnx.");
    }
}

/// <summary>A picture file, and the size, channels and pixels it should decode to.</summary>
internal sealed record Reference(byte[] File, int Width, int Height, int Channels, byte[] Pixels);
