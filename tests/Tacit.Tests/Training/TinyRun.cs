using System.Text.Json.Nodes;
using Tacit.Data;
using Tacit.Training;

namespace Tacit.Tests.Training;

/// <summary>Runs of six steps of a very small network, so that each takes a fraction of a second.</summary>
internal static class TinyRun
{
    public static readonly string[] Settings =
    [
        "model.width=4", "method.projector=[16, 8]", "data.size=8", "train.batch-size=8", "train.steps=6", "log.every=1",
        "checkpoint.every=3", "monitor.every=4", "monitor.items=8", "monitor.knn-k=3", "average.decay=0.9",
    ];

    public static RunConfig Config(params string[] more) => ConfigBinder.Bind("simclr", null, [.. Settings, .. more]);

    public static RunResult Train(TinyPictures pictures, string name, RunConfig config, bool resume = false, Recorder? recorder = null, CancellationToken stop = default)
    {
        using PictureDataset data = pictures.Open();
        return Trainer.Run(config, data, pictures.Run(name), resume, recorder ?? new Recorder(), stop);
    }

    /// <summary>The lines of a run's log without what depends on the clock.</summary>
    public static string[] Metrics(TinyPictures pictures, string name) => Metrics(pictures.Run(name));

    public static string[] Metrics(string run) =>
        [.. File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(line =>
        {
            JsonObject values = JsonNode.Parse(line)!.AsObject();
            values.Remove("samples_per_second");
            values.Remove("data_wait");
            values.Remove("monitor_seconds");
            return values.ToJsonString();
        })];

    public static byte[] Encoder(TinyPictures pictures, string name) => File.ReadAllBytes(Path.Combine(pictures.Run(name), "encoder.safetensors"));
}

/// <summary>Keeps what happened, and can interfere.</summary>
internal sealed class Recorder(Action<TrainingEvent>? interfere = null) : ITrainingObserver
{
    public List<TrainingEvent> Events { get; } = [];

    public IEnumerable<string> Notes => Events.OfType<RunNote>().Select(note => note.Text);

    public void On(TrainingEvent happened)
    {
        Events.Add(happened);
        interfere?.Invoke(happened);
    }
}
