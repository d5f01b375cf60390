using System.CommandLine;
using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Evaluation;
using Tacit.Models;
using Tacit.Training;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit eval RUN --data PATH</c>: how well a frozen encoder tells classes apart, beside raw pixels and an untrained one.</summary>
internal sealed class EvalCommand
{
    private readonly Argument<string> run = new("RUN") { Description = "A run's directory, an encoder.safetensors, a folder as Hugging Face publishes it, raw, or random:BACKBONE" };
    private readonly Option<string?> data = Options.Text("--data", "PATH", "Labelled items to learn the classes from", required: true);
    private readonly Option<string?> test = Options.Text("--test", "PATH", "Labelled items to judge on (default: five-fold cross-validation)");
    private readonly Option<string?> protocol = Options.Choice("--protocol", "What is taught or measured (default: kNN and linear); scores teach nothing", "knn", "linear", LabelFreeScores.Name);
    private readonly Option<string?> labels = Options.Text("--labels", "FRACTION|N", "Use fewer labels: 0.1 or 10% of each class, or 20 a class");
    private readonly Option<string?> solver = Options.Choice("--solver", "Of the linear probe (default: lbfgs)", "lbfgs", "sgd");
    private readonly Option<string?> layer = Options.Features(", or weighted: the sum of all layers whose weights the linear probe learns");
    private readonly Option<bool> speakers = new("--speakers") { Description = "Tell who speaks, instead of the classes" };
    private readonly Option<bool> padding = Options.PublishedPadding();
    private readonly Option<ulong?> seed = Options.Seed("Of folds, label choice and intervals (default: the run's)");
    private readonly Screen screen;
    private readonly CancellationToken stop;

    private EvalCommand(Screen screen, CancellationToken stop) => (this.screen, this.stop) = (screen, stop);

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var eval = new EvalCommand(screen, stop);
        var command = new Command("eval", "Judge an encoder by kNN and linear probe, beside raw pixels and an untrained one")
        {
            eval.run, eval.data, eval.test, eval.protocol, eval.labels, eval.solver, eval.layer, eval.speakers, eval.padding, eval.seed,
        };
        command.SetAction(eval.Run);
        return command;
    }

    /// <summary>The protocols asked for; null means both, and L-BFGS.</summary>
    public static IReadOnlyList<Protocol> Protocols(string? protocol, string? solver, ulong seed)
    {
        var knn = new KnnProtocol();
        var linear = new LinearProbe(solver == "sgd" ? ProbeSolver.Sgd : ProbeSolver.Lbfgs, seed);
        return protocol switch
        {
            "knn" => [knn],
            "linear" => [linear],
            _ => [knn, linear],
        };
    }

    /// <summary>The encoder's rows and the baselines'.</summary>
    public static IReadOnlyList<EvaluationRow> Judge(
        string run, Dataset data, Dataset? test, IReadOnlyList<Protocol> protocols, LabelBudget budget, ulong? seed, Screen screen, CancellationToken stop, string layer = Backbone.Last, bool publishedPadding = false)
    {
        var baseline = Inputs.Default(data);
        Encoder encoder = Encoder.Open(run, baseline, seed, publishedPadding).At(layer);
        var pace = new Pace(screen.Interactive);
        var evaluator = new Evaluator(data, test, protocols, budget, seed ?? encoder.Seed)
        {
            Progress = (what, done, of) =>
            {
                if (pace.IsDue)
                {
                    screen.Progress($"{what}, {done:N0} of {of:N0}");
                }
            },
        };
        var rows = new List<EvaluationRow>();
        foreach (Encoder each in (Encoder[])[Encoder.Raw(encoder.Input), encoder.Untrained(), .. encoder.IsTrained ? [encoder] : Array.Empty<Encoder>()])
        {
            rows.AddRange(evaluator.Run(each, stop));
        }

        return rows;
    }

    /// <summary>The table, and how each row came about.</summary>
    public static void Show(IReadOnlyList<EvaluationRow> rows, Screen screen, string items = "pictures")
    {
        EvaluationResult first = rows[0].Result;
        screen.Line();
        screen.Line($"{first.Task}: accuracy on {first.N:N0} {items}");
        screen.Render(EvaluationTable.Of(rows));
        string encoder = rows[^1].Result.Encoder;
        foreach (EvaluationRow row in rows.Where(r => r.Result.Encoder == encoder))
        {
            screen.Line($"{EvaluationTable.Title(row.Result.Protocol)}: {row.Detail}");
        }
    }

    private int Run(ParseResult parsed)
    {
        LabelBudget budget = parsed.GetValue(labels) is { } text ? LabelBudget.Parse(text) : LabelBudget.All;
        using Dataset opened = Dataset.Open(parsed.GetRequiredValue(data)!);
        using Dataset? tested = parsed.GetValue(test) is { } path ? Dataset.Open(path, Split.Test) : null;
        (Dataset items, Dataset? held) = (opened, tested);
        if (parsed.GetValue(speakers))
        {
            (items, held) = (BySpeaker(items), held is null ? null : BySpeaker(held));
        }

        ulong? given = parsed.GetValue(seed);
        string features = parsed.GetValue(layer) ?? Backbone.Last;
        string? how = parsed.GetValue(protocol) ?? (features == Encoder.Weighted ? "linear" : null);
        if (how == LabelFreeScores.Name)
        {
            return ScoresScreen.Run(parsed.GetRequiredValue(run), items, held, parsed.GetValue(labels), features, parsed.GetValue(padding), given, screen, stop);
        }

        IReadOnlyList<EvaluationRow> rows = Judge(
            parsed.GetRequiredValue(run), items, held, Protocols(how, parsed.GetValue(solver), given ?? 0), budget, given, screen, stop, features, parsed.GetValue(padding));
        BrokenFiles.Tell(items, screen);
        if (held is not null)
        {
            BrokenFiles.Tell(held, screen);
        }

        screen.Result(new EvaluationReport([.. rows.Select(r => r.Result)]), ResultJson.Default.EvaluationReport);
        Show(rows, screen, items.Word);
        return ExitCode.Done;
    }

    private static SoundDataset BySpeaker(Dataset data) => data is SoundDataset sounds
        ? sounds.BySpeaker()
        : throw new ConfigurationException($"--speakers: '{data.Path}' holds {data.Word}, in which nobody speaks.");
}
