using System.Text;
using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Tests.Training;

/// <summary>A folder of small PPM pictures in three classes that differ in colour and stripes.</summary>
internal sealed class TinyPictures : IDisposable
{
    public const int PerClass = 8;
    private const int Side = 12;

    private readonly TemporaryFolder folder = new();

    public TinyPictures(int perClass = PerClass)
    {
        for (int label = 0; label < 3; label++)
        {
            string path = Directory.CreateDirectory(folder[$"data/class{label}"]).FullName;
            for (int i = 0; i < perClass; i++)
            {
                File.WriteAllBytes(Path.Combine(path, $"{i:D2}.ppm"), Ppm(label, i));
            }
        }
    }

    public string DataPath => folder["data"];

    /// <summary>Where a run of that name goes.</summary>
    public string Run(string name) => folder[name];

    public PictureDataset Open() => PictureDataset.Open(DataPath);

    public void Dispose() => folder.Dispose();

    private static byte[] Ppm(int label, int number)
    {
        byte[] header = Encoding.ASCII.GetBytes($"P6\n{Side} {Side}\n255\n");
        var random = new RandomSequence(1, (ulong)label, number);
        var pixels = new byte[Side * Side * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / 3 % Side, y = i / 3 / Side, channel = i % 3;
            int stripe = (label == 1 ? x : y) % 4 < 2 ? 60 : 0;
            pixels[i] = (byte)(stripe + (channel == label ? 120 : 20) + random.NextInt(40));
        }

        return [.. header, .. pixels];
    }
}
