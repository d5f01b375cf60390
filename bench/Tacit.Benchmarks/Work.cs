using System.Text.Json.Nodes;

namespace Tacit.Benchmarks;

/// <summary>One piece of work that both sides do.</summary>
internal sealed class Work
{
    public required string Name { get; init; }

    /// <summary>Prepares our side; the action it returns does the work once.</summary>
    public required Func<Action> Prepare { get; init; }

    /// <summary>Whether both sides' peak memory is compared, each in a process of its own.</summary>
    public bool Memory { get; init; }

    /// <summary>Times our side is run before it counts.</summary>
    public int WarmUp { get; init; } = 3;

    /// <summary>Seconds it may take, where there is no peer; 0 for no limit.</summary>
    public double Limit { get; init; }

    /// <summary>The peer's request, and variants of it of which the best counts.</summary>
    public required JsonObject[] Requests { get; init; }

    /// <summary>Floating-point operations, where the work is one kernel.</summary>
    public double Flops { get; init; }

    /// <summary>The peer's time over ours that is promised; 0 where none is.</summary>
    public double Target { get; init; }

    /// <summary>The share of the multiply-add peak that is promised; 0 where none is.</summary>
    public double PeakTarget { get; init; }

    /// <summary>Both sides run on one thread.</summary>
    public bool OneThread { get; init; }

    /// <summary>Times it is run in one round.</summary>
    public int Runs { get; init; } = 3;
}

/// <summary>What one piece of work took, medians over the rounds.</summary>
/// <param name="Work">What was done.</param>
/// <param name="OursSeconds">Of our side.</param>
/// <param name="PeerSeconds">Of PyTorch under its best setting; null where it has no such work.</param>
/// <param name="PeerSetting">That setting.</param>
/// <param name="AllocatedBytes">Managed memory that our side makes anew each time.</param>
internal sealed record Measured(Work Work, double OursSeconds, double? PeerSeconds, string PeerSetting, long AllocatedBytes)
{
    public double? Ratio => PeerSeconds / OursSeconds;

    /// <summary>Bytes of the process at most; null where they were not compared.</summary>
    public (long Ours, long Peers)? Memory { get; init; }

    public double Gflops => Work.Flops / OursSeconds / 1e9;
}
