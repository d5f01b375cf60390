using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary>Learning from few labels: a run fine-tuned beside the same network from scratch, and recordings that are spelled.</summary>
public sealed class FineTuneTests : IClassFixture<WorkflowTests.SmallRun>
{
    private static readonly string[] Fast = ["--set", "steps=6", "--set", "batch-size=8"];

    private readonly WorkflowTests.SmallRun small;

    public FineTuneTests(WorkflowTests.SmallRun small) => this.small = small;

    private string[] Tuned => ["eval", small.Run, "--data", small.Data, "--test", small.Test, "--protocol", "finetune", "--labels", "4", "--draws", "2", .. Fast];

    [Fact]
    public void Fine_tuning_stands_beside_scratch_and_frozen_probes()
    {
        JsonElement document = Cli.Json(Tuned), again = Cli.Json([.. Tuned, "--threads", "1"]);
        JsonElement[] rows = [.. document.GetProperty("results").EnumerateArray()], compared = [.. document.GetProperty("comparisons").EnumerateArray()];

        Assert.Equal(
            [("raw", "linear"), ("random:resnet18", "linear"), ("scratch:resnet18", "finetune"), ("small", "linear"), ("small", "finetune")],
            rows.Select(r => (r.GetProperty("encoder").GetString(), r.GetProperty("protocol").GetString())));
        Assert.All(rows, r =>
        {
            Assert.Equal(["encoder", "task", "protocol", "metric", "value", "low", "high", "n", "draws", "spread"], r.EnumerateObject().Select(p => p.Name));
            Assert.Equal((2, 30), (r.GetProperty("draws").GetInt32(), r.GetProperty("n").GetInt32()));
            Assert.InRange(r.GetProperty("value").GetDouble(), r.GetProperty("low").GetDouble(), r.GetProperty("high").GetDouble());
        });
        Assert.Equal(["scratch:resnet18", "small"], compared.Select(c => c.GetProperty("against").GetString()));
        Assert.Equal(rows[4].GetProperty("value").GetDouble() - rows[2].GetProperty("value").GetDouble(), compared[0].GetProperty("value").GetDouble(), 1e-9);
        Assert.Equal(document.GetRawText(), again.GetRawText());
    }

    [Fact]
    public void Its_table_has_the_spread_and_says_what_pre_training_is_worth() => Screen.Holds(
        Cli.Run(Tuned).Error,
        "eval-finetune",
        (@"^.*(looking at|steps with|naming).*\n", ""),
        (@" +\d+\.\d ± \d+\.\d % \( *\d+\.\d – +\d+\.\d\)", "  00.0 ± 0.0 % (00.0 – 00.0)"),
        (@" +–$", "  –"),
        (@"λ \S+", "λ 1e-0"),
        (@"[+−]?\d+\.\d\spoints\s\(95\s%\sinterval\s[+−]?\d+\.\d\sto\s[+−]?\d+\.\d;\s±\s\d+\.\d\sover\s2\sdraws\)", "X (…)"));

    [Theory]
    [InlineData("--draws: all labels are used", "--draws", "2")]
    [InlineData("add --protocol finetune", "--set", "lr=1")]
    [InlineData("--units is an option of --task ctc", "--units", "phones")]
    [InlineData("no configuration key 'lrr'", "--protocol", "finetune", "--set", "lrr=1")]
    [InlineData("no transcripts", "--task", "ctc")]
    public void What_does_not_go_together_is_refused(string sentence, params string[] more)
    {
        Outcome outcome = Cli.Run(["eval", "raw", "--data", small.Data, .. more]);

        Assert.NotEqual(0, outcome.Code);
        Assert.Contains(sentence, outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Items_without_a_label_are_left_out_and_counted()
    {
        using var folder = new Folder();
        string pictures = TinyPictures.Folders(folder["data"], 4);
        string[] files = [.. Directory.EnumerateFiles(pictures, "*.ppm", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        File.WriteAllLines(folder["data.csv"], ["path,label", .. files.Select((file, i) => $"{Path.GetRelativePath(folder.Path, file)},{(i % 4 == 3 ? "" : Path.GetFileName(Path.GetDirectoryName(file)))}")]);
        Outcome outcome = Cli.Run("eval", "raw", "--data", folder["data.csv"], "--protocol", "knn");

        Assert.Equal(0, outcome.Code);
        Assert.Contains("3 of the 12 pictures", outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("accuracy on 9 pictures", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Recordings_are_fine_tuned_and_spelled_and_the_result_opens()
    {
        using var folder = new Folder();
        string sounds = TinySounds.Folders(folder["data"], 6);
        JsonElement[] rows = [.. Cli.Json(["eval", "random:gru", "--data", sounds, "--test", sounds, "--protocol", "finetune", .. Fast]).GetProperty("results").EnumerateArray()];
        Assert.Equal(["raw", "random:gru", "scratch:gru"], rows.Select(r => r.GetProperty("encoder").GetString()));

        string[] files = [.. Directory.EnumerateFiles(sounds, "*.wav", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        File.WriteAllLines(folder["said.tsv"], ["path\ttext", .. files.Select((file, i) => $"{Path.GetRelativePath(folder.Path, file)}\t{(i == 0 ? "" : i == 1 ? "12" : file.Contains("high", StringComparison.Ordinal) ? "hi!" : "low")}")]);
        string[] command = ["eval", "random:wav2vec2", "--data", folder["said.tsv"], "--test", folder["said.tsv"], "--task", "ctc", "--out", folder["ctc"], "--set", "steps=2", "--set", "batch-size=4"];
        Outcome outcome = Cli.Run([.. command, "--json"]);
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Equal(
            [("scratch:wav2vec2", "wer"), ("scratch:wav2vec2", "cer")],
            outcome.Document().GetProperty("results").EnumerateArray().Select(r => (r.GetProperty("encoder").GetString(), r.GetProperty("metric").GetString())));
        Assert.Contains("1 of 12 recordings have no transcript", outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("1 of 12 recordings have no character of the alphabet", outcome.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run("embed", folder["ctc"], "--data", sounds, "--out", folder["vectors.npy"]).Code);
    }
}
