using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Training;

/// <summary>The whole state of a run in one file: weights, optimiser, averages, and what the run remembers.</summary>
internal static class Checkpoint
{
    private const string Format = "tacit-checkpoint-1";

    /// <summary>Writes the checkpoint of a step, then removes older ones beyond those to keep.</summary>
    public static string Write(RunDirectory directory, Learner learner, RunConfig config, RunProgress progress, string fingerprint, int items)
    {
        Dictionary<string, string> metadata = progress.ToMetadata();
        metadata["format"] = Format;
        metadata["config"] = ConfigBinder.ToYaml(config);
        metadata["seed"] = $"{config.Train.Seed}";
        metadata["data.fingerprint"] = fingerprint;
        metadata["data.items"] = $"{items}";
        metadata["kernels"] = Width.Name;
        string path = directory.CheckpointPath(progress.Step);
        Safetensors.Write(path, learner.State(), metadata);
        Prune(directory, config.Checkpoint.Keep, progress.BestStep);
        return path;
    }

    /// <summary>Puts a learner back to where a checkpoint was written.</summary>
    /// <exception cref="ConfigurationException">Written under another configuration or on other data: says the difference.</exception>
    /// <exception cref="TacitException">Not a checkpoint of this version.</exception>
    public static RunProgress Read(string path, Learner learner, RunConfig config, string fingerprint, int items, Action<string> warn)
    {
        SafetensorsContent content = Safetensors.Read(path);
        IReadOnlyDictionary<string, string> metadata = content.Metadata;
        if (metadata.GetValueOrDefault("format") != Format)
        {
            throw new TacitException($"'{path}' is not a checkpoint that this version can resume.");
        }

        if (metadata.GetValueOrDefault("data.fingerprint") != fingerprint)
        {
            throw new ConfigurationException(
                $"The run was made on another data set: {metadata.GetValueOrDefault("data.items")} items with fingerprint {metadata.GetValueOrDefault("data.fingerprint")} there, " +
                $"{items} items with fingerprint {fingerprint} now. Resume it with the data it was begun on, or begin another run with --out.");
        }

        Differences.RefuseEdited(config, metadata.GetValueOrDefault("config", ""), path);
        if (metadata.GetValueOrDefault("kernels") is { } kernels && kernels != Width.Name)
        {
            warn($"The checkpoint was computed with {kernels} and goes on with {Width.Name}: the last bits will differ from an uninterrupted run's.");
        }

        learner.Load(content.Tensors);
        return RunProgress.FromMetadata(metadata, path);
    }

    /// <summary>Takes away all but the newest and the best.</summary>
    private static void Prune(RunDirectory directory, int keep, long best)
    {
        IReadOnlyList<long> steps = directory.CheckpointSteps();
        foreach (long old in steps.Take(Math.Max(0, steps.Count - keep)).Where(step => step != best))
        {
            try
            {
                File.Delete(directory.CheckpointPath(old));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Somebody reads it, or took the right away: one file more than asked for harms nothing, and the next step tries again.
            }
        }
    }
}
