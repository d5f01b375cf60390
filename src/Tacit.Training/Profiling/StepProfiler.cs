using System.Diagnostics;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;

namespace Tacit.Training;

/// <summary>Measures the steps of a run, all but the first ones, in which the compiler is still at work.</summary>
public sealed class StepProfiler
{
    /// <summary>Steps that are not counted, or half of a shorter run.</summary>
    public const int WarmUp = 10;

    private const int TracedEvents = 100_000;

    private readonly OperatorProfile profile = new(TracedEvents);
    private readonly Stopwatch clock = new();
    private long seen, measured, allocated;

    /// <summary>What was measured; null where no step was.</summary>
    /// <param name="trace">Where the single events were written.</param>
    public ProfileReport? Report(string trace) => measured == 0 ? null : ProfileReport.Of(
        profile,
        measured,
        clock.Elapsed.TotalSeconds,
        allocated,
        new Peaks(MachinePeak.MultiplyAdd(), MachinePeak.Bandwidth()),
        trace);

    /// <summary>Writes the events of the first steps measured, as chrome://tracing and Perfetto read them.</summary>
    public void WriteTrace(string path) => TraceFile.Write(path, profile.Events);

    /// <summary>Does a step and measures it where it is one to be counted.</summary>
    internal double Step(Func<double> step, long steps)
    {
        if (++seen <= Math.Min(WarmUp, steps / 2))
        {
            return step();
        }

        long before = GC.GetTotalAllocatedBytes();
        clock.Start();
        try
        {
            using (profile.Measure())
            {
                return step();
            }
        }
        finally
        {
            clock.Stop();
            measured++;
            allocated += GC.GetTotalAllocatedBytes() - before;
        }
    }
}

/// <summary>What a machine can do at most with all threads, in GFLOP/s and, copying, in GB/s.</summary>
public sealed record Peaks(double Gflops, double GigabytesPerSecond);
