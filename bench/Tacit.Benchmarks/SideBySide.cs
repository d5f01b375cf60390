using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Tacit.Tensors;
using Tacit.Tensors.Kernels;
using Tacit.Tensors.Simd;

namespace Tacit.Benchmarks;

/// <summary>Our seconds and PyTorch's for the same work, in turn, in one run; medians, under PyTorch's best thread setting.</summary>
internal sealed class SideBySide(string script, int rounds)
{
    private readonly List<Peer> peers = [];
    private readonly List<double> peaks = [];

    public JsonObject Machine { get; } = [];

    /// <summary>The best multiply-add rate seen between the pieces of work, all threads, GFLOP/s.</summary>
    public double Peak => peaks.Max();

    public IEnumerable<Measured> Run(IEnumerable<Work> works)
    {
        int cores = Environment.ProcessorCount;
        peers.Add(new Peer(script, cores, cores));
        peers.Add(new Peer(script, cores, 1));
        peers.Add(new Peer(script, 1, 1));
        try
        {
            JsonNode versions = peers[0].Ask(new JsonObject { ["work"] = "versions" });
            Machine["ours"] = $".NET {Environment.Version}, {Width.Name}, {cores} threads";
            Machine["peer"] = $"PyTorch {versions["torch"]}, torchvision {versions["torchvision"]}";
            Machine["architecture"] = $"{RuntimeInformation.ProcessArchitecture}, {Processor()}";
            foreach (Work work in works)
            {
                peaks.Add(MachinePeak.MultiplyAdd(repeats: 4));
                yield return Measure(work);
            }
        }
        finally
        {
            foreach (Peer peer in peers)
            {
                peer.Dispose();
            }
        }
    }

    private static string Processor()
    {
        const string Key = "model name";
        return File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal))?.Split(':')[^1].Trim() ?? "unknown"
            : "unknown";
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        int middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private Measured Measure(Work work)
    {
        WorkerPool.Configure(work.OneThread ? 1 : Environment.ProcessorCount);
        Action ours = work.Prepare();
        for (int i = 0; i < work.WarmUp; i++)
        {
            ours();
        }

        var own = new List<double>();
        var theirs = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (int round = 0; round < rounds; round++)
        {
            if (work.WarmUp > 0)
            {
                ours();         // wakes the threads and warms the caches, as the peers' first run of a round does theirs
            }

            for (int run = 0; run < work.Runs; run++)
            {
                long start = Stopwatch.GetTimestamp();
                ours();
                own.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            foreach (Peer peer in work.OneThread ? [peers[^1]] : peers)
            {
                // The first round tries every setting; later ones only those that can still be the best.
                foreach (JsonObject request in work.Requests)
                {
                    string key = $"{peer.Setting}{(request["channels_last"]?.GetValue<bool>() == true ? " channels_last" : string.Empty)}";
                    if (round > 0 && theirs[key][0] > 1.5 * theirs.Values.Min(seconds => seconds[0]))
                    {
                        continue;
                    }

                    theirs.TryAdd(key, []);
                    for (int run = 0; run < work.Runs; run++)
                    {
                        theirs[key].Add(peer.Seconds((JsonObject)request.DeepClone()));
                    }
                }
            }
        }

        // Counted apart from the clock: an exact count stops every thread.
        long before = GC.GetTotalAllocatedBytes(precise: true);
        ours();
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        WorkerPool.Configure(Environment.ProcessorCount);
        if (work.Requests.Length == 0)
        {
            return new Measured(work, Median(own), null, "", allocated);
        }

        KeyValuePair<string, List<double>> best = theirs.Where(pair => pair.Value.Count > work.Runs || rounds == 1).MinBy(pair => Median(pair.Value));
        return new Measured(work, Median(own), Median(best.Value), best.Key, allocated) { Memory = work.Memory ? (PeakMemory.Alone(work), PeakMemory.OfPeer(script, work)) : null };
    }
}
