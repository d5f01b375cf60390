using System.Globalization;
using System.Text.Json;
using Tacit.Tensors;

namespace Tacit.Evaluation.Report;

/// <summary>What a run's metrics.jsonl holds: curves, histograms, and the verdicts. A last line cut short is left out.</summary>
internal sealed class MetricsFile
{
    private const string HistogramSuffix = "_histogram";

    private readonly OrderedDictionary<string, (List<long> Steps, List<double?> Values)> curves = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, (List<long> Steps, List<IReadOnlyList<double>> Counts)> histograms = new(StringComparer.Ordinal);
    private readonly List<TurnModel> turns = [];
    private string[] reasons = [];
    private long? judged;

    /// <summary>The last step that is logged; null where none is.</summary>
    public long? LastStep { get; private set; }

    /// <summary>Lines that are not JSON.</summary>
    public int Unreadable { get; private set; }

    public IReadOnlyList<CurveModel> Curves => [.. curves.Select(c => new CurveModel(c.Key, c.Value.Steps, c.Value.Values))];

    public IReadOnlyList<HistogramModel> Histograms => [.. histograms.Select(h => new HistogramModel(h.Key, h.Value.Steps, h.Value.Counts))];

    /// <summary>How many logged values were not numbers.</summary>
    public int NotFinite => curves.Sum(c => c.Value.Values.Count(v => v is null));

    /// <exception cref="TacitException">The file is there and cannot be read.</exception>
    public static MetricsFile Read(string path)
    {
        var metrics = new MetricsFile();
        try
        {
            if (File.Exists(path))
            {
                foreach (string line in File.ReadLines(path).Where(l => l.Length > 0))
                {
                    metrics.Add(line);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TacitException($"'{path}' cannot be read: {error.Message.TrimEnd('.')}.", error);
        }

        return metrics;
    }

    public VerdictModel Verdict()
    {
        string word = turns.Count > 0 ? turns[^1].Word : "unknown";
        return new VerdictModel(word, Sentence(word), judged, reasons, turns);
    }

    private static string Sentence(string word) => word switch
    {
        "healthy" => "No rule objects: the features spread out and tell items apart.",
        "suspicious" => "Worth a look before the encoder is used.",
        "collapsed" => "The features no longer tell items apart; what follows says little.",
        _ => "Nothing was judged: metrics.jsonl holds no reading of the representation.",
    };

    private void Add(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement row = document.RootElement;
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty("step", out JsonElement at) || !at.TryGetInt64(out long step))
            {
                Unreadable++;
                return;
            }

            LastStep = step;
            foreach (JsonProperty property in row.EnumerateObject())
            {
                Add(step, property.Name, property.Value);
            }

            if (row.TryGetProperty("health", out JsonElement health) && health.GetString() is { } word)
            {
                Judged(step, word, row);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            Unreadable++;
        }
    }

    private void Judged(long step, string word, JsonElement row)
    {
        judged = step;
        reasons = row.TryGetProperty("reasons", out JsonElement list) ? [.. list.EnumerateArray().Select(r => r.GetString() ?? "")] : [];
        if (turns.Count == 0 || turns[^1].Word != word)
        {
            turns.Add(new TurnModel(step, word));
        }
    }

    private void Add(long step, string key, JsonElement value)
    {
        if (key is "step" or "epoch" or "health" or "reasons" or "monitor_seconds")
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Array && key.EndsWith(HistogramSuffix, StringComparison.Ordinal))
        {
            string name = key[..^HistogramSuffix.Length];
            _ = histograms.TryAdd(name, ([], []));
            histograms[name].Steps.Add(step);
            histograms[name].Counts.Add([.. value.EnumerateArray().Select(c => c.GetDouble())]);
        }
        else if (value.ValueKind == JsonValueKind.Number || IsNotFinite(value))
        {
            _ = curves.TryAdd(key, ([], []));
            curves[key].Steps.Add(step);
            curves[key].Values.Add(value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null);
        }
    }

    /// <summary>NaN and the infinities, which the log writes as texts.</summary>
    private static bool IsNotFinite(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && !double.IsFinite(number);
}
