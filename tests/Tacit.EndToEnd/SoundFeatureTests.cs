using System.Buffers.Binary;
using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>What a user may take of an encoder of sound: a layer, all of them weighed, or its states over time.</summary>
public sealed class SoundFeatureTests : IClassFixture<SoundFeatureTests.Tones>
{
    private readonly Tones tones;

    public SoundFeatureTests(Tones tones) => this.tones = tones;

    [Theory]
    [InlineData("encoder", "input")]
    [InlineData("context", "block3")]
    [InlineData("layer:2", "block2")]
    [InlineData("block1", "block1")]
    public void A_layer_may_be_named_in_several_ways(string asked, string layer)
    {
        using var folder = new Folder();
        JsonElement report = Cli.Json("embed", "random:fbank-transformer", "--data", tones.Data, "--out", folder["x.csv"], "--features", asked);

        Assert.Equal($"random:fbank-transformer@{layer}", report.GetProperty("encoder").GetString());
        Assert.Equal((12, 256), (report.GetProperty("items").GetInt32(), report.GetProperty("dim").GetInt32()));
    }

    [Fact]
    public void A_layer_that_is_not_there_is_refused_with_those_that_are()
    {
        Outcome outcome = Cli.Run("embed", "random:fbank-transformer", "--data", tones.Data, "--out", "x.csv", "--features", "layer:9");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("has no layer 'layer:9'; choose one of input, block1, block2,", string.Join(' ', outcome.Error.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_are_one_tensor_an_item_under_its_name()
    {
        using var folder = new Folder();
        string path = folder["frames.safetensors"];
        JsonElement report = Cli.Json("embed", "random:fbank-transformer", "--data", tones.Data, "--out", path, "--frames", "--features", "layer:1");
        Assert.Equal((12, 256), (report.GetProperty("items").GetInt32(), report.GetProperty("dim").GetInt32()));

        byte[] file = File.ReadAllBytes(path);
        using var header = JsonDocument.Parse(file.AsMemory(8, (int)BinaryPrimitives.ReadInt64LittleEndian(file)));
        for (int i = 0; i < 6; i++)
        {
            // Frames of 400 samples every 160 fit (n - 400) / 160 + 1 times.
            int[] Shape(string name) => [.. header.RootElement.GetProperty(name).GetProperty("shape").EnumerateArray().Select(x => x.GetInt32())];
            Assert.Equal([((Tones.Samples(i) - 400) / 160) + 1, 256], Shape($"low/{i}.wav"));
            Assert.Equal([((Tones.Samples(i) - 400) / 160) + 1, 256], Shape($"high/{i}.wav"));
        }
    }

    [Theory]
    [InlineData("embed raw --out x.safetensors --frames", "'raw' has no state for each moment")]
    [InlineData("embed random:audiontt --out x.safetensors --frames", "'random:audiontt' has no state for each moment")]
    [InlineData("embed random:gru --out x.npy --frames", "frames are written to a .safetensors file")]
    [InlineData("embed random:gru --out x.npy --features weighted", "learned by eval's linear probe")]
    [InlineData("eval random:gru --features weighted --protocol knn", "neighbours cannot weigh layers")]
    [InlineData("eval random:gru --features weighted --solver sgd", "layers are weighed by L-BFGS alone")]
    public void What_cannot_be_is_refused(string arguments, string why)
    {
        Outcome outcome = Cli.Run([.. arguments.Split(' '), "--data", tones.Data]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains(why, string.Join(' ', outcome.Error.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_weighs_layers_and_tells_tones_apart()
    {
        JsonElement[] rows = [.. Cli.Json("eval", "random:audiontt", "--data", tones.Data, "--features", "weighted").GetProperty("results").EnumerateArray()];

        Assert.Equal(["raw", "random:audiontt@weighted"], rows.Select(r => r.GetProperty("encoder").GetString()));
        Assert.All(rows, r => Assert.Equal("linear", r.GetProperty("protocol").GetString()));
        Assert.True(rows[1].GetProperty("value").GetDouble() > 0.9);

        string shown = Cli.Run("eval", "random:audiontt", "--data", tones.Data, "--features", "weighted").Error;
        Assert.Contains("layers weigh", shown, StringComparison.Ordinal);
    }

    /// <summary>Six low and six high tones of different lengths, WAV of 16 bit at 16 kHz, a folder each.</summary>
    public sealed class Tones : IDisposable
    {
        public Tones()
        {
            Data = Folder["tones"];
            foreach ((string name, double hertz) in new[] { ("low", 300.0), ("high", 2000.0) })
            {
                string place = Directory.CreateDirectory(Path.Combine(Data, name)).FullName;
                for (int i = 0; i < 6; i++)
                {
                    File.WriteAllBytes(Path.Combine(place, $"{i}.wav"), TinySounds.Wav([.. Enumerable.Range(0, Samples(i)).Select(t => (float)(0.25 * Math.Sin(2 * Math.PI * hertz * (1 + (0.05 * i)) * t / TinySounds.Rate)))]));
                }
            }
        }

        public string Data { get; }

        internal Folder Folder { get; } = new();

        internal static int Samples(int i) => 4000 + (560 * i);

        public void Dispose() => Folder.Dispose();
    }
}
