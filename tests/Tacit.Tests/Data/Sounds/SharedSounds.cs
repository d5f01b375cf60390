using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tacit.Data.Sounds;
using Xunit;

namespace Tacit.Tests.Data.Sounds;

/// <summary>Recordings of the reference data beside the repository.</summary>
internal static class SharedSounds
{
    /// <summary>The FLAC and WAV files of shared/data/<paramref name="name"/>.tar in its order; skips the test where the data are absent.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Read(string name)
    {
        string? path = Above(Path.Combine("shared", "data", name + ".tar"));
        Assert.SkipWhen(path is null, $"shared/data/{name}.tar is not beside the repository.");
        using var tar = new TarReader(File.OpenRead(path));
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data && Path.GetExtension(entry.Name) is ".flac" or ".wav")
            {
                byte[] bytes = new byte[data!.Length];
                data.ReadExactly(bytes);
                yield return (entry.Name, bytes);
            }
        }
    }

    /// <summary>Decodes a whole archive of 16-bit files and holds all its samples to those of `flac -d` and sox (tests/oracle/expect_sounds.py).</summary>
    /// <returns>Files, files whose samples were held to a checksum of their own, and samples.</returns>
    public static (int Files, int Stated, long Samples) Compare(string name)
    {
        string[] expected = File.ReadLines(Above(Path.Combine("tests", "oracle", "data", "sounds", "shared.tsv"))!).Select(line => line.Split('\t')).Single(fields => fields[0] == name)[1..];
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        (int files, int stated, long samples) = (0, 0, 0);
        foreach ((_, byte[] bytes) in Read(name))
        {
            using SoundReader reader = Listening.Open(bytes);
            Assert.Equal((1, 16), (reader.Info.Channels, reader.Info.Bits));
            Assert.Empty(reader.Warnings);
            int[] integers = Listening.Integers(reader);
            Assert.Equal(reader.Info.Frames, integers.Length);
            digest.AppendData(MemoryMarshal.AsBytes<short>(Array.ConvertAll(integers, i => (short)i)));
            files++;
            stated += reader.Info.Format == "FLAC" && bytes.AsSpan(26, 16).ContainsAnyExcept((byte)0) ? 1 : 0;
            samples += integers.Length;
        }

        string[] actual = [$"{files}", $"{stated}", $"{samples}", Convert.ToHexStringLower(digest.GetHashAndReset())];
        Assert.Equal(expected, actual);
        return (files, stated, samples);
    }

    private static string? Above(string file)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, file);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
