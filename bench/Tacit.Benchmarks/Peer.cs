using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tacit.Benchmarks;

/// <summary>A PyTorch process under one thread setting; it answers one request a line.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process process;

    public Peer(string script, int openMpThreads, int blasThreads)
    {
        Setting = $"OMP_NUM_THREADS={openMpThreads} OPENBLAS_NUM_THREADS={blasThreads}";
        var start = new ProcessStartInfo("/usr/bin/python3", ["-u", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["OMP_NUM_THREADS"] = $"{openMpThreads}";
        start.Environment["OPENBLAS_NUM_THREADS"] = $"{blasThreads}";
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        process = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start.");
    }

    public string Setting { get; }

    public JsonNode Ask(JsonObject request)
    {
        process.StandardInput.WriteLine(request.ToJsonString());
        process.StandardInput.Flush();
        string? line = process.StandardOutput.ReadLine();
        return JsonNode.Parse(line ?? throw new InvalidOperationException($"PyTorch's process ended at {request.ToJsonString()}; is python3-torch installed?"))!;
    }

    public double Seconds(JsonObject request) => Ask(request)["seconds"]!.GetValue<double>();

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(2000))
        {
            process.Kill();
        }

        process.Dispose();
    }
}
