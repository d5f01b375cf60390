using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Spectre.Console;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;
using Tacit.Tensors.Simd;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit doctor</c>: what Tacit found on this machine and what it can reach at most.</summary>
internal static class DoctorCommand
{
    public static Command Create(Screen screen)
    {
        var command = new Command("doctor", "Instruction set, threads, measured peak, memory, versions");
        command.SetAction(_ => Run(screen));
        return command;
    }

    /// <summary>The version of this build.</summary>
    public static string Version { get; } =
        typeof(DoctorCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static int Run(Screen screen)
    {
        int threads = WorkerPool.Shared.Threads;
        var report = new DoctorReport(
            Version,
            RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}",
            Width.Name,
            Environment.ProcessorCount,
            threads,
            Math.Round(MachinePeak.MultiplyAdd(allThreads: false), 1),
            Math.Round(MachinePeak.MultiplyAdd(), 1),
            Math.Round(MachinePeak.Bandwidth(allThreads: false), 1),
            Math.Round(MachinePeak.Bandwidth(), 1),
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (screen.Json)
        {
            screen.Result(report, ResultJson.Default.DoctorReport);
            return ExitCode.Done;
        }

        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        facts.AddRow(new Text("Tacit"), new Text(report.Version));
        facts.AddRow(new Text(".NET"), new Text(report.Runtime));
        facts.AddRow(new Text("system"), new Text(report.System));
        facts.AddRow(new Text("instructions"), new Text($"{report.Instructions} ({Width.Bits} bits, {Width.Bits / 32} numbers at once)"));
        facts.AddRow(new Text("threads"), new Text($"{report.Threads} of {report.Processors} processors"));
        facts.AddRow(new Text("multiply-add peak"), new Text(Speeds(report.PeakOneThread, report.PeakAllThreads, threads, "N0", "GFLOP/s")));
        facts.AddRow(new Text("memory copy"), new Text(Speeds(report.CopyOneThread, report.CopyAllThreads, threads, "N1", "GB/s")));
        facts.AddRow(new Text("memory"), new Text($"{report.Memory / (double)(1 << 30):N1} GB"));
        screen.Render(facts);
        if (Width.Bits == 32)
        {
            screen.Warn("No vector instructions were found: everything works, slowly.");
        }

        return ExitCode.Done;
    }

    private static string Speeds(double one, double all, int threads, string format, string unit) =>
        $"{one.ToString(format)} {unit} on one thread{(threads == 1 ? "" : $", {all.ToString(format)} {unit} on {threads}")}";
}
