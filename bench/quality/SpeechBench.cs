using System.Globalization;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Evaluation;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Quality;

/// <summary>Trains on LibriSpeech; judges on Speech Commands and spoken digits.</summary>
internal sealed class SpeechBench : Bench
{
    /// <summary>FBANK with the same head as the encoders: the mean over time; and with the deviation over time beside it.</summary>
    public const string Fbank = "fbank", FbankDeviation = "fbank-mean-deviation";

    /// <summary>Parts of an encoder that only its training looks at.</summary>
    private static readonly string[] InTraining = ["backbone.dropout", "backbone.layer-drop", "backbone.front-gradient"];

    private readonly SoundDataset train = Open("librispeech-train.tar");
    private readonly SoundDataset words = Open("speech-commands-train.tar"), wordsTest = Open("speech-commands-test.tar");
    private readonly SoundDataset digits = Open("fsdd-train.tar"), digitsTest = Open("fsdd-test.tar");

    /// <summary>Sets of recordings, with what is to be told from each.</summary>
    private readonly (SoundDataset Train, SoundDataset Test, SpeechTask[] Tasks)[] sets;

    public SpeechBench(CancellationToken stop) : base(stop) => sets =
    [
        (words, wordsTest, [new SpeechTask("words", words, wordsTest)]),
        (digits, digitsTest, [new SpeechTask("digits", digits, digitsTest), new SpeechTask("speakers", digits.BySpeaker(), digitsTest.BySpeaker())]),
    ];

    public override Rows Rows => Rows.Speech;

    public override string PagePath => "docs/results-speech.md";

    public override string Data => "librispeech";

    public override string Title => "recordings";

    public override IEnumerable<(string Method, ulong Seed)> Wanted => MethodCatalog.All.Where(m => m.Info.Modality.Contains("speech")).Select(m => (m.Info.Name, 0UL));

    public override IReadOnlyList<string> Baselines { get; } = [Fbank, FbankDeviation];

    public override void Dispose()
    {
        foreach (SoundDataset data in (SoundDataset[])[train, words, wordsTest, digits, digitsTest])
        {
            data.Dispose();
        }
    }

    public override void WritePage() => SpeechPage.Write(PagePath);

    public override bool Row(string method, ulong seed)
    {
        string name = RowName(method, seed);
        if (Pretraining.Run(Recipe(method, $"train.seed={seed}"), train, RunPath(name), new Watcher(name), Stop) is not { } trained)
        {
            return false;
        }

        BackboneOptions options = trained.Encoder.Options;
        var input = (SoundInput)trained.Input;
        string encoder = Describe(options, input), untrained = $"untrained-{encoder.Replace(' ', '-').Replace('=', '-')}";
        if (!Rows.Has(untrained))
        {
            Rows.Write(untrained, Judge(untrained, encoder, BackboneFactory.Create(options, 0), input), RowJson.Default.SpeechRow);
        }

        SpeechRow row = Judge(name, encoder, trained.Encoder, input) with
        {
            Method = method,
            Family = MethodCatalog.Get(method).Info.Family,
            Steps = trained.Result.Steps,
            Recordings = trained.Result.Samples,
            Sound = Math.Round(trained.Result.Samples * Throughput.SecondsPerItem(trained.Config, train)),
            Seconds = Math.Round(trained.Result.Seconds, 1),
            Health = trained.Health,
        };
        Rows.Write(name, row, RowJson.Default.SpeechRow);
        return true;
    }

    public override void Attempt(string method, IReadOnlyList<string> settings)
    {
        if (Attempt(Recipe(method, settings), train) is not { } trained)
        {
            return;
        }

        (SoundDataset data, _, SpeechTask[] tasks) = sets[0];
        foreach ((string name, Backbone encoder) in (IEnumerable<(string, Backbone)>)[(method, trained.Encoder), ("untrained", BackboneFactory.Create(trained.Encoder.Options, 0))])
        {
            Best(name, tasks[0], encoder.Layers, Frozen.Features(encoder, trained.Input, encoder.Layers, data, data.Classes, null, Stop));
        }
    }

    /// <summary>Judges FBANK.</summary>
    public override void Baseline(string name)
    {
        Encoder raw = Encoder.Raw(new SoundInput());
        int width = name == Fbank ? raw.Dim / 2 : raw.Dim;          // the means come first
        var row = new SpeechRow { Name = name, Method = name, Family = "baseline", Encoder = "80 FBANK bins", Tasks = [] };
        foreach ((SoundDataset data, SoundDataset test, SpeechTask[] tasks) in sets)
        {
            FeatureTable fit = Of(data), judge = Of(test);
            foreach (SpeechTask task in tasks)
            {
                row.Tasks.Add(task.Name, Judge(task, null, fit, judge));
            }
        }

        Say(row);
        Rows.Write(name, row, RowJson.Default.SpeechRow);

        FeatureTable Of(SoundDataset data)
        {
            Tensor all = raw.Extract(data, stop: Stop).Values, part = Tensor.Lasting(new Shape(data.Count, width));
            for (int i = 0; i < data.Count; i++)
            {
                all.Span.Slice(i * raw.Dim, width).CopyTo(part.Span.Slice(i * width, width));
            }

            return new FeatureTable(part, data.Labels!, data.Classes);
        }
    }

    /// <summary>Times some steps of a method's recipe.</summary>
    public override void Time(string method)
    {
        RunConfig config = Recipe(method);
        double speed = Math.Round(Throughput.Of(config, train, seconds: 5)[0].PicturesPerSecond * Throughput.SecondsPerItem(config, train));
        Console.Error.WriteLine($"{method}: {speed} seconds of sound a second");
        Rows.Write($"speed-{method}", new SpeechSpeed(method, speed), RowJson.Default.SpeechSpeed);
    }

    /// <summary>An architecture, and what is not as in its small preset: <c>wav2vec2 4x192 relative-buckets=320</c>.</summary>
    private static string Describe(BackboneOptions options, SoundInput input)
    {
        Dictionary<string, string> own = BackboneFactory.ToMetadata(options), small = BackboneFactory.ToMetadata(ModelOptions.OfBackbone(options.Name).Backbone);
        string size = BackboneFactory.Architecture(options.Name) switch
        {
            "resnet" => $"{options.Name} w{options.Width}",
            "audiontt" => string.Create(CultureInfo.InvariantCulture, $"{options.Name} {options.Dim}"),
            _ => $"{options.Name} {options.Depth}x{options.Dim}",
        };
        IEnumerable<string> others = own.Where(part => !InTraining.Contains(part.Key) && part.Value != small.GetValueOrDefault(part.Key))
            .Select(part => (Key: part.Key["backbone.".Length..], part.Value)).Where(part => part.Key is not ("name" or "depth" or "dim" or "width" or "channels"))
            .Select(part => $"{part.Key}={part.Value}");
        return string.Join(' ', [size, .. others.Order(StringComparer.Ordinal), .. input.Normalize ? Array.Empty<string>() : ["unnormalised"]]);
    }

    private static SoundDataset Open(string name) => SoundDataset.Open(Path.Combine(DataFolder, name));

    private static void Say(SpeechRow row) => Console.Error.WriteLine(
        $"{row.Name}: {string.Join("; ", row.Tasks.Select(t => $"{t.Key}{(t.Value.Layer is { } layer ? "@" + layer : "")} kNN {t.Value.Knn.Value:0.000}, linear {t.Value.Linear.Value:0.000}, RankMe {t.Value.RankMe} of {t.Value.Width}"))}");

    private RunConfig Recipe(string method, params IEnumerable<string> settings) => ConfigBinder.Bind(method, RecipePath(method), settings, train);

    /// <summary>An encoder on every task, at the layer that is best for it.</summary>
    private SpeechRow Judge(string name, string described, Backbone encoder, SoundInput input)
    {
        var row = new SpeechRow { Name = name, Method = name, Family = "baseline", Encoder = described, Tasks = [] };
        foreach ((SoundDataset data, SoundDataset test, SpeechTask[] tasks) in sets)
        {
            IReadOnlyList<string> layers = encoder.Layers;
            IReadOnlyList<FeatureTable> all = Frozen.Features(encoder, input, layers, data, data.Classes, null, Stop);
            int[] best = [.. tasks.Select(task => Best(name, task, layers, all))];
            IReadOnlyList<FeatureTable> asked = Frozen.Features(encoder, input, [.. best.Select(layer => layers[layer])], test, data.Classes, null, Stop);
            for (int i = 0; i < tasks.Length; i++)
            {
                row.Tasks.Add(tasks[i].Name, Judge(tasks[i], layers[best[i]], all[best[i]], asked[i]));
            }
        }

        Say(row);
        return row;
    }

    /// <summary>The layer that is best for a task on held-out training recordings, its number.</summary>
    private int Best(string name, SpeechTask task, IReadOnlyList<string> layers, IReadOnlyList<FeatureTable> all)
    {
        Stop.ThrowIfCancellationRequested();
        (int[] fit, int[] judge) = task.HeldOut();
        FeatureTable[] labelled = [.. all.Select(features => task.Label(features, task.Train))];
        return Frozen.BestLayer($"{name}, {task.Name}", layers, [.. labelled.Select(t => t.Select(fit))], [.. labelled.Select(t => t.Select(judge))]);
    }

    private static TaskScore Judge(SpeechTask task, string? layer, FeatureTable fit, FeatureTable judge)
    {
        (fit, judge) = (task.Label(fit, task.Train), task.Label(judge, task.Test));
        return new TaskScore(
            layer,
            Frozen.Judge(new KnnProtocol(), fit, judge, keep: true),
            Frozen.Judge(new LinearProbe(), fit, judge, keep: true),
            Math.Round(FeatureMetrics.RankMe(judge.Values), 1),
            judge.Dim);
    }
}
