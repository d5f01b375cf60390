using System.Reflection;
using Tacit.Tensors;

namespace Tacit.Evaluation.Report;

/// <summary>Gathers what a report shows. What cannot be had is told in its section and does not stop the others.</summary>
internal sealed class ReportBuilder(ReportRequest request, Action<string, int, int>? progress, CancellationToken stop) : IDisposable
{
    private readonly List<DataSource> sources = [];
    private readonly Dictionary<string, ResultsSection> results = new(StringComparer.Ordinal);

    /// <exception cref="TacitException">A run is not there, or data that were asked for cannot be opened.</exception>
    public ReportModel Build()
    {
        RunSource[] runs = [.. request.Runs.Select(RunSource.Open)];
        DataSource? given = request.Data is { } data ? Open(data) : null;
        RunModel[] models = [.. runs.Select(run => Model(run, given))];
        return new ReportModel(
            typeof(ReportBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "",
            models,
            [.. sources.Select(s => s.Model())],
            runs.Length > 1 ? RunDescription.Differences(runs) : []);
    }

    public void Dispose()
    {
        foreach (DataSource source in sources)
        {
            source.Dispose();
        }
    }

    private RunModel Model(RunSource run, DataSource? given)
    {
        var missing = new Dictionary<string, string>(StringComparer.Ordinal);
        DataSource? source = given ?? Own(run, missing);
        RunModel model = RunDescription.Of(run, source);
        if (source is null)
        {
            return model with { Missing = missing };
        }

        model = model with { Data = sources.IndexOf(source) };
        if (Try("encoder", missing, () => run.Encoder(Training.Inputs.Default(source.Data))) is { } encoder)
        {
            model = model with { Embedding = Try("embedding", missing, () => EmbeddingSection.Of(encoder, source, progress, stop)) };
            if (Try("results", missing, () => Results(source).Of(encoder, run.Config?.Data.Path == source.Data.Path)) is { Results: not null } judged)
            {
                model = model with { Results = judged.Results, Confusion = judged.Confusion, Layers = judged.Layers };
            }
        }
        else
        {
            missing["embedding"] = missing["results"] = missing["encoder"];
        }

        return model with
        {
            Augmentation = Try("augmentation", missing, () => AugmentationSection.Of(run, source)),
            Reconstruction = Try("reconstruction", missing, () => ReconstructionSection.Of(run, source)),
            Missing = missing,
        };
    }

    private ResultsSection Results(DataSource source) =>
        results.TryGetValue(source.Data.Path, out ResultsSection? known) ? known : results[source.Data.Path] = new ResultsSection(source, progress, stop);

    /// <summary>The data that the run was made on, where they still are where they were.</summary>
    private DataSource? Own(RunSource run, Dictionary<string, string> missing)
    {
        string path = run.Config?.Data.Path ?? "";
        string why = path.Length == 0
            ? "Nothing says what it was trained on: give data with --data PATH to see this."
            : $"The run's data, '{path}', are not there any more: say where they are with --data PATH to see this.";
        if (path.Length > 0 && (File.Exists(path) || Directory.Exists(path)))
        {
            try
            {
                return Open(path);
            }
            catch (TacitException error)
            {
                why = error.Message;
            }
        }

        foreach (string section in (string[])["embedding", "results", "augmentation", "reconstruction"])
        {
            missing[section] = why;
        }

        return null;
    }

    private DataSource Open(string path)
    {
        DataSource? known = sources.Find(s => s.Data.Path == path);
        if (known is null)
        {
            sources.Add(known = new DataSource(path, request.Test, request.Seed));
        }

        return known;
    }

    private static T? Try<T>(string section, Dictionary<string, string> missing, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (TacitException error)
        {
            missing[section] = error.Message;
            return default;
        }
    }
}
