using System.Formats.Tar;
using System.Text;
using Tacit.Data.Pictures;
using Tacit.Tests.Data.Pictures;

namespace Tacit.Tests.Data;

/// <summary>Small pictures and archives for tests.</summary>
internal static class SampleFiles
{
    /// <summary>A PPM of one colour.</summary>
    public static byte[] Ppm(int width, int height, byte red, byte green = 0, byte blue = 0)
    {
        byte[] header = Encoding.ASCII.GetBytes($"P6 {width} {height} 255\n");
        byte[] bytes = new byte[header.Length + (width * height * 3)];
        header.CopyTo(bytes, 0);
        for (int i = header.Length; i < bytes.Length; i += 3)
        {
            (bytes[i], bytes[i + 1], bytes[i + 2]) = (red, green, blue);
        }

        return bytes;
    }

    /// <summary>A PGM of one grey.</summary>
    public static byte[] Pgm(int width, int height, byte level) =>
        [.. Encoding.ASCII.GetBytes($"P5 {width} {height} 255\n"), .. Enumerable.Repeat(level, width * height)];

    /// <summary>A JPEG whose headers are whole and whose pixels are missing.</summary>
    public static byte[] CutJpeg()
    {
        byte[] whole = WholeJpeg();
        return whole[..(whole.Length * 2 / 3)];
    }

    /// <summary>The largest of the decoders' reference files, so that most of it is pixels.</summary>
    public static byte[] WholeJpeg() => ReferencePictures.Names.Where(n => n.EndsWith(".jpg", StringComparison.Ordinal))
        .Select(n => ReferencePictures.Get(n).File).MaxBy(f => f.Length)!;

    /// <summary>Pictures of noise, each different.</summary>
    public static Picture[] Noise(int count, int width, int height) => [.. Enumerable.Range(0, count).Select(n =>
        new Picture(width, height, 3, [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(((i * 2654435761L) + (n * 40503L * (i + 7))) >> 9))]))];

    public static void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>A tar of the given files.</summary>
    public static byte[] Tar(TarEntryFormat format, params (string Name, byte[] Bytes)[] files)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                TarEntry entry = format switch
                {
                    TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.Gnu => new GnuTarEntry(TarEntryType.RegularFile, name),
                    TarEntryFormat.V7 => new V7TarEntry(TarEntryType.V7RegularFile, name),
                    _ => new UstarTarEntry(TarEntryType.RegularFile, name),
                };
                entry.DataStream = new MemoryStream(bytes);
                writer.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Packs a folder's files in name order.</summary>
    public static byte[] TarOf(string folder, string prefix = "") => Tar(
        TarEntryFormat.Ustar,
        [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => (prefix + Path.GetRelativePath(folder, f).Replace('\\', '/'), File.ReadAllBytes(f)))]);

    /// <summary>A file under shared/data beside the repository, or null where it is absent.</summary>
    public static string? Shared(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared", "data", name);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
