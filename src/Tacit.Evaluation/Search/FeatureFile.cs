using System.Globalization;
using System.Text;
using System.Text.Json;
using Tacit.Tensors;

namespace Tacit.Evaluation;

/// <summary>Features that <c>tacit embed</c> wrote, or another program in the same form.</summary>
/// <param name="Values">[N, D], long-lived.</param>
/// <param name="Names">One an item; the rows' numbers where nothing names them.</param>
/// <param name="Labels">One an item, null where it has none; null where the file has none at all.</param>
/// <param name="Encoder">What made them; null where the file does not say.</param>
public sealed record FeatureFile(Tensor Values, IReadOnlyList<string> Names, IReadOnlyList<string?>? Labels, string? Encoder)
{
    private const string CsvStart = "name,label,f0";

    /// <summary>Whether a path is such a file: .npy, .safetensors, or .csv with the columns that <c>embed</c> writes.</summary>
    public static bool Is(string path) => File.Exists(path) && Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npy" or ".safetensors" => true,
        ".csv" => FirstLine(path)?.StartsWith(CsvStart, StringComparison.Ordinal) == true,
        _ => false,
    };

    /// <summary>Reads one.</summary>
    /// <exception cref="TacitException">It cannot be read, holds something else, or holds nothing.</exception>
    public static FeatureFile Read(string path)
    {
        FeatureFile read = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => OfNpy(path),
            ".safetensors" => OfSafetensors(path),
            _ => OfCsv(path),
        };
        return read.Values.Rank != 2 || read.Values.Shape[1] == 0 ? throw new TacitException($"'{path}' holds an array {read.Values.Shape}, not a row of numbers for each item as 'tacit embed' writes.")
            : read.Values.Shape[0] == 0 ? throw new TacitException($"'{path}' holds no items.")
            : read.Names.Count != read.Values.Shape[0] ? throw new TacitException($"'{path}' holds {read.Values.Shape[0]:N0} rows and there are {read.Names.Count:N0} names: embed the data again.")
            : read;
    }

    private static FeatureFile OfNpy(string path)
    {
        Tensor values = Npy.Read(path);
        string beside = Path.ChangeExtension(path, ".names.txt");
        return new FeatureFile(values, File.Exists(beside) ? File.ReadAllLines(beside) : Numbers(values), null, null);
    }

    private static FeatureFile OfSafetensors(string path)
    {
        SafetensorsContent content = Safetensors.Read(path);
        if (!content.Tensors.TryGetValue("features", out Tensor? values))
        {
            throw new TacitException($"'{path}' holds no tensor 'features': give what 'tacit embed' writes without --frames.");
        }

        string[]? names = content.Metadata.TryGetValue("names", out string? json) ? Parse(json, path) : null;
        return new FeatureFile(values, names ?? Numbers(values), null, content.Metadata.GetValueOrDefault("encoder"));
    }

    private static string[] Parse(string json, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(name => name.GetString() ?? "")];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new TacitException($"The names in '{path}' cannot be read: {error.Message}", error);
        }
    }

    private static FeatureFile OfCsv(string path)
    {
        var names = new List<string>();
        var labels = new List<string?>();
        var numbers = new List<float>();
        int dim = FirstLine(path)!.Count(c => c == ',') - 1;
        foreach (string line in File.ReadLines(path).Skip(1))
        {
            (string name, int at) = Field(line, 0);
            (string label, at) = Field(line, at);
            names.Add(name);
            labels.Add(label.Length > 0 ? label : null);
            int before = numbers.Count;
            while (at <= line.Length && numbers.Count - before <= dim)
            {
                (string number, at) = Field(line, at);
                numbers.Add(float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
                    ? value
                    : throw new TacitException($"'{path}', line {names.Count + 1}: '{number}' is not a number."));
            }

            if (numbers.Count - before != dim)
            {
                throw new TacitException($"'{path}', line {names.Count + 1}, does not have {dim} numbers as its header says.");
            }
        }

        var values = Tensor.Lasting(new Shape(names.Count, dim));
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(numbers).CopyTo(values.Span);
        return new FeatureFile(values, names, labels.TrueForAll(l => l is null) ? null : labels, null);
    }

    /// <summary>The field that begins at a place, and where the next one begins: behind the line's end after the last.</summary>
    private static (string Text, int Next) Field(string line, int start)
    {
        if (start >= line.Length || line[start] != '"')
        {
            int end = start < line.Length ? line.IndexOf(',', start) : -1;
            end = end < 0 ? line.Length : end;
            return (start < line.Length ? line[start..end] : "", end + 1);
        }

        var text = new StringBuilder();
        int at = start + 1;
        for (; at < line.Length; at++)
        {
            if (line[at] == '"' && (at + 1 >= line.Length || line[++at] != '"'))
            {
                break;
            }

            text.Append(line[at]);
        }

        return (text.ToString(), at + 1);
    }

    private static string[] Numbers(Tensor values) => [.. Enumerable.Range(0, values.Rank > 0 ? values.Shape[0] : 0).Select(i => $"row {i}")];

    private static string? FirstLine(string path)
    {
        using var reader = new StreamReader(path);
        return reader.ReadLine();
    }
}
