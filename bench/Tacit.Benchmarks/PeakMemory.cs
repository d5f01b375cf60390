using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Tacit.Benchmarks;

/// <summary>The most memory that a piece of work takes in a process of its own, on either side.</summary>
internal static class PeakMemory
{
    private const int Runs = 3;

    /// <summary>What makes this program do one piece of work and print its peak.</summary>
    public const string Flag = "--alone";

    /// <summary>Bytes of a process that does our side of it.</summary>
    public static long Alone(Work work)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(PeakMemory).Assembly.Location, Flag, work.Name]) { RedirectStandardOutput = true, UseShellExecute = false };
        using Process process = Process.Start(start)!;
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return long.Parse(printed, CultureInfo.InvariantCulture);
    }

    /// <summary>Bytes of a PyTorch process that does its side.</summary>
    public static long OfPeer(string script, Work work)
    {
        using var peer = new Peer(script, Environment.ProcessorCount, Environment.ProcessorCount);
        for (int i = 0; i < Runs; i++)
        {
            peer.Ask((JsonObject)work.Requests[0].DeepClone());
        }

        return peer.Ask(new JsonObject { ["work"] = "memory" })["bytes"]!.GetValue<long>();
    }

    /// <summary>Does our side in this process and prints its peak.</summary>
    public static void Print(Work work)
    {
        Action ours = work.Prepare();
        for (int i = 0; i < Runs; i++)
        {
            ours();
        }

        using var process = Process.GetCurrentProcess();
        Console.Write(process.PeakWorkingSet64.ToString(CultureInfo.InvariantCulture));
    }
}
