using System.Diagnostics;
using Tacit.Tensors;

namespace Tacit.Training;

/// <summary>Where the time of a step goes.</summary>
/// <param name="Steps">How many were measured.</param>
/// <param name="SecondsPerStep">Their mean.</param>
/// <param name="Peaks">What the machine can do.</param>
/// <param name="AllocatedPerStep">Bytes of managed memory made anew in a step.</param>
/// <param name="PeakMemory">Bytes of the process at most.</param>
/// <param name="Parts">Waiting for data, forward, backward, the optimiser and so on, in order of time.</param>
/// <param name="Operators">In order of time.</param>
/// <param name="Outside">Seconds of forward and backward that belong to no operator.</param>
/// <param name="Trace">The file of single events.</param>
public sealed record ProfileReport(
    long Steps,
    double SecondsPerStep,
    Peaks Peaks,
    long AllocatedPerStep,
    long PeakMemory,
    IReadOnlyList<PartTime> Parts,
    IReadOnlyList<OperatorTime> Operators,
    double Outside,
    string Trace)
{
    internal static ProfileReport Of(OperatorProfile profile, long steps, double seconds, long allocated, Peaks peaks, string trace)
    {
        OperatorCost[] parts = [.. profile.Costs.Where(c => c.Pass == Pass.Part)], operators = [.. profile.Costs.Where(c => c.Pass != Pass.Part)];
        double whole = parts.Where(p => p.Name is StepPart.Forward or StepPart.Backward).Sum(p => p.Seconds);
        using var process = Process.GetCurrentProcess();
        return new ProfileReport(
            steps,
            seconds / steps,
            peaks,
            allocated / steps,
            process.PeakWorkingSet64,
            [.. parts.Select(p => new PartTime(p.Name, p.Seconds / steps))],
            [.. operators.GroupBy(c => c.Name).Select(c => OperatorTime.Of(c.Key, [.. c], steps)).OrderByDescending(o => o.Seconds)],
            Math.Max(0, whole - operators.Sum(o => o.Seconds)) / steps,
            trace);
    }
}

/// <summary>Seconds of a step that a part of it takes.</summary>
public sealed record PartTime(string Name, double Seconds);

/// <summary>What an operator costs in a step.</summary>
/// <param name="Calls">Forward calls a step.</param>
/// <param name="Forward">Seconds.</param>
/// <param name="Backward">Seconds.</param>
/// <param name="Gflops">Achieved by products and convolutions; 0 for operators without.</param>
/// <param name="GigabytesPerSecond">Of memory that must at least be touched.</param>
public sealed record OperatorTime(string Name, double Calls, double Forward, double Backward, double Gflops, double GigabytesPerSecond)
{
    public double Seconds => Forward + Backward;

    internal static OperatorTime Of(string name, OperatorCost[] costs, long steps)
    {
        double Sum(Pass pass, Func<OperatorCost, double> of) => costs.Where(c => c.Pass == pass).Sum(of) / steps;
        double seconds = Math.Max(1e-9, costs.Sum(c => c.Seconds));
        return new OperatorTime(
            name,
            Sum(Pass.Forward, c => c.Calls),
            Sum(Pass.Forward, c => c.Seconds),
            Sum(Pass.Backward, c => c.Seconds),
            costs.Sum(c => c.Operations) / seconds / 1e9,
            costs.Sum(c => c.Bytes) / seconds / 1e9);
    }
}

/// <summary>The parts of a step.</summary>
internal static class StepPart
{
    public const string Stage = "stage pass", Data = "data", Forward = "forward", Backward = "backward", Optimizer = "optimizer", Averages = "averages";
}
