using System.Globalization;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;

namespace Tacit.Benchmarks;

/// <summary>
/// Holds each operator against what its size allows on this machine: the multiply-add peak times the part of the lanes that the last axis
/// fills, or the memory's bandwidth where operands do not fit the caches that cores have to themselves, whichever takes longer.
/// </summary>
internal sealed class KernelSweep
{
    private const double SecondsEach = 0.2;

    private readonly double bandwidth = MachinePeak.Bandwidth();
    private readonly long caches = OwnCaches();

    public static string Caption => $"share of what the size allows ({Tensors.Simd.Width.Name}, {Environment.ProcessorCount} threads)";

    public Reached Measure(Case of)
    {
        Time(of, 0);                                                                // makes the tensors, compiles, grows the arena
        double one = Threads(1, () => Time(of, SecondsEach).Seconds);
        double peak = MachinePeak.MultiplyAdd(repeats: 3);
        (double seconds, long operations, long bytes) = Time(of, SecondsEach);
        peak = Math.Max(peak, MachinePeak.MultiplyAdd(repeats: 3));
        int lanes = Tensors.Simd.Width.Bits / 32;
        double filled = of.Lanes / (double)((of.Lanes + lanes - 1) / lanes * lanes);
        double computing = operations / (peak * filled * 1e9), moving = bytes > caches ? bytes / (bandwidth * 1e9) : 0;
        return new Reached(of, seconds, Math.Max(computing, moving), moving > computing, operations / seconds / 1e9, bytes / seconds / 1e9, one);
    }

    private static T Threads<T>(int count, Func<T> measure)
    {
        WorkerPool.Configure(count);
        try
        {
            return measure();
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    /// <summary>The median call's seconds, what it computes and what it touches.</summary>
    private static (double Seconds, long Operations, long Bytes) Time(Case of, double budget)
    {
        var seconds = new List<double>();
        long operations = 0, bytes = 0;
        do
        {
            OperatorCost[] costs = Once(of);
            seconds.Add(costs.Sum(c => c.Seconds));
            (operations, bytes) = (costs.Sum(c => c.Operations), costs.Sum(c => c.Bytes));
        }
        while (seconds.Count < 5 || (seconds.Sum() < budget && seconds.Count < 2000));

        seconds.Sort();
        return (seconds[seconds.Count / 2], operations, bytes);
    }

    private static OperatorCost[] Once(Case of)
    {
        Pass pass = of.Direction == Direction.Forward ? Pass.Forward : Pass.Backward;
        var profile = new OperatorProfile();
        using (profile.Measure())
        using (Scope scope = of.Direction == Direction.Forward ? Scope.NoGradient() : Scope.Gradient())
        {
            Tensor y = of.Run();
            if (pass == Pass.Backward)
            {
                scope.Backward(Ops.Sum(y));
            }
        }

        return [.. profile.Costs.Where(c => c.Pass == pass && c.Name != nameof(Ops.Sum))];
    }

    /// <summary>Bytes of the second caches of all cores; 1 MB each where the system does not tell.</summary>
    private static long OwnCaches()
    {
        const string Size = "/sys/devices/system/cpu/cpu0/cache/index2/size";
        long kilobytes = File.Exists(Size) ? long.Parse(File.ReadAllText(Size).Trim().TrimEnd('K'), CultureInfo.InvariantCulture) : 1024;
        return (kilobytes << 10) * Environment.ProcessorCount;
    }
}
