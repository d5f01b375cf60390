using Tacit.Evaluation.Report;

namespace Tacit.Tests.Evaluation.Report;

public sealed class MetricsFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Curves_keep_their_own_steps_and_what_is_not_a_number_is_null()
    {
        MetricsFile metrics = Read(
            """{"step":0,"epoch":0,"rankme":4.5,"health":"healthy"}""",
            """{"step":10,"epoch":0.1,"loss":2.5,"note":"text","data_wait":0}""",
            """{"step":20,"epoch":0.2,"loss":"NaN","data_wait":"Infinity","monitor_seconds":3}""",
            """{"step":30,"epoch":0.3,"loss":1.25,"rankme":6}""");

        Assert.Equal(["rankme", "loss", "data_wait"], metrics.Curves.Select(c => c.Key));
        CurveModel loss = metrics.Curves[1];
        Assert.Equal([10, 20, 30], loss.Steps);
        Assert.Equal([2.5, null, 1.25], loss.Values);
        Assert.Equal([0, 30], metrics.Curves[0].Steps);
        Assert.Equal((30, 2, 0), (metrics.LastStep, metrics.NotFinite, metrics.Unreadable));
    }

    [Fact]
    public void A_line_cut_short_and_lines_of_something_else_are_counted_and_left_out()
    {
        MetricsFile metrics = Read("""{"step":1,"loss":3}""", "12", """{"loss":3}""", """{"step":2,"lo""");

        Assert.Equal((1, 3), (metrics.LastStep, metrics.Unreadable));
        Assert.Equal([3.0], Assert.Single(metrics.Curves).Values);
    }

    [Fact]
    public void The_verdict_is_the_last_one_and_its_turns_are_kept()
    {
        VerdictModel verdict = Read(
            """{"step":0,"health":"healthy"}""",
            """{"step":5,"loss":1}""",
            """{"step":10,"health":"collapsed","reasons":["all on one point"]}""",
            """{"step":20,"health":"suspicious","reasons":["RankMe is low","the loss stands"]}""",
            """{"step":30,"health":"suspicious","reasons":["RankMe is low"]}""").Verdict();

        Assert.Equal(("suspicious", 30), (verdict.Word, verdict.Step));
        Assert.Equal(["RankMe is low"], verdict.Reasons);
        Assert.Equal([new TurnModel(0, "healthy"), new TurnModel(10, "collapsed"), new TurnModel(20, "suspicious")], verdict.History);
    }

    [Fact]
    public void Histograms_are_no_curves()
    {
        MetricsFile metrics = Read("""{"step":3,"similarity_histogram":[0,2,5]}""", """{"step":6,"similarity_histogram":[1,1,1]}""");

        HistogramModel histogram = Assert.Single(metrics.Histograms);
        Assert.Empty(metrics.Curves);
        Assert.Equal("similarity", histogram.Key);
        Assert.Equal([3, 6], histogram.Steps);
        Assert.Equal([0.0, 2, 5], histogram.Counts[0]);
    }

    [Fact]
    public void A_run_that_logged_nothing_has_no_curves_and_no_verdict()
    {
        var metrics = MetricsFile.Read(folder["nothing.jsonl"]);

        Assert.Empty(metrics.Curves);
        Assert.Null(metrics.LastStep);
        Assert.Equal(("unknown", null), (metrics.Verdict().Word, metrics.Verdict().Step));
    }

    private MetricsFile Read(params string[] lines)
    {
        File.WriteAllText(folder["metrics.jsonl"], string.Join('\n', lines));
        return MetricsFile.Read(folder["metrics.jsonl"]);
    }
}
