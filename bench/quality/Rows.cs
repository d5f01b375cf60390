using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Tacit.Tensors;

namespace Tacit.Quality;

/// <summary>An accuracy with its 95 % interval over the test items.</summary>
/// <param name="Correct">Which items were told rightly, a bit each, in base 64; null where rows are not compared item by item.</param>
internal sealed record Score(double Value, double Low, double High, string? Correct = null);

/// <summary>The rows of one table on disk, a file each.</summary>
internal sealed class Rows
{
    private readonly string name;

    private Rows(string name) => this.name = name;

    /// <summary>The repository.</summary>
    public static string Root { get; } = Environment.GetEnvironmentVariable("TACIT_ROOT") ?? Directory.GetCurrentDirectory();

    public static Rows Pictures { get; } = new("rows");

    public static Rows Speech { get; } = new("rows-speech");

    /// <summary>Within the repository.</summary>
    public string Folder => $"bench/quality/{name}";

    public string PathOf(string row) => Path.Combine(Root, Folder, row + ".json");

    public bool Has(string row) => File.Exists(PathOf(row));

    public void Write<T>(string row, T value, JsonTypeInfo<T> type)
    {
        Directory.CreateDirectory(Path.Combine(Root, Folder));
        AtomicFile.WriteText(PathOf(row), JsonSerializer.Serialize(value, type) + "\n");
    }

    /// <summary>The rows of the table itself: neither timings nor the collapse experiment.</summary>
    public IReadOnlyList<T> Finished<T>(JsonTypeInfo<T> type) => Read(type, file => !file.StartsWith("speed-", StringComparison.Ordinal) && !file.StartsWith("collapse-", StringComparison.Ordinal));

    public IReadOnlyList<T> All<T>(string prefix, JsonTypeInfo<T> type) => Read(type, file => file.StartsWith(prefix, StringComparison.Ordinal));

    private IReadOnlyList<T> Read<T>(JsonTypeInfo<T> type, Func<string, bool> wanted)
    {
        string folder = Path.Combine(Root, Folder);
        return !Directory.Exists(folder) ? [] :
            [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Where(path => wanted(Path.GetFileName(path))).Select(path => JsonSerializer.Deserialize(File.ReadAllText(path), type)!)];
    }
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PictureRow))]
[JsonSerializable(typeof(Speed))]
[JsonSerializable(typeof(Collapse))]
[JsonSerializable(typeof(SpeechRow))]
[JsonSerializable(typeof(SpeechSpeed))]
internal sealed partial class RowJson : JsonSerializerContext;
