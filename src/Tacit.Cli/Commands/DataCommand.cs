using System.CommandLine;
using Spectre.Console;
using Tacit.Data;
using Tacit.Tensors;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit data info PATH</c>: what Tacit sees there.</summary>
internal static class DataCommand
{
    private const int Chunk = 256;
    private const int ShownClasses = 20;
    private const int ShownBroken = 10;

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var path = new Argument<string>("PATH") { Description = "Folder, .tar, manifest, IDX or CIFAR-10 file" };
        var info = new Command("info", "Items, classes, sizes and broken files: what Tacit sees at a path") { path };
        info.SetAction(parsed => Run(screen, parsed.GetRequiredValue(path), stop));
        return new Command("data", "Look at data") { info };
    }

    private static int Run(Screen screen, string path, CancellationToken stop)
    {
        using PictureDataset data = PictureDataset.Open(path);
        data.CacheBytes = 0;
        DataReport report = Look(data, screen, stop);
        if (screen.Json)
        {
            screen.Result(report, ResultJson.Default.DataReport);
        }
        else
        {
            Show(report, screen);
        }

        return ExitCode.Done;
    }

    /// <summary>Decodes every picture, so that a file which is broken only at its end is found too.</summary>
    private static DataReport Look(PictureDataset data, Screen screen, CancellationToken stop)
    {
        var sizes = new (int Width, int Height)[data.Count];
        var pace = new Pace(screen.Interactive);
        for (int start = 0; start < data.Count; start += Chunk)
        {
            stop.ThrowIfCancellationRequested();
            var body = new Decode(data, sizes, start);
            WorkerPool.Shared.For(Math.Min(Chunk, data.Count - start), ref body);
            if (pace.IsDue)
            {
                screen.Progress($"decoded {Math.Min(data.Count, start + Chunk):N0} of {data.Count:N0}");
            }
        }

        int[] usable = [.. Enumerable.Range(0, data.Count).Where(i => sizes[i].Width > 0)];
        ClassCount[] classes = [.. data.Classes.Select((name, c) => new ClassCount(name, usable.Count(i => data.Labels![i] == c)))];
        return new DataReport(
            data.Path, data.Form, usable.Length, classes,
            Range(usable.Select(i => sizes[i].Width)), Range(usable.Select(i => sizes[i].Height)), data.Ignored,
            [.. data.Broken.Select(b => new BrokenFile(b.Name, b.Reason))], data.Warnings);
    }

    private static SideRange? Range(IEnumerable<int> sides)
    {
        int[] sorted = [.. sides.Order()];
        return sorted.Length == 0 ? null : new SideRange(sorted[0], sorted[sorted.Length / 2], sorted[^1]);
    }

    private static void Show(DataReport report, Screen screen)
    {
        screen.Line($"{report.Path}: {report.Form}");
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        facts.AddRow(new Text("pictures"), new Text($"{report.Items:N0}"));
        if (report.Width is { } w && report.Height is { } h)
        {
            facts.AddRow(new Text("size"), new Text(
                w.Min == w.Max && h.Min == h.Max ? $"{w.Min} × {h.Min} pixels" : $"{w.Min} × {h.Min} to {w.Max} × {h.Max} pixels, half of them above {w.Median} × {h.Median}"));
        }

        facts.AddRow(new Text("labels"), new Text(report.Classes.Count == 0 ? "none (none are needed to pre-train)" : $"{report.Classes.Count} classes"));
        if (report.Ignored > 0)
        {
            facts.AddRow(new Text("ignored"), new Text($"{report.Ignored:N0} files that are not pictures"));
        }

        facts.AddRow(new Text("broken"), new Text($"{report.Broken.Count:N0}"));
        screen.Render(facts);
        if (report.Classes.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumn("class").AddColumn(new TableColumn("pictures").RightAligned());
            foreach (ClassCount c in report.Classes.Take(ShownClasses))
            {
                table.AddRow(new Text(c.Name), new Text($"{c.Items:N0}"));
            }

            if (report.Classes.Count > ShownClasses)
            {
                table.AddRow(new Text($"… and {report.Classes.Count - ShownClasses} more"), new Text($"{report.Classes.Skip(ShownClasses).Sum(c => c.Items):N0}"));
            }

            screen.Render(table);
        }

        foreach (BrokenFile broken in report.Broken.Take(ShownBroken))
        {
            screen.Warn($"{broken.Name}: {broken.Reason}");
        }

        if (report.Broken.Count > ShownBroken)
        {
            screen.Warn($"… and {report.Broken.Count - ShownBroken:N0} more broken files; --json lists all.");
        }

        foreach (string warning in report.Warnings)
        {
            screen.Warn(warning);
        }
    }

    private readonly struct Decode(PictureDataset data, (int Width, int Height)[] sizes, int start) : IBlockBody
    {
        public void Invoke(int block)
        {
            if (data.TryDecode(start + block) is { } picture)
            {
                sizes[start + block] = (picture.Width, picture.Height);
            }
        }
    }
}
