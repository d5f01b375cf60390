using System.Net;
using System.Text;
using System.Text.Json;

namespace Tacit.Evaluation.Report;

/// <summary>Puts the model, the style and the scripts into the page's frame; all that is shown is made of the model by the scripts.</summary>
internal static class ReportPage
{
    private static readonly string[] Scripts = ["dom.js", "chart.js", "histogram.js", "scatter.js", "exhibits.js", "tables.js", "page.js"];

    public static string Of(ReportModel model)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = WebUtility.HtmlEncode($"{string.Join(", ", model.Runs.Select(r => r.Name))} – Tacit report"),
            ["style"] = Resource("page.css"),
            ["model"] = JsonSerializer.Serialize(model, ReportJson.Default.ReportModel),        // writes <, >, & and quotes as \u003C …
            ["script"] = string.Join('\n', Scripts.Select(Resource)),
        };
        return Fill(Resource("page.html"), parts);
    }

    /// <summary>Replaces each <c>{{name}}</c> of the frame once; what is put in is not looked at again.</summary>
    private static string Fill(string frame, Dictionary<string, string> parts)
    {
        var page = new StringBuilder();
        int at = 0;
        while (frame.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and int open)
        {
            int close = frame.IndexOf("}}", open, StringComparison.Ordinal);
            page.Append(frame, at, open - at).Append(parts[frame[(open + 2)..close]]);
            at = close + 2;
        }

        return page.Append(frame, at, frame.Length - at).ToString();
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream($"Report/{name}") ?? throw new InvalidOperationException($"The page's {name} is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
