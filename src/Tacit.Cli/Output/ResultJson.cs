using System.Text.Json.Serialization;
using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Methods;
using Tacit.Training;

namespace Tacit.Cli;

/// <summary>How results are written as JSON, without reflection: keys as in the record, first letter lower case.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<MethodInfo>))]
[JsonSerializable(typeof(EvaluationReport))]
[JsonSerializable(typeof(SuiteReport))]
[JsonSerializable(typeof(PretrainReport))]
[JsonSerializable(typeof(EmbedReport))]
[JsonSerializable(typeof(NeighboursReport))]
[JsonSerializable(typeof(ReconstructReport))]
[JsonSerializable(typeof(ReportReport))]
[JsonSerializable(typeof(DataReport))]
[JsonSerializable(typeof(SoundReport))]
[JsonSerializable(typeof(TextReport))]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class ResultJson : JsonSerializerContext;

/// <summary>The names of embedded items, as one line of metadata.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class NamesJson : JsonSerializerContext;

/// <summary>What <c>eval</c> and <c>demo</c> print.</summary>
internal sealed record EvaluationReport(IReadOnlyList<EvaluationResult> Results)
{
    /// <summary>Paired differences of rows, where fine-tuning was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EvaluationComparison>? Comparisons { get; init; }
}

/// <summary>What <c>superb</c> prints.</summary>
/// <param name="Results">A row a task and metric.</param>
/// <param name="Tasks">Every task that was asked for.</param>
internal sealed record SuiteReport(IReadOnlyList<EvaluationResult> Results, IReadOnlyList<SuiteTaskReport> Tasks);

/// <param name="Task">Its name.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Done">Whether it could run.</param>
/// <param name="Detail">What was chosen, or why it could not run.</param>
internal sealed record SuiteTaskReport(string Task, double Seconds, bool Done, string Detail);

/// <summary>What <c>pretrain</c> prints; the loss is null where no step was logged, the profile where none was asked for.</summary>
internal sealed record PretrainReport(
    string Run, long Steps, long Samples, double Seconds, double? Loss, string Verdict, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ProfileReport? Profile);

/// <summary>What <c>embed</c> prints.</summary>
/// <param name="Names">The file with the items' names, one a row; null where the features' file holds them itself.</param>
internal sealed record EmbedReport(string Out, string? Names, string Encoder, int Items, int Dim, int Broken);

/// <summary>What <c>neighbours</c> prints: one query's results, or of a folder of queries a list of them.</summary>
/// <param name="Items">How many items were searched.</param>
/// <param name="Sheet">The contact sheet, where one was asked for.</param>
/// <param name="Query">The query's name; null where there are several.</param>
/// <param name="Results">Its nearest items, the nearest first; null where there are several queries.</param>
/// <param name="Queries">All queries with their results; null where there is one.</param>
internal sealed record NeighboursReport(
    string Encoder, string Data, int Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sheet,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Query,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Neighbour>? Results,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<QueryReport>? Queries);

internal sealed record QueryReport(string Query, IReadOnlyList<Neighbour> Results);

/// <summary>One item found.</summary>
/// <param name="Label">Its class; left out where it has none.</param>
/// <param name="Distance">1 − similarity, from 0 to 2.</param>
/// <param name="Similarity">The cosine of its features and the query's.</param>
internal sealed record Neighbour(
    string Item, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Label, double Distance, double Similarity);

/// <summary>What <c>reconstruct</c> prints.</summary>
/// <param name="Out">The picture.</param>
/// <param name="Method">Whose run it is.</param>
/// <param name="Step">Of the checkpoint that was read.</param>
/// <param name="Columns">What the columns show, from left to right.</param>
/// <param name="Items">The pictures' names, a row each.</param>
/// <param name="Size">Their side in pixels, before they were enlarged.</param>
internal sealed record ReconstructReport(string Out, string Method, long Step, IReadOnlyList<string> Columns, IReadOnlyList<string> Items, int Size);

/// <summary>What <c>report</c> prints.</summary>
/// <param name="Out">The page.</param>
/// <param name="Runs">Names of the runs.</param>
/// <param name="Bytes">Of the page.</param>
/// <param name="Missing">Sections that are not there, and what would bring them.</param>
internal sealed record ReportReport(string Out, IReadOnlyList<string> Runs, long Bytes, IReadOnlyList<MissingSection> Missing);

internal sealed record MissingSection(string Run, string Section, string Why);

/// <summary>What <c>data info</c> prints of pictures; lengths in pixels.</summary>
internal sealed record DataReport(
    string Path, string Form, int Items, IReadOnlyList<ClassCount> Classes, int Unlabelled, Spread Width, Spread Height, IReadOnlyList<FormatCount> Formats,
    int Grey, long Bytes, int Ignored, IReadOnlyList<BrokenItem> Broken, IReadOnlyList<string> Warnings);

internal sealed record ClassCount(string Name, int Items);

internal sealed record FormatCount(string Name, int Items);

/// <summary>What <c>data info</c> prints of recordings; lengths in seconds, rates in samples a second.</summary>
/// <param name="ReadRate">What encoders are given by default, whatever the files' rate.</param>
/// <param name="Transcripts">Recordings of which it is known what is said.</param>
/// <param name="Silent">Names of those below -60 dB of full scale.</param>
/// <param name="Clipped">Those of whose samples at least one in a thousand is at full scale.</param>
/// <param name="TooShort">Names of those under 25 ms, which are padded.</param>
/// <param name="Damaged">Those whose file is odd, and why; what is there is used.</param>
internal sealed record SoundReport(
    string Modality, string Path, string Form, int Items, double Seconds, LengthSpread Length, int ReadRate, IReadOnlyList<FormatCount> Formats,
    IReadOnlyList<ValueCount> Rates, IReadOnlyList<ValueCount> Channels, IReadOnlyList<ValueCount> Bits, IReadOnlyList<ClassSeconds> Classes, int Unlabelled,
    IReadOnlyList<ClassCount> Speakers, int Transcripts, long Bytes, IReadOnlyList<string> Silent, IReadOnlyList<ClippedItem> Clipped,
    IReadOnlyList<string> TooShort, IReadOnlyList<BrokenItem> Damaged, int Ignored, IReadOnlyList<BrokenItem> Broken, IReadOnlyList<string> Warnings);

internal sealed record ValueCount(int Value, int Items);

internal sealed record ClassSeconds(string Name, int Items, double Seconds);

internal sealed record ClippedItem(string Name, double Share);

/// <summary>What <c>data info</c> prints of texts.</summary>
/// <param name="Words">What stands between white space.</param>
internal sealed record TextReport(
    string Modality, string Path, string Form, int Items, IReadOnlyList<ClassCount> Classes, int Unlabelled, long Bytes, long Words, int Ignored,
    IReadOnlyList<BrokenItem> Broken, IReadOnlyList<string> Warnings);

/// <summary>What <c>doctor</c> prints: speeds in GFLOP/s and GB/s, memory in bytes.</summary>
internal sealed record DoctorReport(
    string Version, string Runtime, string System, string Instructions, int Processors, int Threads,
    double PeakOneThread, double PeakAllThreads, double CopyOneThread, double CopyAllThreads, long Memory);
