using System.Text.Json;

namespace Tacit.EndToEnd;

/// <summary><c>tacit report</c> as a user runs it.</summary>
public sealed class ReportTests : IClassFixture<ReportRuns>
{
    private readonly ReportRuns runs;

    public ReportTests(ReportRuns runs) => this.runs = runs;

    [Fact]
    public void A_report_lies_in_the_runs_directory_and_says_what_it_lacks()
    {
        JsonElement report = Cli.Json("report", runs.Mae);

        Assert.Equal(["out", "runs", "bytes", "missing"], report.EnumerateObject().Select(p => p.Name));
        Assert.Equal(Path.Combine(runs.Mae, "report.html"), report.GetProperty("out").GetString());
        Assert.Equal(new FileInfo(Path.Combine(runs.Mae, "report.html")).Length, report.GetProperty("bytes").GetInt64());
        Assert.Equal(0, report.GetProperty("missing").GetArrayLength());
        Assert.Empty(Directory.GetFiles(runs.Mae, "*.tmp"));
    }

    [Fact]
    public void Of_several_runs_it_lies_where_the_user_stands()
    {
        using var folder = new Folder();

        Outcome outcome = Cli.RunIn(folder.Path, "report", runs.SimClr, runs.Mae);

        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Contains("it needs no network", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
        Assert.Contains("2 runs side by side", File.ReadAllText(folder["report.html"]).Replace("${model.runs.length}", "2", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_no_run_can_take_are_told_and_the_curves_remain()
    {
        using var folder = new Folder();

        JsonElement report = Cli.Json("report", runs.SimClr, "--data", runs.Recordings, "--out", folder["odd.html"]);

        JsonElement[] missing = [.. report.GetProperty("missing").EnumerateArray()];
        Assert.Equal(["augmentation", "embedding", "reconstruction", "results"], missing.Select(m => m.GetProperty("section").GetString()).Order(StringComparer.Ordinal));
        Assert.Contains("holds recordings", missing.First(m => m.GetProperty("section").GetString() == "embedding").GetProperty("why").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("page.txt", 2, "the name must end in .html")]
    [InlineData("nowhere/page.html", 1, "its folder does not exist")]
    public void A_place_that_cannot_be_is_refused(string place, int code, string sentence)
    {
        using var folder = new Folder();

        Outcome outcome = Cli.RunIn(folder.Path, "report", runs.Apc, "--out", place);

        Assert.Equal(code, outcome.Code);
        Assert.Contains(sentence, string.Join(' ', outcome.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_run_is_refused()
    {
        Outcome outcome = Cli.Run("report", runs.Pictures);

        Assert.Equal(1, outcome.Code);
        Assert.Contains("is not a run", string.Join(' ', outcome.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
