using System.Text.Json.Nodes;
using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Evaluation;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Quality;

/// <summary>Trains and judges on CIFAR-10.</summary>
internal sealed class Bench(CancellationToken stop) : IDisposable
{
    private const int BatchSize = 128;

    /// <summary>Training pictures that a layer is chosen on: probes are fitted on the first part and judged on the second.</summary>
    private const int ChoiceFit = 8000, ChoiceJudge = 4000;

    private static readonly string DataFolder = Environment.GetEnvironmentVariable("TACIT_DATA") ?? Path.Combine(Rows.Root, "..", "shared", "data");

    private readonly PictureDataset train = PictureDataset.Open(Path.Combine(DataFolder, "cifar10-train.tar"));
    private readonly PictureDataset test = PictureDataset.Open(Path.Combine(DataFolder, "cifar10-test.tar"), Split.Test);

    public static string RowName(string method, ulong seed) => seed == 0 ? method : $"{method}-seed{seed}";

    public void Dispose()
    {
        train.Dispose();
        test.Dispose();
    }

    /// <summary>Trains one method by its quick recipe, or goes on with that, and judges it. False where it was interrupted.</summary>
    public bool Row(string method, ulong seed)
    {
        string name = RowName(method, seed), directory = RunPath(name);
        var watcher = new Watcher(name);
        RunConfig config = Recipe(method, $"train.seed={seed}");
        RunResult result = Trainer.Run(config, train, directory, resume: true, watcher, stop);
        if (result.Interrupted)
        {
            return false;
        }

        config = new RunDirectory(directory).ReadConfig();
        MethodInfo info = MethodCatalog.Get(method).Info;
        var input = new PictureInput(config.Data.Size!.Value, new Normalization(config.Data.Mean, config.Data.Deviation));
        BaselineFor(config.Model.Backbone, input);

        SafetensorsContent file = Safetensors.Read(new RunDirectory(directory).EncoderPath);
        Backbone encoder = BackboneFactory.Build(BackboneFactory.FromMetadata(file.Metadata));
        encoder.Load(file.Tensors);
        bool layers = info.Family is "generative" or "predictive";
        Row row = Judge(name, encoder, input, layers ? BestLayer(name, encoder, input) : null) with
        {
            Method = method,
            Family = info.Family,
            Seed = seed,
            Steps = result.Steps,
            Pictures = result.Samples,
            Seconds = Math.Round(result.Seconds, 1),
            Health = WorstHealth(new RunDirectory(directory).MetricsPath),
        };
        Rows.Write(name, row, RowJson.Default.Row);
        return true;
    }

    /// <summary>Judges raw pixels.</summary>
    public void Raw() => Rows.Write("raw", Judge("raw", null, new PictureInput(32, Normalization.ImageNet), null), RowJson.Default.Row);

    /// <summary>Times some steps at each side of a method's recipe.</summary>
    public void Time(string method)
    {
        RunConfig config = Recipe(method);
        var speeds = new Dictionary<string, double>();
        foreach ((int side, double perSecond) in Throughput.Of(config, train, seconds: 3))
        {
            speeds[$"{side}"] = Math.Round(perSecond);
        }

        Console.Error.WriteLine($"{method}: {string.Join(", ", speeds.Select(s => $"{s.Value} pictures/s at {s.Key} px"))}");
        Rows.Write($"speed-{method}", new Speed(method, speeds), RowJson.Default.Speed);
    }

    /// <summary>The first 300 steps of a quick recipe with a safeguard taken away, and what the alarm says.</summary>
    public void Collapse(CollapseCase experiment)
    {
        RunConfig config = Recipe(experiment.Method, [.. experiment.Settings, "log.every=10", "monitor.every=100"]);
        var watcher = new Watcher(experiment.Name);
        string directory = RunPath($"collapse-{experiment.Name}");
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Trainer.Run(config, train, directory, resume: false, new StopAfter(watcher, CollapseCase.Steps, enough), enough.Token);
        IReadOnlyList<KeyValuePair<string, double>> last = watcher.Last!.Diagnostics;
        double? Value(string key) => last.Where(d => d.Key == key).Select(d => (double?)d.Value).FirstOrDefault();
        Rows.Write(
            $"collapse-{experiment.Name}",
            new Collapse(
                experiment.Name,
                experiment.Settings,
                watcher.Last.Step,
                watcher.Collapse?.Step,
                watcher.Collapse is { } alarm ? string.Join("; ", alarm.Health.Reasons) : null,
                Value(Diagnostics.EmbeddingDeviation),
                Value(Diagnostics.EmbeddingRank)),
            RowJson.Default.Collapse);
    }

    private static RunConfig Recipe(string method, params IEnumerable<string> settings) => ConfigBinder.Bind(
        method, Path.Combine(Rows.Root, "recipes", $"{method}-cifar10-quick.yaml"), settings);

    private static string RunPath(string name) => Path.Combine(Rows.Root, "artifacts", "quality", name);

    /// <summary>The worst verdict of a run's log, through all its sittings.</summary>
    private static string WorstHealth(string metrics) => File.ReadLines(metrics)
        .Select(line => JsonNode.Parse(line)?["health"]?.GetValue<string>())
        .OfType<string>()
        .MaxBy(word => Array.IndexOf(["healthy", "suspicious", "collapsed"], word)) ?? "healthy";

    private static string Describe(BackboneOptions options) => BackboneFactory.Architecture(options.Name) switch
    {
        "resnet" => $"{options.Name}-w{options.Width}",
        "vit" => $"vit-{options.Depth}x{options.Dim}-p{options.PatchSize}",
        _ => $"{options.Name}-{options.Depth}x{options.Dim}",
    };

    /// <summary>This encoder untrained at this side, once.</summary>
    private void BaselineFor(BackboneOptions options, PictureInput input)
    {
        string name = $"untrained-{Describe(options)}-{input.Size}px";
        if (!File.Exists(Rows.PathOf(name)))
        {
            Backbone untrained = BackboneFactory.Create(options, 0);
            Rows.Write(name, Judge(name, untrained, input, BestLayer(name, untrained, input)), RowJson.Default.Row);
        }
    }

    /// <summary>kNN and linear probe on the whole test set.</summary>
    private Row Judge(string name, Backbone? encoder, PictureInput input, string? layer)
    {
        string[] layers = [layer ?? Backbone.Last];
        FeatureTable fit = Features(name, encoder, input, layers, train, null)[0], judge = Features(name, encoder, input, layers, test, null)[0];
        Score Score(Protocol protocol)
        {
            stop.ThrowIfCancellationRequested();
            double[] correct = [.. protocol.Predict(fit, judge).Zip(judge.Labels, (predicted, label) => predicted == label ? 1.0 : 0.0)];
            (double low, double high) = Bootstrap.Interval(correct, 0);
            return new Score(Math.Round(correct.Average(), 4), Math.Round(low, 4), Math.Round(high, 4));
        }

        var row = new Row
        {
            Name = name,
            Method = name,
            Family = "baseline",
            Encoder = encoder is null ? "pixels" : Describe(encoder.Options),
            Side = input.Size,
            Layer = layer,
            Knn = Score(new KnnProtocol()),
            Linear = Score(new LinearProbe()),
            RankMe = encoder is null ? 0 : Math.Round(FeatureMetrics.RankMe(judge.Values), 1),
            Width = fit.Values.Shape[1],
        };
        Console.Error.WriteLine($"{name}{(layer is null ? "" : "@" + layer)}: kNN {row.Knn.Value:0.000}, linear {row.Linear.Value:0.000}, RankMe {row.RankMe} of {row.Width}");
        return row;
    }

    /// <summary>The layer whose linear probe does best on training pictures held out; null where that is the encoder's own output.</summary>
    private string? BestLayer(string name, Backbone encoder, PictureInput input)
    {
        int[] order = Philox.Permutation(train.Count, 0, Philox.Hash("layer choice"), 0);
        int[] fit = [.. order[..ChoiceFit].Order()], judge = [.. order[ChoiceFit..(ChoiceFit + ChoiceJudge)].Order()];
        string[] layers = [Backbone.Last, .. encoder.Layers];
        IReadOnlyList<FeatureTable> known = Features(name, encoder, input, layers, train, fit), asked = Features(name, encoder, input, layers, train, judge);
        double[] accuracy = [.. known.Zip(asked, (k, a) => new LinearProbe().Predict(k, a).Zip(a.Labels, (p, y) => p == y ? 1.0 : 0).Average())];
        Console.Error.WriteLine($"{name}: on held-out training pictures {string.Join(", ", layers.Zip(accuracy, (layer, value) => $"{layer} {value:0.000}"))}");
        int best = Array.IndexOf(accuracy, accuracy.Max());
        return best == 0 ? null : layers[best];
    }

    /// <summary>The features of some layers, from one pass over the pictures; without an encoder the pixels.</summary>
    private IReadOnlyList<FeatureTable> Features(string name, Backbone? encoder, PictureInput input, string[] layers, PictureDataset data, int[]? items)
    {
        encoder?.Eval();
        int count = items?.Length ?? data.Count;
        Tensor[] values = [.. layers.Select(layer => Tensor.Lasting(new Shape(count, encoder?.Width(layer) ?? 3 * input.Size * input.Size)))];
        var labels = new List<int>(count);
        foreach (Batch batch in EvaluationBatches.Of(data, input.Size, input.Normalization, BatchSize, items))
        {
            stop.ThrowIfCancellationRequested();
            using Scope scope = Scope.NoGradient();
            IReadOnlyList<Tensor> features = encoder?.Forward(batch.Views, layers) ?? [batch.Views];
            for (int i = 0; i < values.Length; i++)
            {
                features[i].Span.CopyTo(values[i].Rows(labels.Count, batch.Size).Span);
            }

            labels.AddRange(batch.Labels!);
        }

        return labels.Count == count
            ? [.. values.Select(v => new FeatureTable(v, [.. labels], data.Classes))]
            : throw new TacitException($"{name}: pictures of {data.Path} cannot be decoded.");
    }

    /// <summary>Stops a run after some of its steps.</summary>
    private sealed class StopAfter(Watcher watcher, long steps, CancellationTokenSource enough) : ITrainingObserver
    {
        public void On(TrainingEvent happened)
        {
            watcher.On(happened);
            if (happened is StepLogged logged && logged.Step >= steps)
            {
                enough.Cancel();
            }
        }
    }
}
