using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Tacit.EndToEnd;

/// <summary>Data made on the spot: three kinds of pattern with noise, easy for eyes and hard enough for pixels.</summary>
internal static class TinyPictures
{
    public const int Side = 12;

    public static readonly string[] Classes = ["blobs", "columns", "rows"];

    /// <summary>One folder a class, PPM files.</summary>
    public static string Folders(string folder, int perClass, int seed = 0)
    {
        for (int c = 0; c < Classes.Length; c++)
        {
            Directory.CreateDirectory(Path.Combine(folder, Classes[c]));
            for (int i = 0; i < perClass; i++)
            {
                byte[] pixels = Pixels(c, (seed * 1000) + i);
                byte[] file = [.. Encoding.ASCII.GetBytes($"P6\n{Side} {Side}\n255\n"), .. pixels.SelectMany(p => new[] { p, (byte)(p / 2), (byte)(255 - p) })];
                File.WriteAllBytes(Path.Combine(folder, Classes[c], $"{i:000}.ppm"), file);
            }
        }

        return folder;
    }

    /// <summary>An IDX pair as MNIST has it, packed.</summary>
    public static string Idx(string folder, int perClass)
    {
        Directory.CreateDirectory(folder);
        int count = perClass * Classes.Length;
        byte[] pictures = [.. BigEndian(0x803, count, Side, Side), .. Enumerable.Range(0, count).SelectMany(i => Pixels(i % 3, i))];
        byte[] labels = [.. BigEndian(0x801, count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 3))];
        Pack(Path.Combine(folder, "train-images-idx3-ubyte.gz"), pictures);
        Pack(Path.Combine(folder, "train-labels-idx1-ubyte.gz"), labels);
        return folder;
    }

    private static byte[] Pixels(int kind, int item)
    {
        // A small congruential generator: the same pictures on every machine.
        uint state = (uint)((kind * 7919) + (item * 104729) + 1);
        uint Next() => (state = (state * 1664525) + 1013904223) >> 8;
        uint phase = Next() % 4, level = 90 + (Next() % 120);
        byte[] pixels = new byte[Side * Side];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                bool on = kind switch
                {
                    0 => ((x + phase) / 3 % 2) + ((y + phase) / 3 % 2) == 1,
                    1 => (x + phase) / 2 % 2 == 0,
                    _ => (y + phase) / 2 % 2 == 0,
                };
                pixels[(y * Side) + x] = (byte)((on ? level : 30) + (Next() % 40));
            }
        }

        return pixels;
    }

    private static byte[] BigEndian(params int[] numbers)
    {
        byte[] bytes = new byte[4 * numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), numbers[i]);
        }

        return bytes;
    }

    private static void Pack(string path, byte[] content)
    {
        using var file = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        file.Write(content);
    }
}
