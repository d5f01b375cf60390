using System.Text.Json.Nodes;

namespace Tacit.Benchmarks;

/// <summary>One piece of work that both sides do.</summary>
internal sealed class Work
{
    public required string Name { get; init; }

    /// <summary>Prepares our side; the action it returns does the work once.</summary>
    public required Func<Action> Prepare { get; init; }

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
internal sealed record Measured(Work Work, double OursSeconds, double PeerSeconds, string PeerSetting, long AllocatedBytes)
{
    public double Ratio => PeerSeconds / OursSeconds;

    public double Gflops => Work.Flops / OursSeconds / 1e9;
}
