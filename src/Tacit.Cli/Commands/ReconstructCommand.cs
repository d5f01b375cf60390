using System.CommandLine;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Data.Pictures;
using Tacit.Data.Pictures.Png;
using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit reconstruct RUN --data PATH --out FILE.png</c>: what a generative method makes of pictures, as a contact sheet.</summary>
internal sealed class ReconstructCommand
{
    private const int DefaultCount = 8;

    private readonly Argument<string> run = new("RUN") { Description = "A run's directory" };
    private readonly Option<string?> data = Options.Text("--data", "PATH", "The pictures", required: true);
    private readonly Option<string?> output = Options.Text("--out", "FILE", "A .png file", required: true);
    private readonly Option<int?> count = Options.Whole("--count", "N", $"How many pictures, spread over the data (default: {DefaultCount})", 1, 256);
    private readonly Option<ulong?> seed = Options.Seed("Of what is hidden and drawn (default: 0)");
    private readonly Screen screen;
    private readonly CancellationToken stop;

    private ReconstructCommand(Screen screen, CancellationToken stop) => (this.screen, this.stop) = (screen, stop);

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var reconstruct = new ReconstructCommand(screen, stop);
        var command = new Command("reconstruct", "Draw what a generative method makes of pictures, a row each")
        {
            reconstruct.run, reconstruct.data, reconstruct.output, reconstruct.count, reconstruct.seed,
        };
        command.SetAction(reconstruct.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(output)!;
        if (!string.Equals(Path.GetExtension(path), ".png", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"--out {path}: the name must end in .png.");
        }

        var saved = SavedMethod.Open(parsed.GetRequiredValue(run));
        if (saved.Method is not IReconstructs painter)
        {
            throw new ConfigurationException($"A run of {saved.Name} cannot reconstruct: it learns without making pictures. Runs of igpt, mae, simmim and colorization can.");
        }

        using PictureDataset pictures = PictureDataset.Open(parsed.GetRequiredValue(data)!);
        int wanted = Math.Min(parsed.GetValue(count) ?? DefaultCount, pictures.Count);
        int[] items = [.. Enumerable.Range(0, wanted).Select(i => (int)((long)i * pictures.Count / wanted))];
        using var chance = Scope.Gradient(parsed.GetValue(seed) ?? 0);      // holds the seed; nothing is recorded in the scope inside
        using var scope = Scope.NoGradient();
        var input = (PictureInput)saved.Input;
        Batch batch = input.Batches(pictures, wanted, items).First();
        screen.Progress($"{saved.Name}, step {saved.Step:N0}: {batch.Size} pictures of {input.Size} × {input.Size}");
        IReadOnlyList<ReconstructionColumn> columns = painter.Reconstruct(batch.Views);
        stop.ThrowIfCancellationRequested();
        byte[] sheet = PngEncoder.Encode(ContactSheet.Draw([.. columns.Select(c => c.Pictures)], input.Normalization));
        AtomicFile.Write(path, file => file.Write(sheet));
        BrokenFiles.Tell(pictures, screen);
        string[] names = [.. columns.Select(c => c.Name)];
        screen.Result(
            new ReconstructReport(path, saved.Name, saved.Step, names, [.. batch.Items.Select(i => pictures.Names[i])], input.Size),
            ResultJson.Default.ReconstructReport);
        screen.Paragraph($"Wrote {path}: {batch.Size} rows, and from left to right {string.Join(", ", names)}.");
        return ExitCode.Done;
    }
}
