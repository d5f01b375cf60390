using System.Diagnostics;
using Tacit.Methods;
using Tacit.Quality;

// The methods whose spread over seeds is measured, as well.
string[] seeded = ["simclr", "byol", "vicreg", "mae"];
bool Has(string flag) => args.Contains(flag);
string[]? only = Has("--only") ? args[Array.IndexOf(args, "--only") + 1].Split(',') : null;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;      // finishes the step and leaves a checkpoint
    stop.Cancel();
};

if (Has("--page"))
{
    Page.Write();
    return 0;
}

using var bench = new Bench(stop.Token);
if (Has("--speed"))
{
    foreach (MethodEntry entry in MethodCatalog.All.Concat(MethodCatalog.References))
    {
        bench.Time(entry.Info.Name);
    }

    Page.Write();
    return 0;
}

if (Has("--collapse"))
{
    foreach (CollapseCase experiment in CollapseCase.All)
    {
        bench.Collapse(experiment);
    }

    Page.Write();
    return 0;
}

(string Method, ulong Seed)[] rows =
[
    .. MethodCatalog.All.Concat(MethodCatalog.References).Select(m => (m.Info.Name, 0UL)),
    .. seeded.SelectMany(name => new[] { (name, 1UL), (name, 2UL) }),
];
foreach ((string method, ulong seed) in rows.OrderBy(row => only is null ? 0 : Array.IndexOf(only, Bench.RowName(row.Method, row.Seed))))
{
    string name = Bench.RowName(method, seed);
    if ((only is null || only.Contains(name)) && !File.Exists(Rows.PathOf(name)) && bench.Row(method, seed))
    {
        Page.Write();
        if (Has("--commit"))
        {
            Git("add", "bench/quality/rows", "docs/results-images.md");
            Git("commit", "-q", "-m", $"Results: {name} on CIFAR-10", "--", "bench/quality/rows", "docs/results-images.md");
        }
    }

    if (stop.IsCancellationRequested)
    {
        return 130;
    }
}

if ((only is null || only.Contains("raw")) && !File.Exists(Rows.PathOf("raw")))
{
    bench.Raw();
    Page.Write();
}

return 0;

static void Git(params string[] arguments)
{
    using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Rows.Root })!;
    git.WaitForExit();
}
