using System.Text.Json;
using System.Text.Json.Nodes;
using Tacit.Benchmarks;

bool json = args.Contains("--json", StringComparer.Ordinal);
int rounds = Array.IndexOf(args, "--rounds") is >= 0 and var at ? int.Parse(args[at + 1]) : 5;
string filter = Array.IndexOf(args, "--only") is >= 0 and var from ? args[from + 1] : string.Empty;
string root = Path.GetFullPath(Environment.GetEnvironmentVariable("TACIT_ROOT") ?? Directory.GetCurrentDirectory());

Work[] works = [.. KernelWorks.All(), .. TrainingWorks.All(root), .. SpeechWorks.All(root), .. RunWorks.All(root)];
if (args is [PeakMemory.Flag, var name])
{
    PeakMemory.Print(works.Single(work => work.Name == name));
    return 0;
}

if (args.Contains("--sweep", StringComparer.Ordinal))
{
    return Sweep.Run(Array.IndexOf(args, "--picture") is >= 0 and var p ? args[p + 1] : null, filter);
}

var comparison = new SideBySide(Path.Combine(root, "bench", "peers", "peer.py"), rounds);
var results = new List<Measured>();
Console.Error.WriteLine($"{"work",-58} {"ours ms",10} {"PyTorch ms",11} {"ratio",6} {"GFLOP/s",8} {"MB",6} {"PyTorch MB",10} {"bytes",8}  PyTorch's best setting");
foreach (Measured m in comparison.Run(works.Where(work => work.Name.Contains(filter, StringComparison.Ordinal))))
{
    results.Add(m);
    Console.Error.WriteLine(
        $"{m.Work.Name,-58} {m.OursSeconds * 1e3,10:F2} {m.PeerSeconds * 1e3,11:F2} {m.Ratio,6:F2} {(m.Work.Flops > 0 ? $"{m.Gflops:F0}" : ""),8} " +
        $"{m.Memory?.Ours / 1e6,6:F0} {m.Memory?.Peers / 1e6,10:F0} {m.AllocatedBytes,8}  {m.PeerSetting}");
}

Console.Error.WriteLine($"multiply-add peak in this run: {comparison.Peak:F0} GFLOP/s; {string.Join("; ", comparison.Machine.Select(pair => pair.Value))}");
bool reached = true;
foreach (Measured m in results)
{
    double share = m.Gflops / comparison.Peak;
    string? missed = m.Work.PeakTarget > 0 && share < m.Work.PeakTarget ? $"{share:P0} of the peak, promised {m.Work.PeakTarget:P0}"
        : m.Work.Target > 0 && m.Ratio < m.Work.Target ? $"ratio {m.Ratio:F2}, promised {m.Work.Target:F2}"
        : m.Work.Limit > 0 && m.OursSeconds > m.Work.Limit ? $"{m.OursSeconds:F3} s, promised {m.Work.Limit:F1} s"
        : m.Memory is { } memory && memory.Ours > memory.Peers ? $"{memory.Ours / 1e6:F0} MB, PyTorch {memory.Peers / 1e6:F0} MB" : null;
    if (missed is not null)
    {
        reached = false;
        Console.Error.WriteLine($"missed: {m.Work.Name}: {missed}");
    }
}

if (json)
{
    var list = new JsonArray([.. results.Select(m => (JsonNode)new JsonObject
    {
        ["work"] = m.Work.Name,
        ["ours_seconds"] = m.OursSeconds,
        ["peer_seconds"] = m.PeerSeconds,
        ["ratio"] = m.Ratio,
        ["target"] = m.Work.Target,
        ["gflops"] = m.Gflops,
        ["peak_share"] = m.Gflops / comparison.Peak,
        ["peak_target"] = m.Work.PeakTarget,
        ["limit_seconds"] = m.Work.Limit,
        ["ours_bytes"] = m.Memory?.Ours,
        ["peer_bytes"] = m.Memory?.Peers,
        ["allocated_bytes"] = m.AllocatedBytes,
        ["peer_setting"] = m.PeerSetting,
    })]);
    Console.WriteLine(list.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
}

return reached ? 0 : 1;
