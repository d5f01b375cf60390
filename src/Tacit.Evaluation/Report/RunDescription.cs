using System.Globalization;
using Tacit.Data;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Evaluation.Report;

/// <summary>What can be said of a run from its files alone: facts, verdict, settings, and the commands that repeat it.</summary>
internal static class RunDescription
{
    public static RunModel Of(RunSource run, DataSource? source)
    {
        MethodInfo? info = run.Config is { } config ? MethodCatalog.Get(config.MethodName).Info : null;
        return new RunModel(run.Name, run.Path, State(run), run.HasEncoder)
        {
            Method = info is null ? null : new MethodModel(info.Name, info.Family, info.Paper, info.Year, info.Summary),
            Facts = [.. Facts(run, source)],
            Verdict = run.Directory is null ? null : run.Metrics.Verdict(),
            Notes = run.Notes,
            Commands = [.. Commands(run)],
            Settings = Settings(run),
            Curves = run.Metrics.Curves,
            Histograms = run.Metrics.Histograms,
        };
    }

    /// <summary>The keys in which configurations differ, in the order config.yaml has them; one value a run.</summary>
    public static IReadOnlyList<DifferenceModel> Differences(IReadOnlyList<RunSource> runs)
    {
        var values = runs.Select(r => r.Config is { } c ? new Dictionary<string, string>(ConfigBinder.Values(c), StringComparer.Ordinal) : []).ToArray();
        IEnumerable<string> keys = runs.Where(r => r.Config is not null).SelectMany(r => ConfigBinder.Values(r.Config!)).Select(v => v.Key).Distinct(StringComparer.Ordinal);
        return [.. keys
            .Select(key => new DifferenceModel(key, [.. values.Select(v => v.GetValueOrDefault(key))]))
            .Where(d => d.Values.Distinct(StringComparer.Ordinal).Count() > 1)
            .OrderBy(d => d.Values.Count(v => v is null))];         // what all have comes before what only some know
    }

    private static string State(RunSource run)
    {
        if (run.Directory is null || (run.Config is null && run.HasEncoder))
        {
            return "An encoder without the run that made it.";
        }

        string steps = run.Config?.Train.Steps is { } of ? $"{run.Step ?? 0:N0} of {of:N0} steps" : $"{run.Step ?? 0:N0} steps";
        return run.HasEncoder ? $"Finished: {steps}." : $"Not finished: {steps} are logged. What is there is shown; go on with 'tacit pretrain … --out {run.Path} --resume'.";
    }

    private static IEnumerable<FactModel> Facts(RunSource run, DataSource? source)
    {
        if (Encoder(run) is { } encoder)
        {
            yield return new FactModel("encoder", encoder);
        }

        if (Trained(run, source) is { } data)
        {
            yield return new FactModel("trained on", data);
        }

        if (run.Config is { } config)
        {
            long batch = (long)config.Train.BatchSize * config.Train.Accumulate, samples = batch * (run.Step ?? 0);
            string passes = long.TryParse(run.Checkpoint.GetValueOrDefault("data.items"), out long items) && items > 0 ? $", {(double)samples / items:0.##} passes" : "";
            yield return new FactModel("length", $"{run.Step ?? 0:N0} steps of {batch:N0}: {samples:N0} items seen{passes}");
            yield return new FactModel("seed", $"{config.Train.Seed}");
        }

        if (Number(run, "seconds") is { } seconds)
        {
            yield return new FactModel("time", Clock(seconds));
        }

        if (run.Checkpoint.GetValueOrDefault("kernels") is { } kernels)
        {
            yield return new FactModel("instructions", kernels);
        }
    }

    private static string? Encoder(RunSource run)
    {
        try
        {
            if (run.Backbone() is not { } options)
            {
                return null;
            }

            Backbone built = BackboneFactory.Build(options);
            string preset = run.Config is { } config ? $", preset {config.Model.Preset}" : "";
            return $"{options.Name}{preset}: {built.ParameterCount:N0} parameters, features of {built.Dim:N0} numbers";
        }
        catch (TacitException)
        {
            return null;        // what cannot be built is told where it is used
        }
    }

    private static string? Trained(RunSource run, DataSource? source)
    {
        if (run.Config is not { } config)
        {
            return null;
        }

        string items = run.Checkpoint.GetValueOrDefault("data.items") is { } count && long.TryParse(count, out long number)
            ? $", {number:N0} {(config.Modality switch { "image" => "pictures", "speech" => "pieces of recordings", _ => "pieces of text" })}" : "";
        string minutes = source?.Data is SoundDataset sounds && sounds.Path == config.Data.Path ? $", {sounds.Seconds() / 60:0.#} minutes" : "";
        return $"{config.Data.Path}{items}{minutes}";
    }

    private static IEnumerable<CommandModel> Commands(RunSource run)
    {
        string data = run.Config?.Data.Path ?? "";
        string shownData = data.Length > 0 ? Quoted(data) : "PATH";
        if (run.Config is { } config && run.Directory is { } directory)
        {
            yield return new CommandModel(
                "Train it again, to the same bits on the same kind of processor",
                $"tacit pretrain {config.MethodName} --data {shownData} --recipe {Quoted(Path.Combine(run.Path, Path.GetFileName(directory.ConfigPath)))} --out {Quoted(run.Path.TrimEnd('/', '\\') + "-again")}");
            if (!run.HasEncoder)
            {
                yield return new CommandModel("Go on with it", $"tacit pretrain {config.MethodName} --data {shownData} --out {Quoted(run.Path)} --resume");
            }
        }

        if (run.HasEncoder)
        {
            yield return new CommandModel("Judge it by kNN and a linear probe", $"tacit eval {Quoted(run.Path)} --data {shownData}");
            yield return new CommandModel("A vector for each item", $"tacit embed {Quoted(run.Path)} --data {shownData} --out features.csv");
        }
    }

    /// <summary>All keys; those that are not the method's defaults say what the default is.</summary>
    private static IReadOnlyList<SettingModel> Settings(RunSource run)
    {
        if (run.Config is not { } config)
        {
            return [];
        }

        RunConfig defaults = ConfigBinder.Bind(config.MethodName, null, ConfigBinder.Keys(config.MethodName).Contains("method.modality") ? [$"method.modality={config.Modality}"] : []);
        var usual = new Dictionary<string, string>(ConfigBinder.Values(defaults), StringComparer.Ordinal);
        return [.. ConfigBinder.Values(config).Select(v => new SettingModel(v.Key, v.Value, usual.TryGetValue(v.Key, out string? other) && other != v.Value ? other : null))];
    }

    private static double? Number(RunSource run, string key) =>
        double.TryParse(run.Checkpoint.GetValueOrDefault(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;

    private static string Clock(double seconds) => seconds < 90 ? $"{seconds:0} seconds" : seconds < 5400 ? $"{seconds / 60:0.#} minutes" : $"{seconds / 3600:0.#} hours";

    /// <summary>For a POSIX shell: as it is where that is safe.</summary>
    private static string Quoted(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+=:,@".Contains(c, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
