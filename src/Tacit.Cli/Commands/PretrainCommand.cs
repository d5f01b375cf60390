using System.CommandLine;
using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Methods;
using Tacit.Training;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit pretrain METHOD --data PATH</c>: learn from unlabelled items.</summary>
internal sealed class PretrainCommand
{
    private readonly Argument<string> method = new("METHOD") { Description = "See 'tacit methods'" };
    private readonly Option<string?> data = Options.Text("--data", "PATH", "Folder, .tar, manifest or single file with the pictures, recordings or text", required: true);
    private readonly Option<string?> recipe = Options.Text("--recipe", "FILE", "YAML file with settings");
    private readonly Option<string[]> set = new("--set") { Description = "A setting, such as optimizer.lr=0.1; may be given many times", HelpName = "KEY=VALUE" };
    private readonly Option<string?> output = Options.Text("--out", "DIR", "The run's directory (default: runs/METHOD-DATA)");
    private readonly Option<string?> epochs = Options.Text("--epochs", "N", "Length in passes over the data");
    private readonly Option<string?> steps = Options.Text("--steps", "N", "Length in optimiser steps");
    private readonly Option<string?> minutes = Options.Text("--minutes", "M", "Length in minutes, turned into steps once");
    private readonly Option<string?> batchSize = Options.Text("--batch-size", "N", "Items in a batch");
    private readonly Option<string?> seed = Options.Text("--seed", "N", "Everything random follows from it (default: 0)");
    private readonly Option<bool> resume = new("--resume") { Description = "Go on with the run in --out, from its newest checkpoint" };
    private readonly Option<string?> test = Options.Text("--test", "PATH", "Labelled items to judge the encoder on when it is done (by cross-validation where --data has no labels)");
    private readonly Option<bool> profile = new("--profile") { Description = "Show where the time goes, and write trace.json into the run's directory" };
    private readonly Screen screen;
    private readonly CancellationToken stop;

    private PretrainCommand(Screen screen, CancellationToken stop) => (this.screen, this.stop) = (screen, stop);

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var pretrain = new PretrainCommand(screen, stop);
        var command = new Command("pretrain", "Pre-train an encoder on unlabelled pictures, recordings or text")
        {
            pretrain.method, pretrain.data, pretrain.recipe, pretrain.set, pretrain.output, pretrain.epochs, pretrain.steps,
            pretrain.minutes, pretrain.batchSize, pretrain.seed, pretrain.resume, pretrain.test, pretrain.profile,
        };
        command.SetAction(pretrain.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(data)!;
        _ = MethodCatalog.Get(parsed.GetRequiredValue(method));      // a name that is not there is told before data are opened
        using Dataset items = Dataset.Open(path);
        RunConfig config = ConfigBinder.Bind(parsed.GetRequiredValue(method), parsed.GetValue(recipe), Settings(parsed, path), items);
        string directory = parsed.GetValue(output) ?? Path.Combine("runs", $"{config.MethodName}-{Evaluator.Name(path)}");
        using Dataset? labelled = parsed.GetValue(test) is { } testPath ? Dataset.Open(testPath, Split.Test) : null;
        (Dataset Known, Dataset? Asked)? judged = labelled is null ? null : items.Labels is null ? (labelled, null) : (items, labelled);
        if (judged is { } early)
        {
            Evaluator.Check(early.Known, early.Asked);      // not after an hour of training
        }

        foreach (string warning in items.Warnings)
        {
            screen.Warn(warning);
        }

        StepProfiler? profiler = parsed.GetValue(profile) ? new StepProfiler() : null;
        RunResult result = Trainer.Run(config, items, directory, parsed.GetValue(resume), new TrainingScreen(screen), profiler, stop);
        BrokenFiles.Tell(items, screen);
        string trace = new RunDirectory(result.Run).TracePath;
        profiler?.WriteTrace(trace);
        ProfileReport? measured = profiler?.Report(trace);
        screen.Result(
            new PretrainReport(result.Run, result.Steps, result.Samples, Math.Round(result.Seconds, 3), double.IsFinite(result.Loss) ? result.Loss : null, result.Verdict, measured),
            ResultJson.Default.PretrainReport);
        string shown = ShownPath.Of(result.Run);
        if (result.Interrupted)
        {
            screen.Paragraph($"Interrupted after step {result.Steps:N0}; a checkpoint is written. Go on with the same command and --resume.");
            return ExitCode.Interrupted;
        }

        screen.Paragraph($"Done: {result.Steps:N0} steps in {Durations.Clock(result.Seconds)}, loss {result.Loss:0.000}, {result.Verdict}. The encoder is {Path.Combine(shown, "encoder.safetensors")}.");
        if (measured is not null)
        {
            ProfileScreen.Show(screen, measured);
        }

        if (judged is { } late)
        {
            EvalCommand.Show(EvalCommand.Judge(shown, late.Known, late.Asked, EvalCommand.Protocols(null, null, config.Train.Seed), LabelBudget.All, config.Train.Seed, screen, stop), screen, items.Word);
        }

        return ExitCode.Done;
    }

    private IEnumerable<string> Settings(ParseResult parsed, string path)
    {
        foreach (string setting in parsed.GetValue(set) ?? [])
        {
            yield return setting;
        }

        yield return $"data.path={path}";
        foreach ((Option<string?> option, string key) in ((Option<string?>, string)[])[
            (epochs, "train.epochs"), (steps, "train.steps"), (minutes, "train.minutes"), (batchSize, "train.batch-size"), (seed, "train.seed")])
        {
            if (parsed.GetValue(option) is { } value)
            {
                yield return $"{key}={value}";
            }
        }
    }
}
