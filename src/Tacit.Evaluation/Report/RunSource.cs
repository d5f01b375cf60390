using System.Globalization;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Evaluation.Report;

/// <summary>A run as it lies on disk, whole or not: whatever is missing is told and not thrown.</summary>
internal sealed class RunSource
{
    private readonly Lazy<SavedMethod> saved;
    private readonly List<string> notes = [];

    private RunSource(string path)
    {
        Path = path;
        Directory = System.IO.Directory.Exists(path) ? new RunDirectory(path) : null;
        Name = Directory is null ? System.IO.Path.GetFileNameWithoutExtension(path) : System.IO.Path.GetFileName(Directory.Path.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        saved = new Lazy<SavedMethod>(() => SavedMethod.Open(path));
        Metrics = new MetricsFile();
    }

    /// <summary>As it was given.</summary>
    public string Path { get; }

    public string Name { get; }

    /// <summary>Null for an encoder's file.</summary>
    public RunDirectory? Directory { get; }

    /// <summary>Null where there is none, or it cannot be read.</summary>
    public RunConfig? Config { get; private set; }

    public MetricsFile Metrics { get; private set; }

    /// <summary>What the newest checkpoint says of the run: step, seconds, items, kernels; empty without one.</summary>
    public IReadOnlyDictionary<string, string> Checkpoint { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<string> Notes => notes;

    public bool HasEncoder => Directory is null || Directory.HasEncoder || PublishedEncoder.IsFolder(Path);

    /// <summary>Steps done; null where nothing says it.</summary>
    public long? Step => Metrics.LastStep is { } logged ? Math.Max(logged, Saved ?? 0) : Saved;

    /// <summary>The step of the newest checkpoint.</summary>
    private long? Saved => long.TryParse(Checkpoint.GetValueOrDefault("step"), NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : null;

    /// <summary>Reads what is there.</summary>
    /// <exception cref="TacitException">There is no run, no encoder, and nothing of either.</exception>
    public static RunSource Open(string path)
    {
        var source = new RunSource(path);
        if (source.Directory is null)
        {
            return File.Exists(path)
                ? source
                : throw new TacitException($"There is no run '{path}': give the directory of a run, or an encoder.safetensors.");
        }

        if (!source.Directory.HasRun && !File.Exists(source.Directory.MetricsPath) && !source.HasEncoder)
        {
            throw new TacitException($"'{path}' is not a run: there is no config.yaml, metrics.jsonl or encoder.safetensors in it.");
        }

        source.Read(source.Directory);
        return source;
    }

    /// <summary>The encoder, of a run that is not finished its newest checkpoint's.</summary>
    /// <exception cref="TacitException">There is neither.</exception>
    public Encoder Encoder(InputFormat fallback)
    {
        if (HasEncoder)
        {
            return Evaluation.Encoder.Open(Path, fallback);
        }

        SavedMethod method = Method();
        return Evaluation.Encoder.Of(Name, method.Input, method.Method.Backbone, Config?.Train.Seed ?? 0);
    }

    /// <summary>The method with its heads, as the newest checkpoint holds it.</summary>
    /// <exception cref="TacitException">There is no checkpoint.</exception>
    public SavedMethod Method() => saved.Value;

    /// <summary>The method without its learned values, which say nothing about what it looks at.</summary>
    /// <exception cref="TacitException">There is no configuration.</exception>
    public Method Untrained() => Config is { } config
        ? MethodCatalog.Get(config.MethodName).Create(BackboneFactory.Build(config.Model.Backbone), config.Method)
        : throw new TacitException("Nothing says how the run looked at its items: there is no config.yaml.");

    /// <summary>What the encoder is built from; null where nothing says it.</summary>
    public BackboneOptions? Backbone()
    {
        if (Config is { } config)
        {
            return config.Model.Backbone;
        }

        string? file = Directory is null ? Path : Directory.HasEncoder ? Directory.EncoderPath : null;
        return file is null ? null : BackboneFactory.FromMetadata(Safetensors.ReadMetadata(file));
    }

    private void Read(RunDirectory directory)
    {
        Attempt(() => Metrics = MetricsFile.Read(directory.MetricsPath));
        if (File.Exists(directory.ConfigPath))
        {
            Attempt(() => Config = directory.ReadConfig());
        }
        else
        {
            notes.Add("There is no config.yaml in the run's directory, so that nothing says how it was made.");
        }

        if (directory.CheckpointSteps() is [.., long newest])
        {
            Attempt(() => Checkpoint = Safetensors.ReadMetadata(directory.CheckpointPath(newest)));
        }

        if (Metrics.Unreadable > 0)
        {
            notes.Add($"metrics.jsonl has {Metrics.Unreadable} {(Metrics.Unreadable == 1 ? "line" : "lines")} that cannot be read; they are left out.");
        }

        if (Metrics.NotFinite > 0)
        {
            notes.Add($"{Metrics.NotFinite} logged {(Metrics.NotFinite == 1 ? "value is" : "values are")} not a number (NaN or infinite); the curves mark where.");
        }
    }

    private void Attempt(Action read)
    {
        try
        {
            read();
        }
        catch (TacitException error)
        {
            notes.Add(error.Message);
        }
    }
}
