using System.Buffers.Binary;
using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>One small run, then everything that can be done with it.</summary>
public sealed class WorkflowTests : IClassFixture<WorkflowTests.SmallRun>
{
    private readonly SmallRun small;

    public WorkflowTests(SmallRun small) => this.small = small;

    [Fact]
    public void Pretrain_reports_what_the_run_came_to()
    {
        JsonElement report = small.Report;

        Assert.Equal(["run", "steps", "samples", "seconds", "loss", "verdict"], report.EnumerateObject().Select(p => p.Name));
        Assert.Equal(small.Run, report.GetProperty("run").GetString());
        Assert.Equal(SmallRun.Steps, report.GetProperty("steps").GetInt32());
        Assert.Equal(SmallRun.Steps * SmallRun.BatchSize, report.GetProperty("samples").GetInt32());
        Assert.InRange(report.GetProperty("loss").GetDouble(), 0, 10);
        Assert.Contains(report.GetProperty("verdict").GetString(), (string[])["healthy", "suspicious", "collapsed"]);
        Assert.True(File.Exists(Path.Combine(small.Run, "config.yaml")));
        Assert.True(File.Exists(Path.Combine(small.Run, "encoder.safetensors")));
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(small.Run, "checkpoints"), "step-*.safetensors"));
        Assert.All(File.ReadLines(Path.Combine(small.Run, "metrics.jsonl")), line => JsonDocument.Parse(line).Dispose());
    }

    [Fact]
    public void A_profile_tells_where_the_time_goes_and_leaves_a_trace()
    {
        using var folder = new Folder();
        Outcome result = Cli.Run("pretrain", "simclr", "--data", small.Data, "--steps", "4", "--batch-size", "8", "--out", folder["run"], "--profile", "--json");
        JsonElement profile = JsonDocument.Parse(result.Output).RootElement.GetProperty("profile");
        JsonElement[] operators = [.. profile.GetProperty("operators").EnumerateArray()];
        double step = profile.GetProperty("secondsPerStep").GetDouble();

        Assert.Equal(2, profile.GetProperty("steps").GetInt32());       // the other half warms up
        Assert.Contains("Conv2d", result.Error);
        Assert.All(["forward", "backward", "data", "optimizer"], part => Assert.Contains(part, profile.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("name").GetString())));
        JsonElement convolution = Assert.Single(operators, o => o.GetProperty("name").GetString() == "Conv2d");
        Assert.Equal(20, convolution.GetProperty("calls").GetDouble());
        Assert.InRange(convolution.GetProperty("gflops").GetDouble(), 0.01, profile.GetProperty("peaks").GetProperty("gflops").GetDouble());
        Assert.InRange(operators.Sum(o => o.GetProperty("forward").GetDouble() + o.GetProperty("backward").GetDouble()), 0.1 * step, step);
        JsonElement trace = JsonDocument.Parse(File.ReadAllText(profile.GetProperty("trace").GetString()!)).RootElement.GetProperty("traceEvents");
        Assert.Equal(2 * 2 * 20, trace.EnumerateArray().Count(e => e.GetProperty("name").GetString() == "Conv2d"));
        Assert.All(trace.EnumerateArray(), e => Assert.Equal("X", e.GetProperty("ph").GetString()));
    }

    [Fact]
    public void Eval_adds_both_baselines_and_intervals()
    {
        JsonElement results = Cli.Json("eval", small.Run, "--data", small.Data, "--test", small.Test).GetProperty("results");

        Assert.Equal(["raw", "random:resnet18", "small"], results.EnumerateArray().Select(r => r.GetProperty("encoder").GetString()).Distinct());
        Assert.Equal(6, results.GetArrayLength());
        foreach (JsonElement row in results.EnumerateArray())
        {
            Assert.Equal(["encoder", "task", "protocol", "metric", "value", "low", "high", "n"], row.EnumerateObject().Select(p => p.Name));
            Assert.Contains(row.GetProperty("protocol").GetString(), (string[])["knn", "linear"]);
            Assert.Equal("accuracy", row.GetProperty("metric").GetString());
            double low = row.GetProperty("low").GetDouble(), value = row.GetProperty("value").GetDouble(), high = row.GetProperty("high").GetDouble();
            Assert.InRange(value, low, high);
            Assert.InRange(low, 0, 1);
            Assert.InRange(high, 0, 1);
            Assert.Equal(30, row.GetProperty("n").GetInt32());
        }
    }

    [Fact]
    public void Eval_without_a_test_set_tests_every_item_once_by_cross_validation()
    {
        JsonElement results = Cli.Json("eval", "raw", "--data", small.Data, "--protocol", "linear", "--protocol", "knn").GetProperty("results");

        Assert.Equal(["raw", "random:resnet18"], results.EnumerateArray().Select(r => r.GetProperty("encoder").GetString()));
        Assert.All(results.EnumerateArray(), r => Assert.Equal(("knn", SmallRun.PerClass * 3), (r.GetProperty("protocol").GetString(), r.GetProperty("n").GetInt32())));
    }

    [Fact]
    public void Eval_with_few_labels_and_the_other_solver()
    {
        JsonElement results = Cli.Json("eval", small.Encoder, "--data", small.Data, "--test", small.Test, "--labels", "4", "--protocol", "linear", "--solver", "sgd").GetProperty("results");

        Assert.Equal(3, results.GetArrayLength());
        Assert.Equal("encoder", results[2].GetProperty("encoder").GetString());
    }

    [Fact]
    public void Eval_shows_people_a_table()
    {
        Outcome outcome = Cli.Run("eval", small.Run, "--data", small.Data, "--test", small.Test);

        Assert.Equal(0, outcome.Code);
        Assert.Empty(outcome.Output);
        Screen.Holds(outcome.Error, "eval", (@" +\d+\.\d % \(\d+\.\d – \d+\.\d\)", "  00.0 % (00.0 – 00.0)"), (@"λ \S+", "λ 1e-0"));
    }

    [Theory]
    [InlineData("npy")]
    [InlineData("csv")]
    [InlineData("safetensors")]
    public void Embed_writes_one_row_a_picture_with_its_name(string format)
    {
        using var folder = new Folder();
        string path = folder[$"features.{format}"];
        JsonElement report = Cli.Json("embed", small.Run, "--data", small.Test, "--out", path);

        Assert.Equal((30, 32, 0), (report.GetProperty("items").GetInt32(), report.GetProperty("dim").GetInt32(), report.GetProperty("broken").GetInt32()));
        (string[] names, int dim) = format switch
        {
            "npy" => (File.ReadAllLines(report.GetProperty("names").GetString()!), NpyDim(path, 30)),
            "csv" => Csv(path),
            _ => Safetensors(path),
        };
        Assert.Equal(32, dim);
        Assert.Equal(30, names.Length);
        Assert.Equal("blobs/000.ppm", names[0]);
        Assert.Equal("rows/009.ppm", names[29]);
    }

    [Fact]
    public void Reconstruct_draws_a_sheet_of_what_a_generative_method_makes_of_pictures()
    {
        using var folder = new Folder();
        Outcome trained = Cli.Run(
            "pretrain", "mae", "--data", small.Data, "--out", folder["mae"], "--steps", "3", "--batch-size", "12",
            "--set", "model.dim=16", "--set", "model.depth=1", "--set", "model.heads=2", "--set", "data.size=12");
        Assert.True(trained.Code == 0, trained.Error);
        JsonElement report = Cli.Json("reconstruct", folder["mae"], "--data", small.Test, "--out", folder["sheet.png"], "--count", "3");

        Assert.Equal(("mae", 3, 12), (report.GetProperty("method").GetString(), report.GetProperty("step").GetInt32(), report.GetProperty("size").GetInt32()));
        Assert.Equal(["original", "masked", "reconstruction"], report.GetProperty("columns").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(["blobs/000.ppm", "columns/000.ppm", "rows/000.ppm"], report.GetProperty("items").EnumerateArray().Select(c => c.GetString()));

        // Three by three pictures of 12 pixels, ten times as large, 8 pixels between and around.
        byte[] file = File.ReadAllBytes(folder["sheet.png"]);
        Assert.Equal((392, 392), (BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(20))));
    }

    [Fact]
    public void Reconstruct_refuses_a_method_that_makes_no_pictures()
    {
        Outcome outcome = Cli.Run("reconstruct", small.Run, "--data", small.Test, "--out", Path.Combine(small.Run, "sheet.png"));

        Assert.Equal(2, outcome.Code);
        Assert.Contains("A run of simclr cannot reconstruct", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_holds_a_run_is_not_touched_without_resume()
    {
        Outcome outcome = Cli.Run([.. small.Command(small.Run)]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains("--resume", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_a_finished_run_says_so_and_ends_well()
    {
        Outcome outcome = Cli.Run([.. small.Command(small.Run), "--resume"]);

        Assert.Equal(0, outcome.Code);
        Assert.Contains("finished", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_with_another_setting_is_refused_with_the_difference()
    {
        Outcome outcome = Cli.Run([.. small.Command(small.Run), "--resume", "--seed", "9"]);

        Assert.Equal(2, outcome.Code);
        Assert.Contains("train.seed", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_picture_is_named_and_the_run_goes_on()
    {
        using var folder = new Folder();
        TinyPictures.Folders(folder["data"], 6);
        File.WriteAllBytes(folder["data", "rows", "002.ppm"], [.. "P6\n12 12\n255\n"u8]);
        Outcome outcome = Cli.Run([.. SmallRun.Pretrain(folder["data"], folder["run"], 4)]);

        Assert.Equal(0, outcome.Code);
        Assert.Contains("rows/002.ppm", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pretraining_can_end_with_a_judgement_and_what_cannot_be_judged_is_refused_first()
    {
        using var folder = new Folder();
        Outcome judged = Cli.Run([.. SmallRun.Pretrain(small.Data, folder["judged"], 2), "--test", small.Test]);
        Directory.CreateDirectory(folder["flat"]);
        File.Copy(Path.Combine(small.Test, "rows", "000.ppm"), folder["flat", "000.ppm"]);
        Outcome refused = Cli.Run([.. SmallRun.Pretrain(small.Data, folder["refused"], 2), "--test", folder["flat"]]);

        Assert.Equal(0, judged.Code);
        Assert.Contains("random:resnet18", judged.Error, StringComparison.Ordinal);
        Assert.Equal(1, refused.Code);
        Assert.Contains("has no labels", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["refused"]));
    }

    private static int NpyDim(string path, int rows)
    {
        byte[] file = File.ReadAllBytes(path);
        int header = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        return (file.Length - 10 - header) / (4 * rows);
    }

    private static (string[] Names, int Dim) Csv(string path)
    {
        string[] lines = File.ReadAllLines(path);
        string[] header = lines[0].Split(',');
        Assert.Equal(["name", "label", "f0"], header[..3]);
        Assert.Equal("blobs", lines[1].Split(',')[1]);
        return ([.. lines[1..].Select(l => l.Split(',')[0])], header.Length - 2);
    }

    private static (string[] Names, int Dim) Safetensors(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, length));
        using var names = JsonDocument.Parse(header.RootElement.GetProperty("__metadata__").GetProperty("names").GetString()!);
        return ([.. names.RootElement.EnumerateArray().Select(n => n.GetString()!)], header.RootElement.GetProperty("features").GetProperty("shape")[1].GetInt32());
    }

    /// <summary>A run of a few seconds that several tests look at.</summary>
    public sealed class SmallRun : IDisposable
    {
        public const int Steps = 20;
        public const int BatchSize = 12;
        public const int PerClass = 16;

        private readonly Folder folder = new();

        public SmallRun()
        {
            Data = TinyPictures.Folders(folder["train"], PerClass);
            Test = TinyPictures.Folders(folder["test"], 10, seed: 1);
            Run = folder["small"];
            Report = Cli.Json([.. Command(Run)]);
        }

        public string Data { get; }

        public string Test { get; }

        public string Run { get; }

        public string Encoder => Path.Combine(Run, "encoder.safetensors");

        public JsonElement Report { get; }

        public static string[] Pretrain(string data, string run, int steps) =>
        [
            "pretrain", "simclr", "--data", data, "--out", run, "--steps", $"{steps}", "--batch-size", $"{BatchSize}",
            "--set", "model.width=4", "--set", "method.projector=[16,8]",
        ];

        public string[] Command(string run) => Pretrain(Data, run, Steps);

        public void Dispose() => folder.Dispose();
    }
}
