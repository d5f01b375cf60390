using System.Diagnostics;
using Tacit;
using Tacit.Quality;

bool Has(string flag) => args.Contains(flag);
string[]? only = Has("--only") ? args[Array.IndexOf(args, "--only") + 1].Split(',') : null;
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;      // finishes the step and leaves a checkpoint
    stop.Cancel();
};

using Bench bench = Has("--speech") ? new SpeechBench(stop.Token) : new PictureBench(stop.Token);
bool Asked(string name) => only is null || only.Contains(name);
int failures = 0;
if (Has("--page"))
{
    bench.WritePage();
}
else if (Has("--attempt"))
{
    string[] rest = args[(Array.IndexOf(args, "--attempt") + 1)..];
    Try(rest[0], () => bench.Attempt(rest[0], rest[1..]));
}
else if (Has("--speed"))
{
    foreach ((string method, _) in bench.Wanted.Where(row => row.Seed == 0 && Asked(row.Method)))
    {
        Try(method, () => bench.Time(method));
    }

    bench.WritePage();
}
else if (Has("--collapse") && bench is PictureBench pictures)
{
    foreach (CollapseCase experiment in CollapseCase.All)
    {
        pictures.Collapse(experiment);
    }

    bench.WritePage();
}
else
{
    foreach (string name in bench.Baselines.Where(name => Asked(name) && !bench.Rows.Has(name)))
    {
        bench.Baseline(name);
        Keep(name);
    }

    foreach ((string method, ulong seed) in bench.Wanted.OrderBy(row => only is null ? 0 : Array.IndexOf(only, Bench.RowName(row.Method, row.Seed))))
    {
        string name = Bench.RowName(method, seed);
        if (Asked(name) && !bench.Rows.Has(name))
        {
            Try(name, () =>
            {
                if (bench.Row(method, seed))
                {
                    Keep(name);
                }
            });
        }

        if (stop.IsCancellationRequested)
        {
            return 130;
        }
    }
}

return failures == 0 ? 0 : 1;

// A method that cannot be trained does not keep the others from it.
void Try(string name, Action work)
{
    try
    {
        work();
    }
    catch (TacitException error)
    {
        failures++;
        Console.Error.WriteLine($"{name}: {error.Message}");
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine($"{name}: stopped");
    }
}

void Keep(string name)
{
    bench.WritePage();
    if (Has("--commit"))
    {
        Git("add", bench.Rows.Folder, bench.PagePath);
        Git("commit", "-q", "-m", $"Results: {name} on {bench.Title}", "--", bench.Rows.Folder, bench.PagePath);
    }
}

static void Git(params string[] arguments)
{
    using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Rows.Root })!;
    git.WaitForExit();
}
