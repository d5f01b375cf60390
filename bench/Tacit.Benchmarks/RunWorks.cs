using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Tacit.Benchmarks;

/// <summary>Whole processes: a run from the command line with everything in it, and how long it takes to begin.</summary>
internal static class RunWorks
{
    private const int Steps = 40;

    public static IEnumerable<Work> All(string root)
    {
        string tacit = Path.Combine(root, "artifacts", "installed", "tacit.dll");
        string tar = DataFolder.File(root, "cifar10-train.tar");
        if (File.Exists(tar))
        {
            yield return Of($"whole run: {Steps} steps of SimCLR, width 16, 256 pictures", 2.5, "whole-run", tar, () => Run(tacit, Pretrain(tar)));
            yield return Of("from process start to the first training step", 5, "start-up", tar, () => Begin(tacit, Pretrain(tar)));
        }

        yield return new Work { Name = "tacit methods", Requests = [], Limit = 0.2, WarmUp = 1, Runs = 1, Prepare = () => () => Run(tacit, ["methods"]) };
    }

    private static Work Of(string name, double target, string request, string tar, Action ours) => new()
    {
        Name = name,
        Target = target,
        WarmUp = 0,
        Runs = 1,
        Requests = [new JsonObject { ["work"] = request, ["tar"] = tar, ["steps"] = Steps, ["warmup"] = 0 }],
        Prepare = () => ours,
    };

    /// <summary>What the peer does too: it does not look at the representation, so neither does this run.</summary>
    private static string[] Pretrain(string tar) =>
    [
        "pretrain", "simclr", "--data", tar, "--steps", $"{Steps}", "--batch-size", "256", "--out", Path.Combine(Path.GetTempPath(), "tacit-side-by-side"),
        "--set", "model.width=16", "--set", "monitor.every=0", "--set", "monitor.items=2", "--set", "monitor.knn-bank=0",
    ];

    private static void Run(string tacit, string[] arguments)
    {
        Clear(arguments);
        using Process process = Start(tacit, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"tacit {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }

    /// <summary>Until the run has written down what the untrained encoder is like, which is what it does before its first step.</summary>
    private static void Begin(string tacit, string[] arguments)
    {
        Clear(arguments);
        string metrics = Path.Combine(Out(arguments), "metrics.jsonl");
        using Process process = Start(tacit, arguments);
        while (!File.Exists(metrics) || new FileInfo(metrics).Length == 0)
        {
            if (process.WaitForExit(1))
            {
                throw new InvalidOperationException($"tacit {string.Join(' ', arguments)} ended with {process.ExitCode} before its first step.");
            }
        }

        process.Kill();
        process.WaitForExit();
    }

    private static string Out(string[] arguments) => arguments[Array.IndexOf(arguments, "--out") + 1];

    private static void Clear(string[] arguments)
    {
        if (arguments.Contains("--out") && Directory.Exists(Out(arguments)))
        {
            Directory.Delete(Out(arguments), recursive: true);
        }
    }

    private static Process Start(string tacit, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [tacit, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
