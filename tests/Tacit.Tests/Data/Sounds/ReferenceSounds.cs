using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Tacit.Tests.Data.Sounds;

/// <summary>The committed reference sounds and what other decoders read from them; tests/oracle/sounds.py makes both.</summary>
internal static class ReferenceSounds
{
    private static readonly Lazy<Dictionary<string, ReferenceSound>> Loaded = new(Load);

    public static IReadOnlyCollection<string> Names => Loaded.Value.Keys;

    /// <summary>Those that are decoded without another program.</summary>
    public static IEnumerable<string> OwnNames => Names.Where(name => !name.StartsWith("other", StringComparison.Ordinal));

    public static ReferenceSound Get(string name) => Loaded.Value[name];

    private static Dictionary<string, ReferenceSound> Load()
    {
        string folder = Folder();
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using (var tar = new TarReader(new GZipStream(File.OpenRead(Path.Combine(folder, "sounds.tar.gz")), CompressionMode.Decompress)))
        {
            while (tar.GetNextEntry(copyData: true) is { DataStream: { } data } entry)
            {
                byte[] bytes = new byte[data.Length];
                data.ReadExactly(bytes);
                files.Add(entry.Name, bytes);
            }
        }

        var references = new Dictionary<string, ReferenceSound>(StringComparer.Ordinal);
        using var expected = new GZipStream(File.OpenRead(Path.Combine(folder, "expected.bin.gz")), CompressionMode.Decompress);
        foreach (string line in File.ReadLines(Path.Combine(folder, "index.tsv")))
        {
            string[] fields = line.Split('\t');
            int channels = int.Parse(fields[2]);
            byte[] samples = new byte[int.Parse(fields[4]) * channels * 4];
            expected.ReadExactly(samples);
            bool isFloat = fields[5] == "float32";
            references.Add(fields[0], new ReferenceSound(
                files[fields[0]], int.Parse(fields[1]), channels, int.Parse(fields[3]), int.Parse(fields[4]),
                isFloat ? null : MemoryMarshal.Cast<byte, int>(samples).ToArray(), isFloat ? MemoryMarshal.Cast<byte, float>(samples).ToArray() : null));
        }

        return references;
    }

    private static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tacit.slnx")))
            {
                return Path.Combine(folder.FullName, "tests", "oracle", "data", "sounds");
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository: no folder above them holds Tacit.slnx.");
    }
}

/// <summary>A sound file, and the samples (interleaved integers or floats) that it should decode to.</summary>
internal sealed record ReferenceSound(byte[] File, int Rate, int Channels, int Bits, int Frames, int[]? Integers, float[]? Given)
{
    /// <summary>The samples as floats: integers over 2^(bits - 1).</summary>
    public float[] Floats => Given ?? [.. Integers!.Select(i => (float)(i / Math.Pow(2, Bits - 1)))];
}
