using System.Text.Json.Serialization;
using Tacit.Data;
using Tacit.Evaluation;
using Tacit.Methods;

namespace Tacit.Cli;

/// <summary>How results are written as JSON, without reflection: keys as in the record, first letter lower case.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<MethodInfo>))]
[JsonSerializable(typeof(EvaluationReport))]
[JsonSerializable(typeof(PretrainReport))]
[JsonSerializable(typeof(EmbedReport))]
[JsonSerializable(typeof(ReconstructReport))]
[JsonSerializable(typeof(DataReport))]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class ResultJson : JsonSerializerContext;

/// <summary>The names of embedded items, as one line of metadata.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class NamesJson : JsonSerializerContext;

/// <summary>What <c>eval</c> and <c>demo</c> print.</summary>
internal sealed record EvaluationReport(IReadOnlyList<EvaluationResult> Results);

/// <summary>What <c>pretrain</c> prints; the loss is null where no step was logged.</summary>
internal sealed record PretrainReport(string Run, long Steps, long Samples, double Seconds, double? Loss, string Verdict);

/// <summary>What <c>embed</c> prints.</summary>
/// <param name="Names">The file with the items' names, one a row; null where the features' file holds them itself.</param>
internal sealed record EmbedReport(string Out, string? Names, string Encoder, int Items, int Dim, int Broken);

/// <summary>What <c>reconstruct</c> prints.</summary>
/// <param name="Out">The picture.</param>
/// <param name="Method">Whose run it is.</param>
/// <param name="Step">Of the checkpoint that was read.</param>
/// <param name="Columns">What the columns show, from left to right.</param>
/// <param name="Items">The pictures' names, a row each.</param>
/// <param name="Size">Their side in pixels, before they were enlarged.</param>
internal sealed record ReconstructReport(string Out, string Method, long Step, IReadOnlyList<string> Columns, IReadOnlyList<string> Items, int Size);

/// <summary>What <c>data info</c> prints; lengths in pixels.</summary>
internal sealed record DataReport(
    string Path, string Form, int Items, IReadOnlyList<ClassCount> Classes, int Unlabelled, Spread Width, Spread Height, IReadOnlyList<FormatCount> Formats,
    int Grey, long Bytes, int Ignored, IReadOnlyList<BrokenItem> Broken, IReadOnlyList<string> Warnings);

internal sealed record ClassCount(string Name, int Items);

internal sealed record FormatCount(string Name, int Items);

/// <summary>What <c>doctor</c> prints: speeds in GFLOP/s and GB/s, memory in bytes.</summary>
internal sealed record DoctorReport(
    string Version, string Runtime, string System, string Instructions, int Processors, int Threads,
    double PeakOneThread, double PeakAllThreads, double CopyOneThread, double CopyAllThreads, long Memory);
