namespace Tacit.Training;

/// <summary>What keeps a run from being resumed as it was begun.</summary>
internal static class Differences
{
    /// <summary>Keys that change neither the weights nor what is logged: they may differ between the sittings of a run.</summary>
    private static readonly HashSet<string> Free = new(StringComparer.Ordinal) { "data.path", "checkpoint.every", "checkpoint.keep" };

    public static bool IsFree(string key) => Free.Contains(key);

    /// <summary>The run's configuration with the free keys of the new one, after making sure that nothing else was set anew.</summary>
    /// <param name="stored">The run's, resolved.</param>
    /// <param name="now">What is asked for now.</param>
    /// <param name="steps">The length asked for now in steps; null where none, or minutes, was given.</param>
    /// <exception cref="ConfigurationException">A key was given another value.</exception>
    public static RunConfig Merge(RunConfig stored, RunConfig now, long? steps)
    {
        if (stored.MethodName != now.MethodName)
        {
            throw Refuse([$"method {stored.MethodName} there, {now.MethodName} now"]);
        }

        string[] different = [.. now.Given
            .Where(key => !IsFree(key) && !ConfigSchema.LengthKeys.Contains(key))
            .Order(StringComparer.Ordinal)
            .Where(key => ConfigBinder.Get(stored, key) != ConfigBinder.Get(now, key))
            .Select(key => $"{key} {ConfigBinder.Get(stored, key)} there, {ConfigBinder.Get(now, key)} now")];
        if (steps is { } asked && asked != stored.Train.Steps)
        {
            different = [.. different, $"train.steps {stored.Train.Steps} there, {asked} now"];
        }

        return different.Length > 0
            ? throw Refuse(different)
            : stored with
            {
                Data = now.Given.Contains("data.path") ? stored.Data with { Path = now.Data.Path } : stored.Data,
                Checkpoint = new CheckpointOptions
                {
                    Every = now.Given.Contains("checkpoint.every") ? now.Checkpoint.Every : stored.Checkpoint.Every,
                    Keep = now.Given.Contains("checkpoint.keep") ? now.Checkpoint.Keep : stored.Checkpoint.Keep,
                },
            };
    }

    /// <summary>Makes sure that a checkpoint was written under the configuration that config.yaml holds now.</summary>
    /// <exception cref="ConfigurationException">It was not: names the keys.</exception>
    public static void RefuseEdited(RunConfig config, string checkpointYaml, string checkpointPath)
    {
        var then = Settings.ParseYaml(checkpointYaml, checkpointPath);
        var now = new Dictionary<string, string>(ConfigBinder.Values(config), StringComparer.Ordinal);
        string[] different = [.. then.Keys.Union(now.Keys, StringComparer.Ordinal)
            .Where(key => !IsFree(key))
            .Select(key => (Key: key, Then: then.GetValueOrDefault(key, "nothing"), Now: now.GetValueOrDefault(key, "nothing")))
            .Where(d => d.Then != d.Now)
            .Select(d => $"{d.Key} {d.Then} there, {d.Now} now")];
        if (different.Length > 0)
        {
            throw Refuse(different);
        }
    }

    private static ConfigurationException Refuse(string[] differences) =>
        new($"The run was made with another configuration: {string.Join("; ", differences)}. Resume it with its own, or begin another run with --out.");
}
