using Tacit.Methods;

namespace Tacit.Training;

/// <summary>All keys of a run's configuration, in the order config.yaml lists them.</summary>
internal static class ConfigSchema
{
    public const string MethodKey = "method.name";

    /// <summary>The keys that set a whole model, in the order they are applied: the size, then the architecture, which keeps the size.</summary>
    public static readonly string[] WholeModelKeys = ["model.preset", "model.name"];

    /// <summary>The keys that say how long a run is; one of them at a time.</summary>
    public static readonly string[] LengthKeys = ["train.steps", "train.epochs", "train.minutes"];

    private const string Augmentation = "augmentation.";

    private static readonly Dictionary<string, OptionTable<RunConfig>> Tables = new(StringComparer.Ordinal);

    public static OptionTable<RunConfig> For(MethodEntry entry)
    {
        lock (Tables)
        {
            if (!Tables.TryGetValue(entry.Info.Name, out OptionTable<RunConfig>? table))
            {
                Tables.Add(entry.Info.Name, table = Build(entry));
            }

            return table;
        }
    }

    private static OptionTable<RunConfig> Build(MethodEntry entry)
    {
        OptionTable<RunConfig> table = new OptionTable<RunConfig>()
            .Text(MethodKey, c => c.MethodName, (c, name) => name == c.MethodName
                ? c
                : throw new FormatException($"is not the method that was asked for, {c.MethodName}"));
        OptionTable<MethodOptions> method = entry.Options;
        foreach (string key in method.Keys.OrderBy(key => key.StartsWith(Augmentation, StringComparison.Ordinal)))
        {
            // Keys of one section follow each other, so that YAML opens it once.
            table.Forward(key.StartsWith(Augmentation, StringComparison.Ordinal) ? key : $"method.{key}", key, c => c.Method, (c, v) => c with { Method = v }, method);
        }

        return table
            .Section("model", c => c.Model, (c, v) => c with { Model = v }, ModelOptions.Table)
            .Section("data", c => c.Data, (c, v) => c with { Data = v }, DataOptions.Table)
            .Section("train", c => c.Train, (c, v) => c with { Train = v }, TrainOptions.Table)
            .Section("optimizer", c => c.Optimizer, (c, v) => c with { Optimizer = v }, OptimizerTable.Keys)
            .Section("schedule", c => c.Schedule, (c, v) => c with { Schedule = v }, ScheduleTable.Keys)
            .Section("average", c => c.Average, (c, v) => c with { Average = v }, AverageOptions.Table)
            .Section("checkpoint", c => c.Checkpoint, (c, v) => c with { Checkpoint = v }, CheckpointOptions.Table)
            .Section("log", c => c.Log, (c, v) => c with { Log = v }, LogOptions.Table)
            .Section("monitor", c => c.Monitor, (c, v) => c with { Monitor = v }, MonitorOptions.Table);
    }
}
