using System.Text.Json;
using System.Text.RegularExpressions;
using Tacit.Evaluation.Report;

namespace Tacit.Tests.Evaluation.Report;

public sealed class ReportPageTests
{
    private const string Nasty = "</script><script>alert('x')</script><!-- \"quoted\" & {{style}} {{model}} \u2028";

    [Fact]
    public void Nothing_in_a_run_can_become_part_of_the_page()
    {
        string page = ReportPage.Of(Model(Nasty)), plain = ReportPage.Of(Model("plain"));

        Assert.Equal(Count(plain, "<script"), Count(page, "<script"));
        Assert.Equal(Count(plain, "</script"), Count(page, "</script"));
        Assert.Equal(Count(plain, "<!--"), Count(page, "<!--"));
        Assert.DoesNotContain("alert('x')", page, StringComparison.Ordinal);
        Assert.Equal(Nasty, Json(page).GetProperty("runs")[0].GetProperty("name").GetString());
        Assert.Equal(Nasty, Json(page).GetProperty("data")[0].GetProperty("samples")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void The_title_is_the_runs_names_with_markup_escaped() =>
        Assert.Contains("<title>a &lt;b&gt; &amp; &quot;c&quot; – Tacit report</title>", ReportPage.Of(Model("a <b> & \"c\"")), StringComparison.Ordinal);

    [Fact]
    public void The_page_names_no_address_but_the_name_of_SVG_and_forbids_all_others()
    {
        string page = ReportPage.Of(Model("run"));

        Assert.Equal(["http://www.w3.org/2000/svg"], Regex.Matches(page, @"https?://[^\s""'<)]+", RegexOptions.None, TimeSpan.FromSeconds(5)).Select(m => m.Value).Distinct());
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_model_gives_the_same_page() => Assert.Equal(ReportPage.Of(Model("run")), ReportPage.Of(Model("run")));

    private static ReportModel Model(string name) => new(
        "1.0",
        [new RunModel(name, name, "Finished.", true) { Curves = [new CurveModel("loss", [1, 2], [0.5, null])] }],
        [new DataModel(name, "pictures", 1, [name], "class", [new SampleModel(name, 0)])],
        []);

    private static JsonElement Json(string page)
    {
        const string Open = "<script id=\"model\" type=\"application/json\">";
        int start = page.IndexOf(Open, StringComparison.Ordinal) + Open.Length;
        using var document = JsonDocument.Parse(page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)]);
        return document.RootElement.Clone();
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
