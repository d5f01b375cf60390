using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Evaluation;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;
using StringBuilder = System.Text.StringBuilder;

namespace Tacit.Cli.Commands;

/// <summary><c>tacit embed RUN --data PATH --out FILE</c>: one feature vector an item, or all its states over time, for other programs.</summary>
internal sealed class EmbedCommand
{
    private readonly Argument<string> run = new("RUN") { Description = "A run's directory, an encoder.safetensors, a folder as Hugging Face publishes it, raw, or random:BACKBONE" };
    private readonly Option<string?> data = Options.Text("--data", "PATH", "The pictures or recordings", required: true);
    private readonly Option<string?> output = Options.Text("--out", "FILE", "A .npy, .csv or .safetensors file", required: true);
    private readonly Option<string?> layer = Options.Features();
    private readonly Option<bool> frames = new("--frames") { Description = "Of recordings, write all states over time, [T, D] each under the item's name, to a .safetensors file" };
    private readonly Option<bool> padding = Options.PublishedPadding();
    private readonly Screen screen;
    private readonly CancellationToken stop;

    private EmbedCommand(Screen screen, CancellationToken stop) => (this.screen, this.stop) = (screen, stop);

    public static Command Create(Screen screen, CancellationToken stop)
    {
        var embed = new EmbedCommand(screen, stop);
        var command = new Command("embed", "Write one feature vector an item, with the items' names") { embed.run, embed.data, embed.output, embed.layer, embed.frames, embed.padding };
        command.SetAction(embed.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(output)!;
        string format = Path.GetExtension(path).ToLowerInvariant();
        if (format is not (".npy" or ".csv" or ".safetensors"))
        {
            throw new ConfigurationException($"--out {path}: the name must end in .npy, .csv or .safetensors.");
        }

        if (parsed.GetValue(frames) && format != ".safetensors")
        {
            throw new ConfigurationException($"--out {path}: frames are written to a .safetensors file.");
        }

        using Dataset pictures = Dataset.Open(parsed.GetRequiredValue(data)!);
        string features = parsed.GetValue(layer) ?? Backbone.Last;
        if (features == Encoder.Weighted)
        {
            throw new ConfigurationException("--features weighted: the weights are learned by eval's linear probe; choose a layer.");
        }

        Encoder encoder = Encoder.Open(parsed.GetRequiredValue(run), Inputs.Default(pictures), publishedPadding: parsed.GetValue(padding)).At(features);
        var pace = new Pace(screen.Interactive);
        void Tell(int done, int of)
        {
            if (pace.IsDue)
            {
                screen.Progress($"embedded {done:N0} of {of:N0}");
            }
        }

        (string? names, int items) = parsed.GetValue(frames)
            ? (null, WriteFrames(path, encoder.Frames(pictures, Tell, stop), pictures, encoder))
            : Write(path, format, encoder.Extract(pictures, Tell, stop), pictures, encoder);
        BrokenFiles.Tell(pictures, screen);
        screen.Result(new EmbedReport(path, names, encoder.Name, items, encoder.Dim, pictures.Broken.Count), ResultJson.Default.EmbedReport);
        screen.Paragraph(parsed.GetValue(frames)
            ? $"Wrote the states of {items:N0} recordings, {encoder.Dim:N0} numbers each, to {path}."
            : $"Wrote {items:N0} vectors of {encoder.Dim:N0} numbers to {path}{(names is null ? "" : $" and the items' names to {names}")}.");
        return ExitCode.Done;
    }

    /// <summary>One tensor [T, D] an item, under the item's name.</summary>
    /// <returns>How many items.</returns>
    private static int WriteFrames(string path, IEnumerable<(int Item, Tensor States)> frames, Dataset data, Encoder encoder)
    {
        KeyValuePair<string, Tensor>[] all = [.. frames.Select(f => KeyValuePair.Create(data.Names[f.Item], f.States))];
        Safetensors.Write(path, all, new Dictionary<string, string>(StringComparer.Ordinal) { ["encoder"] = encoder.Name });
        return all.Length;
    }

    /// <returns>The file with the names, where they do not fit into the features' own, and how many items.</returns>
    private static (string? Names, int Items) Write(string path, string format, Features features, Dataset data, Encoder encoder)
    {
        string[] names = Array.ConvertAll(features.Items, i => data.Names[i]);
        switch (format)
        {
            case ".npy":
                Npy.Write(path, features.Values);
                string beside = Path.ChangeExtension(path, ".names.txt");
                AtomicFile.WriteText(beside, string.Concat(names.Select(n => n + "\n")));
                return (beside, names.Length);
            case ".safetensors":
                Safetensors.Write(path, [KeyValuePair.Create("features", features.Values)], new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["encoder"] = encoder.Name,
                    ["names"] = JsonSerializer.Serialize(names, NamesJson.Default.StringArray),
                });
                return (null, names.Length);
            default:
                AtomicFile.WriteText(path, Csv(names, features, data));
                return (null, names.Length);
        }
    }

    /// <summary>A header, then name, class (empty where there is none) and features a line.</summary>
    private static string Csv(string[] names, Features features, Dataset data)
    {
        int dim = features.Values.Shape[1];
        var text = new StringBuilder("name,label");
        for (int j = 0; j < dim; j++)
        {
            text.Append(CultureInfo.InvariantCulture, $",f{j}");
        }

        for (int i = 0; i < names.Length; i++)
        {
            int label = data.Labels?[features.Items[i]] ?? -1;
            text.Append('\n').Append(Quoted(names[i])).Append(',').Append(label < 0 ? "" : Quoted(data.Classes[label]));
            foreach (float value in features.Values.Span.Slice(i * dim, dim))
            {
                text.Append(',').Append(value.ToString("R", CultureInfo.InvariantCulture));
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
