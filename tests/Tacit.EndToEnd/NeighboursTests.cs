using System.Buffers.Binary;
using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>Search as a user does it, and the scores that teach nothing.</summary>
public sealed class NeighboursTests : IClassFixture<NeighboursTests.Patterns>
{
    private readonly Patterns patterns;

    public NeighboursTests(Patterns patterns) => this.patterns = patterns;

    [Fact]
    public void The_nearest_of_a_picture_show_the_same_pattern()
    {
        JsonElement report = Cli.Json("neighbours", "raw", "--data", patterns.Data, "--query", patterns.Query, "--top", "3");

        Assert.Equal(["encoder", "data", "items", "query", "results"], report.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("raw", 60, "000.ppm"), (report.GetProperty("encoder").GetString(), report.GetProperty("items").GetInt32(), report.GetProperty("query").GetString()));
        JsonElement[] results = [.. report.GetProperty("results").EnumerateArray()];
        Assert.Equal(3, results.Length);
        double last = double.NegativeInfinity;
        foreach (JsonElement found in results)
        {
            Assert.Equal(["item", "label", "distance", "similarity"], found.EnumerateObject().Select(p => p.Name));
            Assert.StartsWith("columns/", found.GetProperty("item").GetString(), StringComparison.Ordinal);
            Assert.Equal("columns", found.GetProperty("label").GetString());
            double distance = found.GetProperty("distance").GetDouble();
            Assert.Equal(1, distance + found.GetProperty("similarity").GetDouble(), 1e-6);
            Assert.True(distance >= last);
            last = distance;
        }
    }

    [Theory]
    [InlineData("features.npy")]
    [InlineData("features.csv")]
    [InlineData("features.safetensors")]
    public void Embedded_features_give_the_same_answer_as_the_pictures(string name)
    {
        using var folder = new Folder();
        Assert.Equal(0, Cli.Run("embed", "raw", "--data", patterns.Data, "--out", folder[name]).Code);

        string from = Cli.Json("neighbours", "raw", "--data", folder[name], "--query", "rows/007.ppm", "--top", "6").GetProperty("results").GetRawText();
        JsonElement of = Cli.Json("neighbours", "raw", "--data", patterns.Data, "--query", "rows/007.ppm", "--top", "6").GetProperty("results");

        Assert.Equal(Answers(of), Answers(JsonDocument.Parse(from).RootElement));
        Assert.DoesNotContain("rows/007.ppm", from, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_queries_has_an_answer_each_and_a_sheet_a_row_each()
    {
        using var folder = new Folder();
        JsonElement report = Cli.Json("neighbours", "raw", "--data", patterns.Data, "--query", Path.GetDirectoryName(patterns.Query)!, "--top", "5", "--sheet", folder["sheet.png"]);

        Assert.Equal(["encoder", "data", "items", "sheet", "queries"], report.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["000.ppm", "001.ppm"], report.GetProperty("queries").EnumerateArray().Select(q => q.GetProperty("query").GetString()));
        Assert.All(report.GetProperty("queries").EnumerateArray(), q => Assert.Equal(5, q.GetProperty("results").GetArrayLength()));

        // Six pictures of 12 × 12, each ten times as large, with gaps of 8; two rows.
        byte[] png = File.ReadAllBytes(folder["sheet.png"]);
        Assert.Equal((6 * 128) + 8, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal((2 * 128) + 8, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    [Fact]
    public void Recordings_are_found_too_and_more_than_there_are_is_said()
    {
        using var folder = new Folder();
        TinySounds.Folders(folder["sounds"], 4);
        string[] arguments = ["neighbours", "raw", "--data", folder["sounds"], "--query", "high/01.wav", "--top", "50"];

        JsonElement[] results = [.. Cli.Json(arguments).GetProperty("results").EnumerateArray()];

        Assert.Equal(7, results.Length);
        Assert.All(results.Take(3), found => Assert.Equal("high", found.GetProperty("label").GetString()));
        Assert.Contains("--top 50: there are 7 items to be found, and all of them are given.", Unwrapped(Cli.Run(arguments).Error), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--query nothing.ppm", 1, "there is no such file, and no item of that name")]
    [InlineData("--query torn.ppm", 1, "None of the 1 pictures in torn.ppm can be decoded")]
    [InlineData("--query sounds", 1, "The encoder takes pictures, and 'sounds' holds recordings.")]
    [InlineData("--query good.ppm --sheet out.jpg", 2, "the name must end in .png")]
    [InlineData("--query good.ppm --features weighted", 2, "the weights are learned by eval's linear probe")]
    [InlineData("--query good.ppm --top 0", 2, "--top: '0' is not a whole number from 1 to 10000")]
    [InlineData("--query good.ppm --data nowhere", 1, "There is nothing at nowhere")]
    [InlineData("--query good.ppm --data empty", 1, "empty")]
    [InlineData("--query good.ppm --data other.npy", 1, "has 7 numbers an item and raw gives")]
    [InlineData("--query good.ppm --data flat.npy --sheet out.png", 2, "the data are features alone")]
    public void Bad_input_is_told_in_one_sentence(string arguments, int code, string sentence)
    {
        using var folder = new Folder();
        TinyPictures.Folders(folder["data"], 2);
        File.Copy(folder["data", "rows", "000.ppm"], folder["good.ppm"]);
        File.WriteAllBytes(folder["torn.ppm"], File.ReadAllBytes(folder["good.ppm"])[..40]);
        Directory.CreateDirectory(folder["empty"]);
        TinySounds.Folders(folder["sounds"], 1);
        File.WriteAllBytes(folder["other.npy"], Npy(3, 7));
        File.WriteAllBytes(folder["flat.npy"], Npy(3, 12 * 12 * 3));

        Outcome outcome = Cli.RunIn(folder.Path, ["neighbours", "raw", "--data", "data", .. arguments.Split(' ')]);

        Assert.Contains(sentence, Unwrapped(outcome.Error), StringComparison.Ordinal);
        Assert.Equal(code, outcome.Code);
        Assert.Empty(outcome.Output);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void People_see_a_table() => Screen.Holds(
        Cli.Run("neighbours", "raw", "--data", patterns.Data, "--query", patterns.Query, "--top", "3").Error, "neighbours", (@"\d\.\d{4}", "0.0000"), (@"/\d{3}\.ppm", "/000.ppm"));

    [Fact]
    public void Scores_teach_nothing_and_stand_beside_both_baselines()
    {
        Outcome outcome = Cli.Run("eval", "random:resnet18", "--data", patterns.Data, "--protocol", "scores", "--json");

        Assert.Equal(0, outcome.Code);
        JsonElement[] results = [.. outcome.Document().GetProperty("results").EnumerateArray()];
        string[] metrics = ["deviation", "rankme", "alignment", "lidar", "uniformity", "purity", "nmi"];
        Assert.Equal([.. metrics, .. metrics], results.Select(r => r.GetProperty("metric").GetString()!));
        Assert.Equal(["raw", "random:resnet18"], results.Select(r => r.GetProperty("encoder").GetString()!).Distinct());
        Assert.All(results, r => Assert.Equal("scores", r.GetProperty("protocol").GetString()));
        Assert.All(results, r => Assert.InRange(r.GetProperty("value").GetDouble(), r.GetProperty("low").GetDouble(), r.GetProperty("high").GetDouble()));
        Screen.Holds(outcome.Error, "scores", (@"-?\d+\.\d+ – -?\d+\.\d+", "0.000 – 0.000"), (@" {2,}-?\d+\.\d+", "    0.0"), ("─+", "─"), (" {2,}", "  "));
        Assert.Contains("--test: --protocol scores teaches nothing", Unwrapped(Cli.Run("eval", "raw", "--data", patterns.Data, "--test", patterns.Data, "--protocol", "scores").Error), StringComparison.Ordinal);
    }

    private static (string Item, string? Label, double Similarity)[] Answers(JsonElement results) =>
        [.. results.EnumerateArray().Select(r => (r.GetProperty("item").GetString()!, (string?)null, Math.Round(r.GetProperty("similarity").GetDouble(), 5)))];

    private static byte[] Npy(int rows, int dim)
    {
        byte[] file = new byte[128 + (4 * rows * dim)];
        ((byte[])[0x93, .. "NUMPY"u8, 1, 0, 118, 0]).CopyTo(file, 0);
        System.Text.Encoding.ASCII.GetBytes($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {dim}), }}".PadRight(117) + "\n").CopyTo(file, 10);
        return file;
    }

    private static string Unwrapped(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Sixty pictures of three patterns, and two more to be asked for.</summary>
    public sealed class Patterns : IDisposable
    {
        private readonly Folder folder = new();

        public Patterns()
        {
            Data = TinyPictures.Folders(folder["data"], 20);
            TinyPictures.Folders(folder["more"], 2, seed: 3);
            Query = Path.Combine(folder["more"], "columns", "000.ppm");
        }

        public string Data { get; }

        public string Query { get; }

        public void Dispose() => folder.Dispose();
    }
}
