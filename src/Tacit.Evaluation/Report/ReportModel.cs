using System.Text.Json.Serialization;

namespace Tacit.Evaluation.Report;

/// <summary>Everything a report's page shows, and all that it is given.</summary>
/// <param name="Version">Of Tacit.</param>
/// <param name="Runs">In the order asked for.</param>
/// <param name="Data">The data sets that the runs are looked at with.</param>
/// <param name="Differences">Of several runs, the keys of their configurations that have not the same value.</param>
internal sealed record ReportModel(string Version, IReadOnlyList<RunModel> Runs, IReadOnlyList<DataModel> Data, IReadOnlyList<DifferenceModel> Differences);

/// <summary>One run, or an encoder without one.</summary>
/// <param name="Name">As results call it.</param>
/// <param name="Path">As it was given.</param>
/// <param name="State">How far it came, a sentence.</param>
/// <param name="Finished">Whether it has its encoder.</param>
internal sealed record RunModel(string Name, string Path, string State, bool Finished)
{
    public MethodModel? Method { get; init; }

    /// <summary>What was trained on what: a name and a value each.</summary>
    public IReadOnlyList<FactModel> Facts { get; init; } = [];

    public VerdictModel? Verdict { get; init; }

    /// <summary>What is odd about the run's files, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<CommandModel> Commands { get; init; } = [];

    public IReadOnlyList<SettingModel> Settings { get; init; } = [];

    public IReadOnlyList<CurveModel> Curves { get; init; } = [];

    public IReadOnlyList<HistogramModel> Histograms { get; init; } = [];

    /// <summary>The number of the data set it is looked at with; null where there is none.</summary>
    public int? Data { get; init; }

    public EmbeddingModel? Embedding { get; init; }

    public AugmentationModel? Augmentation { get; init; }

    public ReconstructionModel? Reconstruction { get; init; }

    public ResultsModel? Results { get; init; }

    public ConfusionModel? Confusion { get; init; }

    public LayersModel? Layers { get; init; }

    /// <summary>Why a section is not there and what would bring it, by the section's name.</summary>
    public IReadOnlyDictionary<string, string> Missing { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

internal sealed record MethodModel(string Name, string Family, string Paper, int Year, string Summary);

internal sealed record FactModel(string Name, string Value);

/// <param name="Word">healthy, suspicious or collapsed; unknown where nothing was judged.</param>
/// <param name="Sentence">What the word means.</param>
/// <param name="Step">When it was judged last.</param>
/// <param name="Reasons">The rules that objected, with their figures.</param>
/// <param name="History">The steps at which the verdict changed, with the word from then on.</param>
internal sealed record VerdictModel(string Word, string Sentence, long? Step, IReadOnlyList<string> Reasons, IReadOnlyList<TurnModel> History);

internal sealed record TurnModel(long Step, string Word);

/// <param name="What">What the line does.</param>
/// <param name="Line">For a shell.</param>
internal sealed record CommandModel(string What, string Line);

/// <param name="Default">The method's default on such data; null where it is worked out from the data, or the value is the default.</param>
internal sealed record SettingModel(string Key, string Value, string? Default);

/// <param name="Values">One for each run, null where a run has no such key.</param>
internal sealed record DifferenceModel(string Key, IReadOnlyList<string?> Values);

/// <summary>A value over the run.</summary>
/// <param name="Key">As metrics.jsonl has it.</param>
/// <param name="Steps">Ascending.</param>
/// <param name="Values">One a step; null where it was not finite.</param>
internal sealed record CurveModel(string Key, IReadOnlyList<long> Steps, IReadOnlyList<double?> Values);

/// <summary>Counts of equal bins over the run.</summary>
internal sealed record HistogramModel(string Key, IReadOnlyList<long> Steps, IReadOnlyList<IReadOnlyList<double>> Counts);

/// <summary>Items that stand for a data set.</summary>
/// <param name="Path">As it was given.</param>
/// <param name="Word">pictures, recordings or texts.</param>
/// <param name="Items">How many there are in all.</param>
/// <param name="Classes">Names of what the samples are coloured by; empty where nothing says it.</param>
/// <param name="By">class or speaker; null where nothing says it.</param>
/// <param name="Samples">Those that are shown.</param>
internal sealed record DataModel(string Path, string Word, int Items, IReadOnlyList<string> Classes, string? By, IReadOnlyList<SampleModel> Samples);

/// <param name="Name">Within the data set.</param>
/// <param name="Class">A number of the classes, -1 for none.</param>
internal sealed record SampleModel(string Name, int Class)
{
    /// <summary>A picture as a data URI.</summary>
    public string? Picture { get; init; }

    /// <summary>A sound as a data URI.</summary>
    public string? Sound { get; init; }

    public string? Text { get; init; }
}

/// <summary>Where a run puts the samples.</summary>
/// <param name="Samples">Numbers of the data set's samples; what could not be read is left out.</param>
/// <param name="Projections">The samples in two dimensions.</param>
/// <param name="Neighbours">For each of the samples the nearest others by cosine, as places in <paramref name="Samples"/>, best first.</param>
/// <param name="Similarities">Their cosines.</param>
/// <param name="Queries">Places in <paramref name="Samples"/> of those whose neighbours are shown in rows.</param>
/// <param name="Note">What was embedded.</param>
internal sealed record EmbeddingModel(
    IReadOnlyList<int> Samples, IReadOnlyList<ProjectionModel> Projections, IReadOnlyList<int[]> Neighbours, IReadOnlyList<double[]> Similarities, IReadOnlyList<int> Queries, string Note);

/// <param name="Name">PCA or t-SNE.</param>
/// <param name="X">One a sample.</param>
/// <param name="Y">One a sample.</param>
/// <param name="Note">What the axes are.</param>
internal sealed record ProjectionModel(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, string Note);

/// <summary>A picture or a sound with what it is.</summary>
internal sealed record ExhibitModel(string Caption)
{
    public string? Picture { get; init; }

    public string? Sound { get; init; }
}

internal sealed record AugmentationModel(IReadOnlyList<ViewsModel> Items, string Note);

internal sealed record ViewsModel(string Name, ExhibitModel Original, IReadOnlyList<ExhibitModel> Views);

internal sealed record ReconstructionModel(IReadOnlyList<string> Columns, IReadOnlyList<RowModel> Rows, string Note);

internal sealed record RowModel(string Name, IReadOnlyList<string> Pictures);

internal sealed record ResultsModel(string Task, string Metric, IReadOnlyList<ResultModel> Rows, string Note);

/// <param name="Kind">raw, untrained or run.</param>
internal sealed record ResultModel(string Encoder, string Kind, string Protocol, double Value, double Low, double High, int N, string Detail);

/// <param name="Counts">[true class][predicted class].</param>
internal sealed record ConfusionModel(IReadOnlyList<string> Classes, IReadOnlyList<int[]> Counts, string Note);

internal sealed record LayersModel(IReadOnlyList<string> Names, IReadOnlyList<double> Shares, string Note);

/// <summary>How the model is written: keys with a small first letter, nothing for what is null. The encoder escapes what could end a script.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(ReportModel))]
internal sealed partial class ReportJson : JsonSerializerContext;
