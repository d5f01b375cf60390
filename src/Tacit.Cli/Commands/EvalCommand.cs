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
    private readonly Option<string?> protocol = Options.Choice(
        "--protocol",
        "On frozen features knn, linear or (default) both; finetune: the whole encoder learns, beside the same network from scratch; scores teach nothing",
        "knn", "linear", FineTune.Word, LabelFreeScores.Name);
    private readonly Option<string?> labels = Options.Text("--labels", "FRACTION|N", "Use fewer labels: 0.1 or 10% of each class, or 20 a class");
    private readonly Option<int?> draws = Options.Whole("--draws", "K", "Choose the labels anew K times and show mean and spread (default: 3 with --labels, otherwise 1)", 1, 1000);
    private readonly Option<string[]> set = new("--set") { Description = "A setting of finetune, such as lr=0.0005; may be given many times", HelpName = "KEY=VALUE" };
    private readonly Option<string?> solver = Options.Choice("--solver", "Of the linear probe (default: lbfgs)", "lbfgs", "sgd");
    private readonly Option<string?> layer = Options.Features(", or weighted: the sum of all layers whose weights the linear probe learns");
    private readonly Option<bool> speakers = new("--speakers") { Description = "Tell who speaks, instead of the classes" };
    private readonly Option<string?> task = Options.Choice("--task", "classes (default), or ctc: of recordings with transcripts, what is said", "classes", CtcEvaluation.Word);
    private readonly Option<string?> units = Options.Choice("--units", "Of ctc (default: letters)", "letters", "phones");
    private readonly Option<string?> lexicon = Options.Text("--lexicon", "FILE", "Of phones: a word and its phones a line, such as CMUdict's");
    private readonly Option<string?> output = Options.Text("--out", "DIR", "Of ctc: keep the encoder and its head lm_head, as published models are");
    private readonly Option<bool> padding = Options.PublishedPadding();
    private readonly Option<ulong?> seed = Options.Seed("Of folds, label choice and intervals (default: the run's)");
    private readonly Screen screen;
    private readonly CancellationToken stop;

    private EvalCommand(Screen screen, CancellationToken stop) => (this.screen, this.stop) = (screen, stop);

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var eval = new EvalCommand(screen, stop);
        var command = new Command("eval", "Judge an encoder by kNN, linear probe or fine-tuning, beside raw pixels and an untrained one")
        {
            eval.run, eval.data, eval.test, eval.protocol, eval.labels, eval.draws, eval.set, eval.solver, eval.layer, eval.speakers, eval.task, eval.units, eval.lexicon, eval.output, eval.padding, eval.seed,
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
        string run, Dataset data, Dataset? test, IReadOnlyList<Protocol> protocols, LabelBudget budget, ulong? seed, Screen screen, CancellationToken stop, string layer = Backbone.Last, bool publishedPadding = false, int draws = 1)
    {
        var baseline = Inputs.Default(data);
        Encoder encoder = Encoder.Open(run, baseline, seed, publishedPadding).At(layer);
        var evaluator = new Evaluator(data, test, protocols, budget, seed ?? encoder.Seed) { Draws = draws, Progress = Telling(screen) };
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
        if (first.Draws is { } times)
        {
            screen.Line($"Mean of {times} draws of labels; ± is the standard deviation over the draws.");
        }

        foreach (EvaluationRow row in rows.Where(r => r.Result.Encoder == encoder))
        {
            screen.Paragraph($"{EvaluationTable.Title(row.Result.Protocol)}: {row.Detail}");
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

        if (parsed.GetValue(task) == CtcEvaluation.Word)
        {
            if (how == "knn")
            {
                throw new ConfigurationException("--protocol knn: neighbours do not spell; --task ctc takes linear (the head on frozen states) or finetune.");
            }

            Encoder reader = Encoder.Open(parsed.GetRequiredValue(run), Inputs.Default(items), given, parsed.GetValue(padding)).At(features);
            var ctc = new CtcEvaluation(screen, Telling(screen), given ?? reader.Seed, stop);
            ctc.Run(reader, items, held, how != "linear", parsed.GetValue(units), parsed.GetValue(lexicon), parsed.GetValue(output), parsed.GetValue(set) ?? [], budget, Draws(parsed.GetValue(draws), budget));
            TellBroken(items, held);
            return ExitCode.Done;
        }

        RefuseOfCtc(parsed);
        int times = Draws(parsed.GetValue(draws), budget);
        string[] settings = parsed.GetValue(set) ?? [];
        IReadOnlyList<EvaluationRow> rows;
        IReadOnlyList<EvaluationComparison> compared = [];
        if (how == FineTune.Word)
        {
            Encoder encoder = Encoder.Open(parsed.GetRequiredValue(run), Inputs.Default(items), given, parsed.GetValue(padding)).At(features);
            ulong used = given ?? encoder.Seed;
            rows = FineTuneRows.Of(encoder, items, held, budget, times, FineTuneOptions.From(settings), used, Telling(screen), stop);
            compared = FineTuneRows.Compare(rows, used);
        }
        else
        {
            Refuse(settings);
            rows = Judge(
                parsed.GetRequiredValue(run), items, held, Protocols(how, parsed.GetValue(solver), given ?? 0), budget, given, screen, stop, features, parsed.GetValue(padding), times);
        }

        Tell(items, screen);
        if (held is not null)
        {
            Tell(held, screen);
        }

        screen.Result(new EvaluationReport([.. rows.Select(r => r.Result)]) { Comparisons = compared.Count > 0 ? compared : null }, ResultJson.Default.EvaluationReport);
        Show(rows, screen, items.Word);
        ComparisonText.Show(compared, screen);
        return ExitCode.Done;
    }

    private void TellBroken(Dataset items, Dataset? held)
    {
        foreach (Dataset each in held is null ? [items] : (Dataset[])[items, held])
        {
            BrokenFiles.Tell(each, screen);
        }
    }

    private void RefuseOfCtc(ParseResult parsed)
    {
        foreach (Option<string?> option in (Option<string?>[])[units, lexicon, output])
        {
            if (parsed.GetValue(option) is not null)
            {
                throw new ConfigurationException($"{option.Name} is an option of --task ctc; add it.");
            }
        }
    }

    /// <summary>How often labels are chosen: once where all are used, since there is one choice.</summary>
    private static int Draws(int? given, LabelBudget budget) => budget != LabelBudget.All ? given ?? 3
        : given is null or 1 ? 1
        : throw new ConfigurationException("--draws: all labels are used, so there is one way to choose them; give --labels, such as 10%.");

    private static void Refuse(string[] settings)
    {
        if (settings.Length > 0)
        {
            throw new ConfigurationException($"--set {settings[0]}: settings are fine-tuning's; add --protocol finetune.");
        }
    }

    /// <summary>Shows what is being done, now and then.</summary>
    private static Action<string, int, int> Telling(Screen screen)
    {
        var pace = new Pace(screen.Interactive);
        return (what, done, of) =>
        {
            if (pace.IsDue)
            {
                screen.Progress($"{what}, {done:N0} of {of:N0}");
            }
        };
    }

    /// <summary>What of a data set could not be used: broken files, and items without a label.</summary>
    private static void Tell(Dataset data, Screen screen)
    {
        BrokenFiles.Tell(data, screen);
        int without = data.Labels?.Count(l => l < 0) ?? 0;
        if (without > 0)
        {
            screen.Warn($"{without:N0} of the {data.Count:N0} {data.Word} in {data.Path} have no label and are left out.");
        }
    }

    private static SoundDataset BySpeaker(Dataset data) => data is SoundDataset sounds
        ? sounds.BySpeaker()
        : throw new ConfigurationException($"--speakers: '{data.Path}' holds {data.Word}, in which nobody speaks.");
}
