using System.CommandLine;
using System.Diagnostics;
using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Training;

namespace Tacit.Cli.Commands;

/// <summary>
/// <c>tacit demo</c>: the whole story on pictures that come with Tacit. An encoder learns without labels, then shows what
/// it learned beside raw pixels and the same network untrained, all with the same few labels.
/// </summary>
internal sealed class DemoCommand
{
    private const int LabelsPerClass = 5;

    private readonly Argument<string> kind = new("KIND") { Description = "image or text", DefaultValueFactory = _ => "image" };
    private readonly Option<string?> output = Options.Text("--out", "DIR", "Keep the run here (default: it is thrown away)");
    private readonly Screen screen;
    private readonly CancellationToken stop;

    private DemoCommand(Screen screen, CancellationToken stop) => (this.screen, this.stop) = (screen, stop);

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var demo = new DemoCommand(screen, stop);
        var command = new Command("demo", "The whole story on built-in pictures or text, in about two minutes") { demo.kind, demo.output };
        command.SetAction(demo.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string asked = parsed.GetValue(kind)!;
        if (asked is not ("image" or "text"))
        {
            throw new ConfigurationException($"There is no demo '{asked}': this version has 'tacit demo image' and 'tacit demo text'.");
        }

        string? kept = parsed.GetValue(output);
        string directory = kept ?? Path.Combine(Path.GetTempPath(), $"tacit-demo-{Environment.ProcessId}");
        try
        {
            return asked == "text" ? new TextDemo(screen, stop).Run(directory) : Run(directory);
        }
        finally
        {
            if (kept is null && Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private int Run(string directory)
    {
        long start = Stopwatch.GetTimestamp();
        string folder = Path.Combine(AppContext.BaseDirectory, "DemoData");
        using Dataset train = Dataset.Open(folder, Split.Train);
        using Dataset test = Dataset.Open(folder, Split.Test);
        RunConfig config = ConfigBinder.Bind("simclr", Path.Combine(folder, "recipe.yaml"), []);
        screen.Paragraph(
            $"Here are {train.Count:N0} small grey pictures of clothes and shoes (Fashion-MNIST). Their labels are put aside: a network now looks at " +
            "them for a minute or two and learns only that two crops of one picture belong together and other pictures do not (SimCLR). " +
            $"Then {LabelsPerClass} labelled pictures of each of the {train.Classes.Count} classes must be enough to name {test.Count:N0} new ones.");
        screen.Line();

        RunResult result = Trainer.Run(config, train, directory, resume: false, new TrainingScreen(screen), stop);
        if (result.Interrupted)
        {
            throw new OperationCanceledException(stop);
        }

        screen.Line();
        screen.Line("Now the judges, who see frozen features and few labels:");
        IReadOnlyList<EvaluationRow> rows = [.. EvalCommand.Judge(
                directory, train, test, EvalCommand.Protocols(null, null, config.Train.Seed), LabelBudget.Count(LabelsPerClass), null, screen, stop)
            .Select(row => row with { Result = row.Result with { Encoder = Called(row.Result.Encoder), Task = "fashion-mnist" } })];
        screen.Result(new EvaluationReport([.. rows.Select(r => r.Result)]), ResultJson.Default.EvaluationReport);
        EvalCommand.Show(rows, screen);
        screen.Line();
        screen.Paragraph(Sentence(rows, config.Train.Seed));
        screen.Paragraph($"That took {Durations.Clock(Stopwatch.GetElapsedTime(start).TotalSeconds)}. With pictures of your own: tacit pretrain simclr --data FOLDER");
        return ExitCode.Done;
    }

    private static string Called(string encoder) =>
        encoder == Encoder.RawName || encoder.StartsWith(Encoder.RandomPrefix, StringComparison.Ordinal) ? encoder : "simclr";

    /// <summary>What the table says, in words, without more than it says.</summary>
    internal static string Sentence(IReadOnlyList<EvaluationRow> rows, ulong seed)
    {
        var parts = new List<string>();
        bool wins = true;
        foreach (IGrouping<string, EvaluationRow> protocol in rows.GroupBy(r => r.Result.Protocol))
        {
            EvaluationRow ours = protocol.Last(), raw = protocol.First(r => r.Result.Encoder == Encoder.RawName);
            EvaluationRow untrained = protocol.First(r => r.Result.Encoder.StartsWith(Encoder.RandomPrefix, StringComparison.Ordinal));
            (double low, double high) = Bootstrap.Difference(ours.Correct, raw.Correct, seed);
            wins &= low > 0 && Bootstrap.Difference(ours.Correct, untrained.Correct, seed).Low > 0;
            parts.Add(
                $"by {EvaluationTable.Title(protocol.Key)} {100 * ours.Result.Value:0} of 100 new pictures right, where raw pixels get {100 * raw.Result.Value:0} " +
                $"and the same network untrained {100 * untrained.Result.Value:0} (against raw pixels {100 * low:+0.0;−0.0} to {100 * high:+0.0;−0.0} points)");
        }

        string verdict = wins
            ? "So it learned something that the pixels do not show by themselves, and no label was needed for it."
            : "So this run did not clearly beat its baselines; a longer one should.";
        return $"With {LabelsPerClass} labels a class the encoder gets {string.Join("; ", parts)}. {verdict}";
    }
}
