namespace Tacit.Benchmarks;

/// <summary>Runs the sweep, prints it, and draws it.</summary>
internal static class Sweep
{
    private const double Promised = 0.85, PromisedMemory = 0.7;

    /// <returns>0 where every size reaches what is promised, 1 otherwise.</returns>
    public static int Run(string? picture, string filter)
    {
        var sweep = new KernelSweep();
        var all = new List<Reached>();
        Console.WriteLine($"{"",-46} {"",-15} {"ms",9} {"GFLOP/s",8} {"GB/s",6} {"share",6} {"bound by",-9} {"scaling",7}");
        foreach (Case of in Cases.All().Where(c => $"{c.Group} {c.Name}".Contains(filter, StringComparison.Ordinal)))
        {
            Reached r = sweep.Measure(of);
            all.Add(r);
            Console.WriteLine(
                $"{of.Name,-46} {of.Direction,-15} {r.Seconds * 1e3,9:F3} {(r.Gflops > 0 ? $"{r.Gflops:F0}" : ""),8} {r.GigabytesASecond,6:F1} {r.Share,6:P0} {(r.ByMemory ? "memory" : "lanes"),-9} {r.Scaling,7:F2}");
        }

        if (picture is not null)
        {
            SweepPicture.Write(picture, KernelSweep.Caption, all);
        }

        Reached[] missed = [.. all.Where(r => r.Share < (r.ByMemory ? PromisedMemory : Promised))];
        Console.WriteLine($"{all.Count - missed.Length} of {all.Count} reach {Promised:P0} of the lanes' peak or {PromisedMemory:P0} of the memory's.");
        return missed.Length == 0 ? 0 : 1;
    }
}
