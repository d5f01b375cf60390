using System.Text.Json;
using System.Text.Json.Serialization;
using Tacit.Tensors;

namespace Tacit.Quality;

/// <summary>One finished row of the table.</summary>
internal sealed record Row
{
    /// <summary>The method, with its seed behind it where that is not 0; or the baseline's name.</summary>
    public required string Name { get; init; }

    public required string Method { get; init; }

    /// <summary>One of the five, or baseline, or reference.</summary>
    public required string Family { get; init; }

    public ulong Seed { get; init; }

    /// <summary>The encoder's architecture and size: what it is compared with untrained.</summary>
    public required string Encoder { get; init; }

    /// <summary>Side in pixels that the encoder is judged at.</summary>
    public required int Side { get; init; }

    public long Steps { get; init; }

    public long Pictures { get; init; }

    /// <summary>Of training, as it ran.</summary>
    public double Seconds { get; init; }

    /// <summary>Where features were taken; null for the encoder's own output.</summary>
    public string? Layer { get; init; }

    public required Score Knn { get; init; }

    public required Score Linear { get; init; }

    /// <summary>Effective rank of the test pictures' features, and how many dimensions they have.</summary>
    public double RankMe { get; init; }

    public int Width { get; init; }

    /// <summary>The worst verdict that the health rules gave during training.</summary>
    public string? Health { get; init; }
}

/// <summary>An accuracy with its 95 % interval over the test pictures.</summary>
internal sealed record Score(double Value, double Low, double High);

/// <summary>Pictures a second of one method at each side of its recipe.</summary>
internal sealed record Speed(string Method, Dictionary<string, double> PicturesPerSecond);

/// <summary>One run of the collapse experiment.</summary>
/// <param name="Name">The method and what was taken away.</param>
/// <param name="Settings">What was set.</param>
/// <param name="AlarmStep">The step of the first alarm that said collapsed; null for none.</param>
/// <param name="Reason">What the alarm said.</param>
internal sealed record Collapse(string Name, string[] Settings, long Steps, long? AlarmStep, string? Reason, double? EmbeddingDeviation, double? EmbeddingRank);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Row))]
[JsonSerializable(typeof(Speed))]
[JsonSerializable(typeof(Collapse))]
internal sealed partial class RowJson : JsonSerializerContext;

/// <summary>The rows on disk.</summary>
internal static class Rows
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("TACIT_ROOT") ?? Directory.GetCurrentDirectory();

    public static string Folder { get; } = Path.Combine(Root, "bench", "quality", "rows");

    public static string PathOf(string name) => Path.Combine(Folder, name + ".json");

    public static void Write<T>(string name, T row, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        Directory.CreateDirectory(Folder);
        AtomicFile.WriteText(PathOf(name), JsonSerializer.Serialize(row, type) + "\n");
    }

    public static T? Read<T>(string name, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class => File.Exists(PathOf(name)) ? JsonSerializer.Deserialize(File.ReadAllText(PathOf(name)), type) : null;

    /// <summary>The rows of the table: neither timings nor the collapse experiment.</summary>
    public static IEnumerable<Row> Finished() => !Directory.Exists(Folder) ? [] :
        Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)
            .Where(path => !Path.GetFileName(path).StartsWith("speed-", StringComparison.Ordinal) && !Path.GetFileName(path).StartsWith("collapse-", StringComparison.Ordinal))
            .Select(path => JsonSerializer.Deserialize(File.ReadAllText(path), RowJson.Default.Row)!);

    public static IReadOnlyList<T> All<T>(string prefix, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class => !Directory.Exists(Folder) ? [] :
        [.. Directory.GetFiles(Folder, $"{prefix}*.json").Order(StringComparer.Ordinal).Select(path => JsonSerializer.Deserialize(File.ReadAllText(path), type)!)];
}
