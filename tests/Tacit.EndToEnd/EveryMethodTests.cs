using System.Text;
using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>Every method that is listed trains on a flat folder of unlabelled pictures of mixed sizes, with its own defaults but for a short length.</summary>
public sealed class EveryMethodTests : IClassFixture<EveryMethodTests.MixedFolder>
{
    private static readonly Lazy<JsonElement[]> Listed = new(() => [.. Cli.Json("methods").EnumerateArray()]);

    private readonly MixedFolder mixed;

    public EveryMethodTests(MixedFolder mixed) => this.mixed = mixed;

    public static TheoryData<string> Names => [.. Listed.Value.Where(m => m.GetProperty("modality").EnumerateArray().Any(kind => kind.GetString() == "image")).Select(m => m.GetProperty("name").GetString()!)];

    [Fact]
    public void All_five_families_are_there() => Assert.Equal(
        ["bootstrapping", "contrastive", "generative", "predictive", "regularized"],
        Listed.Value.Select(m => m.GetProperty("family").GetString()!).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void It_trains_on_a_folder_of_mixed_sizes(string method)
    {
        string modality = Listed.Value.First(m => m.GetProperty("name").GetString() == method).GetProperty("modality")[0].GetString()!;
        (string data, string names) = modality switch { "image" => (mixed.Data, ".ppm"), "speech" => (mixed.Sounds, ".wav"), _ => (mixed.Texts, ".txt") };
        string run = mixed.Folder[$"run-{method}"];
        Outcome outcome = Cli.Run("pretrain", method, "--data", data, "--steps", "2", "--batch-size", "8", "--out", run, "--json");
        Assert.True(outcome.Code == 0, $"{outcome.Code}: {outcome.Error}");
        Assert.Equal(2, outcome.Document().GetProperty("steps").GetInt32());
        Assert.True(double.IsFinite(outcome.Document().GetProperty("loss").GetDouble()));

        string features = mixed.Folder[$"{method}.csv"];
        Assert.Equal(0, Cli.Run("embed", run, "--data", data, "--out", features).Code);
        Assert.Equal(MixedFolder.Count, File.ReadLines(features).Count(line => line.Contains(names, StringComparison.Ordinal)));
    }

    /// <summary>Sixteen pictures from 20 × 31 to 65 × 46 pixels, and one that is no picture.</summary>
    public sealed class MixedFolder : IDisposable
    {
        public const int Count = 16;

        public MixedFolder()
        {
            Data = Directory.CreateDirectory(Folder["mixed"]).FullName;
            for (int i = 0; i < Count; i++)
            {
                int width = 20 + (3 * i), height = 31 + i;
                byte[] pixels = [.. Enumerable.Range(0, width * height * 3).Select(p => (byte)(((p * (7 + i)) ^ (p / (width * 3) * 5)) % 251))];
                File.WriteAllBytes(Path.Combine(Data, $"{i:00}.ppm"), [.. Encoding.ASCII.GetBytes($"P6\n{width} {height}\n255\n"), .. pixels]);
            }

            File.WriteAllText(Path.Combine(Data, "broken.jpg"), "not a picture");
            Sounds = Directory.CreateDirectory(Folder["sounds"]).FullName;
            for (int i = 0; i < Count; i++)
            {
                File.WriteAllBytes(Path.Combine(Sounds, $"{i:00}.wav"), TinySounds.Wav(TinySounds.Hum(i % 2, i, 9000 + (1777 * i))));
            }

            File.WriteAllText(Path.Combine(Sounds, "broken.wav"), "no sound");
            Texts = Directory.CreateDirectory(Folder["texts"]).FullName;
            for (int i = 0; i < Count; i++)
            {
                File.WriteAllText(Path.Combine(Texts, $"{i:00}.txt"), string.Join(' ', Enumerable.Range(0, 300 + (40 * i)).Select(w => $"word{(w * (i + 3)) % 41}")));
            }
        }

        internal Folder Folder { get; } = new();

        public string Data { get; }

        /// <summary>Sixteen recordings of 0.6 to 2.2 seconds, and a file that is none.</summary>
        public string Sounds { get; }

        /// <summary>Sixteen texts of 300 to 900 words.</summary>
        public string Texts { get; }

        public void Dispose() => Folder.Dispose();
    }
}
