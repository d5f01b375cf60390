using System.CommandLine;
using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Evaluation.Suite;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit superb RUN --data DIR</c>: what a frozen encoder of sound is worth over many speech tasks.</summary>
internal sealed class SuperbCommand
{
    private const string UsualPublished = "HuBERT base";

    private readonly Argument<string> run = new("RUN") { Description = "A run's directory, an encoder.safetensors, a folder as Hugging Face publishes it, raw or raw:cmvn (FBANK), or random:BACKBONE" };
    private readonly Option<string?> data = Options.Text("--data", "DIR", "The folder that holds the sets, each under its name as a .tar or a folder", required: true);
    private readonly Option<string?> tasks = Options.Text("--tasks", "A,B|all", $"Of {string.Join(", ", SuiteCatalog.All.Select(t => t.Name))} (default: all)");
    private readonly Option<string[]> set = new("--set") { Description = $"A setting, such as head.preset=superb; may be given many times; the keys are {string.Join(", ", SuiteOptions.Keys.Where(k => k != "seed"))}", HelpName = "KEY=VALUE" };
    private readonly Option<string?> cache = Options.Text("--cache", "DIR", "Where states are kept; may be deleted at any time (default: tacit/states in the user's cache)");
    private readonly Option<int?> cacheSize = Options.Whole("--cache-size", "GB", "What the cache may grow to (default: 8)", 0, 1 << 20);
    private readonly Option<bool> padding = Options.PublishedPadding();
    private readonly Option<ulong?> seed = Options.Seed("Of splits, heads and intervals (default: 0)");
    private readonly Screen screen;
    private readonly CancellationToken stop;

    private SuperbCommand(Screen screen, CancellationToken stop) => (this.screen, this.stop) = (screen, stop);

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var superb = new SuperbCommand(screen, stop);
        var command = new Command("superb", "Judge a frozen encoder of sound on many speech tasks")
        {
            superb.run, superb.data, superb.tasks, superb.set, superb.cache, superb.cacheSize, superb.padding, superb.seed,
        };
        command.SetAction(superb.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string named = parsed.GetRequiredValue(run);
        IEnumerable<string> given = [.. parsed.GetValue(set) ?? [], .. parsed.GetValue(seed) is { } s ? [$"seed={s}"] : Array.Empty<string>()];
        var options = SuiteOptions.Parse(given);
        IReadOnlyList<SuiteTask> chosen = SuiteCatalog.Choose(parsed.GetValue(tasks) ?? "all");
        using var sets = new SuiteData(parsed.GetRequiredValue(data)!);
        var upstream = Upstream.Open(named, parsed.GetValue(seed), parsed.GetValue(padding));
        var states = new StateCache(parsed.GetValue(cache) ?? StateCache.UsualFolder(), parsed.GetValue(cacheSize) is { } size ? (long)size << 30 : StateCache.UsualBytes);
        var pace = new Pace(screen.Interactive);
        using var context = new SuiteContext(upstream, sets, options, states, stop)
        {
            Say = screen.Warn,
            Progress = (what, done, of) =>
            {
                if (pace.IsDue)
                {
                    screen.Progress($"{what}, {done:N0} of {of:N0}");
                }
            },
        };
        var rows = new List<SuiteRow>();
        foreach (SuiteRow row in SuiteRunner.Run(context, chosen))
        {
            rows.Add(row);
            Tell(row, chosen.First(t => t.Name == row.Task));
        }

        foreach (SoundDataset opened in sets.Opened.Values)
        {
            BrokenFiles.Tell(opened, screen);
        }

        EvaluationResult[] results = [.. rows.SelectMany(r => r.Results)];
        if (results.Length == 0)
        {
            throw new TacitException($"None of the tasks {string.Join(", ", chosen.Select(t => t.Name))} could run on {sets.Path}; why is said above.");
        }

        screen.Result(new SuiteReport(results, [.. rows.Select(r => new SuiteTaskReport(r.Task, Math.Round(r.Seconds, 1), r.Results.Count > 0, r.Detail))]), ResultJson.Default.SuiteReport);
        screen.Line();
        screen.Render(SuiteTable.Of(rows, upstream.Name, Published.Counterpart(Method(named)) ?? UsualPublished));
        screen.Paragraph("What was published was measured on other data, with larger encoders: it stands there for orientation, not for comparison.");
        return ExitCode.Done;
    }

    private void Tell(SuiteRow row, SuiteTask task)
    {
        if (row.Results.Count == 0)
        {
            screen.Warn($"{task.Name} ({task.Title}) is left out: {row.Detail}");
            return;
        }

        string scores = string.Join(", ", row.Results.Select(r => $"{r.Metric} {SuiteTable.Number(r.Metric, r.Value)}"));
        screen.Line($"{task.Name}: {task.Title}, {scores}; {Durations.Clock(row.Seconds)}, {row.Detail}");
    }

    /// <summary>The method that a run was trained by, or <c>raw</c>; null where it is not known.</summary>
    private static string? Method(string named)
    {
        if (named.StartsWith(Encoder.RawName, StringComparison.Ordinal) && !Directory.Exists(named))
        {
            return named;
        }

        var directory = new RunDirectory(named);
        return Directory.Exists(named) && directory.HasRun ? directory.ReadConfig().MethodName : null;
    }
}
