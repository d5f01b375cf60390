using System.Text.Json.Nodes;
using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Quality;

/// <summary>A finished run, and its encoder as its file holds it.</summary>
/// <param name="Config">Everything resolved.</param>
/// <param name="Health">The worst verdict of the run's log, through all its sittings.</param>
internal sealed record Pretraining(RunConfig Config, RunResult Result, Backbone Encoder, InputFormat Input, string Health)
{
    /// <summary>Trains, or goes on with what the directory holds; null where that was interrupted.</summary>
    public static Pretraining? Run(RunConfig config, Dataset train, string directory, ITrainingObserver observer, CancellationToken stop)
    {
        RunResult result = Trainer.Run(config, train, directory, resume: true, observer, stop);
        if (result.Interrupted)
        {
            return null;
        }

        var run = new RunDirectory(directory);
        SafetensorsContent file = Safetensors.Read(run.EncoderPath);
        Backbone encoder = BackboneFactory.Build(BackboneFactory.FromMetadata(file.Metadata));
        encoder.Load(file.Tensors);
        return new Pretraining(run.ReadConfig(), result, encoder, Inputs.FromMetadata(file.Metadata, run.EncoderPath), WorstHealth(run.MetricsPath));
    }

    /// <summary>The worst verdict, and the last where that is another: "collapsed, then healthy".</summary>
    private static string WorstHealth(string metrics)
    {
        string[] words = [.. File.ReadLines(metrics).Select(line => JsonNode.Parse(line)?["health"]?.GetValue<string>()).OfType<string>()];
        string worst = words.MaxBy(word => Array.IndexOf(["healthy", "suspicious", "collapsed"], word)) ?? "healthy";
        return words.Length == 0 || words[^1] == worst ? worst : $"{worst}, then {words[^1]}";
    }
}
