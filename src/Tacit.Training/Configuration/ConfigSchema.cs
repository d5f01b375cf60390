using Tacit.Methods;

namespace Tacit.Training;

/// <summary>All keys of a run's configuration, in the order config.yaml lists them.</summary>
internal static class ConfigSchema
{
    public const string MethodKey = "method.name";

    /// <summary>The keys that set a whole model, in the order they are applied: the size, then the architecture, which keeps the size.</summary>
    public static readonly string[] WholeModelKeys = ["model.preset", "model.name"];

    /// <summary>What is trained on, which decides about defaults: set before all others.</summary>
    public const string ModalityKey = "method.modality";

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
        table.Choice(ModalityKey, c => c.Modality, (c, v) => c with { Modality = v }, [.. entry.Info.Modality]);
        OptionTable<MethodOptions> method = entry.Options;
        var augmentation = new OptionTable<RunConfig>();
        foreach (string key in method.Keys)
        {
            // Keys of one section follow each other, so that YAML opens it once.
            bool own = key.StartsWith(Augmentation, StringComparison.Ordinal);
            (own ? augmentation : table).Forward(own ? key : $"method.{key}", key, c => c.Method, (c, v) => c with { Method = v }, method);
        }

        bool pictures = entry.Info.Modality.Contains("image"), recordings = entry.Info.Modality.Contains("speech");
        return table
            .Where(c => c.Modality == "image", "runs on pictures", augmentation)
            .Section("model", c => c.Model, (c, v) => c with { Model = v }, ModelOptions.Table)
            .Section("data", c => c.Data, (c, v) => c with { Data = v }, DataOptions.Table)
            .Where(c => c.Modality == "image", "runs on pictures", Data(pictures, DataOptions.PictureTable))
            .Where(c => c.Modality == "speech", "runs on recordings", Data(recordings, DataOptions.SoundTable))
            .Where(c => c.Modality == "text", "runs on texts", Data(entry.Info.Modality.Contains("text"), DataOptions.TextTable))
            .Where(c => c.Modality == "speech", "runs on recordings", recordings ? new OptionTable<RunConfig>().Section("sound", c => c.Sound, (c, v) => c with { Sound = v }, SoundTable.Keys) : new())
            .Section("train", c => c.Train, (c, v) => c with { Train = v }, TrainOptions.Table)
            .Section("optimizer", c => c.Optimizer, (c, v) => c with { Optimizer = v }, OptimizerTable.Keys)
            .Section("schedule", c => c.Schedule, (c, v) => c with { Schedule = v }, ScheduleTable.Keys)
            .Section("average", c => c.Average, (c, v) => c with { Average = v }, AverageOptions.Table)
            .Section("checkpoint", c => c.Checkpoint, (c, v) => c with { Checkpoint = v }, CheckpointOptions.Table)
            .Section("log", c => c.Log, (c, v) => c with { Log = v }, LogOptions.Table)
            .Section("monitor", c => c.Monitor, (c, v) => c with { Monitor = v }, MonitorOptions.Table);
    }

    private static OptionTable<RunConfig> Data(bool has, OptionTable<DataOptions> keys) =>
        has ? new OptionTable<RunConfig>().Section("data", c => c.Data, (c, v) => c with { Data = v }, keys) : new();
}
