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
internal sealed class PictureBench(CancellationToken stop) : Bench(stop)
{
    /// <summary>Training pictures that a layer is chosen on: probes are fitted on the first part and judged on the second.</summary>
    private const int ChoiceFit = 8000, ChoiceJudge = 4000;

    /// <summary>The methods whose spread over seeds is measured, as well.</summary>
    private static readonly string[] Seeded = ["simclr", "byol", "vicreg", "mae"];

    /// <summary>A method of another family whose last layer too serves a prediction of hidden patches: the best is sought.</summary>
    private const string Hiding = "data2vec";

    private readonly PictureDataset train = PictureDataset.Open(Path.Combine(DataFolder, "cifar10-train.tar"));
    private readonly PictureDataset test = PictureDataset.Open(Path.Combine(DataFolder, "cifar10-test.tar"), Split.Test);

    public override Rows Rows => Rows.Pictures;

    public override string PagePath => "docs/results-images.md";

    public override string Data => "cifar10";

    public override string Title => "CIFAR-10";

    public override IEnumerable<(string Method, ulong Seed)> Wanted =>
    [
        .. Methods.Select(method => (method, 0UL)),
        .. Seeded.SelectMany(method => new[] { (method, 1UL), (method, 2UL) }),
    ];

    public override IReadOnlyList<string> Baselines { get; } = ["raw"];

    private static IEnumerable<string> Methods => MethodCatalog.All.Concat(MethodCatalog.References).Where(m => m.Info.Modality.Contains("image")).Select(m => m.Info.Name);

    public override void Dispose()
    {
        train.Dispose();
        test.Dispose();
    }

    public override void WritePage() => PicturePage.Write(PagePath);

    public override bool Row(string method, ulong seed)
    {
        string name = RowName(method, seed);
        if (Pretraining.Run(Recipe(method, $"train.seed={seed}"), train, RunPath(name), new Watcher(name), Stop) is not { } trained)
        {
            return false;
        }

        MethodInfo info = MethodCatalog.Get(method).Info;
        var input = (PictureInput)trained.Input;
        BaselineFor(trained.Config.Model.Backbone, input);
        bool layers = info.Family is "generative" or "predictive" || method == Hiding;
        PictureRow row = Judge(name, trained.Encoder, input, layers ? BestLayer(name, trained.Encoder, input) : null) with
        {
            Method = method,
            Family = info.Family,
            Seed = seed,
            Steps = trained.Result.Steps,
            Pictures = trained.Result.Samples,
            Seconds = Math.Round(trained.Result.Seconds, 1),
            Health = trained.Health,
        };
        Rows.Write(name, row, RowJson.Default.PictureRow);
        return true;
    }

    public override void Attempt(string method, IReadOnlyList<string> settings)
    {
        if (Attempt(Recipe(method, settings), train) is { } trained)
        {
            var input = (PictureInput)trained.Input;
            BestLayer(method, trained.Encoder, input);
            BestLayer("untrained", BackboneFactory.Create(trained.Encoder.Options, 0), input);
        }
    }

    /// <summary>Judges raw pixels.</summary>
    public override void Baseline(string name) => Rows.Write(name, Judge(name, null, new PictureInput(32, Normalization.ImageNet), null), RowJson.Default.PictureRow);

    /// <summary>Times some steps at each side of a method's recipe.</summary>
    public override void Time(string method)
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

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
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

    private RunConfig Recipe(string method, params IEnumerable<string> settings) => ConfigBinder.Bind(method, RecipePath(method), settings);

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
        if (!Rows.Has(name))
        {
            Backbone untrained = BackboneFactory.Create(options, 0);
            Rows.Write(name, Judge(name, untrained, input, BestLayer(name, untrained, input)), RowJson.Default.PictureRow);
        }
    }

    /// <summary>kNN and linear probe on the whole test set.</summary>
    private PictureRow Judge(string name, Backbone? encoder, PictureInput input, string? layer)
    {
        string[] layers = [layer ?? Backbone.Last];
        FeatureTable fit = Features(encoder, input, layers, train, null)[0], judge = Features(encoder, input, layers, test, null)[0];
        var row = new PictureRow
        {
            Name = name,
            Method = name,
            Family = "baseline",
            Encoder = encoder is null ? "pixels" : Describe(encoder.Options),
            Side = input.Size,
            Layer = layer,
            Knn = Frozen.Judge(new KnnProtocol(), fit, judge),
            Linear = Frozen.Judge(new LinearProbe(), fit, judge),
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
        int best = Frozen.BestLayer(name, layers, Features(encoder, input, layers, train, fit), Features(encoder, input, layers, train, judge));
        return best == 0 ? null : layers[best];
    }

    private IReadOnlyList<FeatureTable> Features(Backbone? encoder, PictureInput input, string[] layers, PictureDataset data, int[]? items) =>
        Frozen.Features(encoder, input, layers, data, train.Classes, items, Stop);

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
