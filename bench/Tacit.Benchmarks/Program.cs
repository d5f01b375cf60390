using System.Text.Json;
using System.Text.Json.Nodes;
using Tacit.Benchmarks;

bool json = args.Contains("--json", StringComparer.Ordinal);
int rounds = Array.IndexOf(args, "--rounds") is >= 0 and var at ? int.Parse(args[at + 1]) : 5;
string filter = Array.IndexOf(args, "--only") is >= 0 and var from ? args[from + 1] : string.Empty;
string root = Path.GetFullPath(Environment.GetEnvironmentVariable("TACIT_ROOT") ?? Directory.GetCurrentDirectory());

var comparison = new SideBySide(Path.Combine(root, "bench", "peers", "peer.py"), rounds);
var results = new List<Measured>();
Console.Error.WriteLine($"{"work",-40} {"ours ms",10} {"PyTorch ms",11} {"ratio",6} {"GFLOP/s",8} {"bytes",8}  PyTorch's best setting");
foreach (Measured m in comparison.Run(KernelWorks.All().Concat(TrainingWorks.All(root)).Concat(SpeechWorks.All(root)).Where(work => work.Name.Contains(filter, StringComparison.Ordinal))))
{
    results.Add(m);
    Console.Error.WriteLine(
        $"{m.Work.Name,-40} {m.OursSeconds * 1e3,10:F2} {m.PeerSeconds * 1e3,11:F2} {m.Ratio,6:F2} {(m.Work.Flops > 0 ? $"{m.Gflops:F0}" : ""),8} {m.AllocatedBytes,8}  {m.PeerSetting}");
}

Console.Error.WriteLine($"multiply-add peak in this run: {comparison.Peak:F0} GFLOP/s; {string.Join("; ", comparison.Machine.Select(pair => pair.Value))}");
bool reached = true;
foreach (Measured m in results)
{
    double share = m.Gflops / comparison.Peak;
    string? missed = m.Work.PeakTarget > 0 && share < m.Work.PeakTarget ? $"{share:P0} of the peak, promised {m.Work.PeakTarget:P0}"
        : m.Work.Target > 0 && m.Ratio < m.Work.Target ? $"ratio {m.Ratio:F2}, promised {m.Work.Target:F2}" : null;
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
        ["allocated_bytes"] = m.AllocatedBytes,
        ["peer_setting"] = m.PeerSetting,
    })]);
    Console.WriteLine(list.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
}

return reached ? 0 : 1;
