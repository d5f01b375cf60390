using System.CommandLine;
using Tacit.Evaluation.Report;
using Tacit.Training;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit report RUN…</c>: one page about a run, or about several side by side.</summary>
internal sealed class ReportCommand
{
    private readonly Argument<string[]> runs = new("RUN") { Description = "Directories of runs, finished or not, or encoder.safetensors files", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> data = Options.Text("--data", "PATH", "Items to look at the runs with (default: what each was trained on)");
    private readonly Option<string?> test = Options.Text("--test", "PATH", "Labelled items to judge on (default: five-fold cross-validation)");
    private readonly Option<string?> output = Options.Text("--out", "FILE", "The page (default: report.html in the run's directory, of several runs here)");
    private readonly Option<ulong?> seed = Options.Seed("Of the samples that are shown and judged (default: 0)");
    private readonly Screen screen;
    private readonly CancellationToken stop;

    private ReportCommand(Screen screen, CancellationToken stop) => (this.screen, this.stop) = (screen, stop);

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var report = new ReportCommand(screen, stop);
        var command = new Command("report", "Write one page about a run, or several side by side: curves, embedding, results")
        {
            report.runs, report.data, report.test, report.output, report.seed,
        };
        command.SetAction(report.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] asked = parsed.GetRequiredValue(runs);
        string path = parsed.GetValue(output) ?? (asked.Length == 1 && Directory.Exists(asked[0]) ? Path.Combine(asked[0], RunDirectory.ReportName) : RunDirectory.ReportName);
        if (!string.Equals(Path.GetExtension(path), ".html", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"--out {path}: the name must end in .html.");
        }

        var pace = new Pace(screen.Interactive);
        ReportOutcome outcome = ReportFile.Write(
            new ReportRequest(asked, parsed.GetValue(data), parsed.GetValue(test), parsed.GetValue(seed) ?? 0),
            path,
            (what, done, of) =>
            {
                if (pace.IsDue)
                {
                    screen.Progress($"{what}, {done:N0} of {of:N0}");
                }
            },
            stop);
        foreach ((string run, string section, string why) in outcome.Missing)
        {
            screen.Paragraph($"{run} has no {section}: {why}");
        }

        screen.Result(
            new ReportReport(outcome.Out, outcome.Runs, outcome.Bytes, [.. outcome.Missing.Select(m => new MissingSection(m.Run, m.Section, m.Why))]), ResultJson.Default.ReportReport);
        screen.Paragraph($"Wrote {path}, {outcome.Bytes / 1e6:0.0} MB: open it in a browser; it needs no network.");
        return ExitCode.Done;
    }
}
