using System.Globalization;
using Spectre.Console;
using Tacit.Training;

namespace Tacit.Cli;

/// <summary>Where the time of a step goes, as tables of 80 columns.</summary>
internal static class ProfileScreen
{
    private const double Negligible = 0.001;    // of a step

    public static void Show(Screen screen, ProfileReport report)
    {
        screen.Paragraph(
            $"Profile: {Milliseconds(report.SecondsPerStep)} a step, mean of {report.Steps:N0}. Each makes {report.AllocatedPerStep / 1024.0:N0} KB of managed memory; " +
            $"the process had {report.PeakMemory / 1e6:N0} MB at most. This machine: {report.Peaks.Gflops:N0} GFLOP/s, copies {report.Peaks.GigabytesPerSecond:0.0} GB/s.");
        screen.Render(Parts(report));
        screen.Render(Operators(report));
        screen.Paragraph($"Open {ShownPath.Of(report.Trace)} in chrome://tracing or ui.perfetto.dev to see single calls.");
    }

    private static Table Parts(ProfileReport report)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("part of a step").AddColumn(Right("time")).AddColumn(Right("share"));
        foreach (PartTime part in report.Parts.Where(p => p.Seconds > Negligible * report.SecondsPerStep))
        {
            table.AddRow(part.Name, Milliseconds(part.Seconds), Share(part.Seconds, report));
        }

        return table;
    }

    private static Table Operators(ProfileReport report)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("operator");
        foreach (string title in (string[])["calls", "forward", "backward", "share", "GFLOP/s", "GB/s"])
        {
            table.AddColumn(Right(title));
        }

        foreach (OperatorTime o in report.Operators.Where(o => o.Seconds > Negligible * report.SecondsPerStep))
        {
            bool computes = o.Gflops >= 0.5;
            table.AddRow(
                o.Name,
                o.Calls.ToString("0.#", CultureInfo.CurrentCulture),
                Milliseconds(o.Forward),
                Milliseconds(o.Backward),
                Share(o.Seconds, report),
                computes ? $"{o.Gflops:N0} ({100 * o.Gflops / report.Peaks.Gflops:0} %)" : "",
                o.GigabytesPerSecond.ToString("0.0", CultureInfo.CurrentCulture));
        }

        table.AddRow("outside of them", "", Milliseconds(report.Outside), "", Share(report.Outside, report), "", "");
        return table;
    }

    private static TableColumn Right(string title) => new TableColumn(title).RightAligned();

    private static string Milliseconds(double seconds) => seconds == 0 ? "" : $"{(1000 * seconds).ToString(seconds < 0.01 ? "0.00" : "0.0", CultureInfo.CurrentCulture)} ms";

    private static string Share(double seconds, ProfileReport report) => $"{100 * seconds / report.SecondsPerStep:0.0} %";
}
