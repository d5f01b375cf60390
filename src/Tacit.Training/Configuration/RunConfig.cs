using Tacit.Data.Augment;
using Tacit.Data.Text;
using Tacit.Methods;
using Tacit.Nn;

namespace Tacit.Training;

/// <summary>Everything a run is made of. Defaults live in the option records and nowhere else; <see cref="ConfigBinder"/> makes one from recipe and settings.</summary>
public sealed record RunConfig
{
    /// <summary>The catalogue's name of the method.</summary>
    public required string MethodName { get; init; }

    public required MethodOptions Method { get; init; }

    /// <summary>What is trained on: image, speech or text; one that the method takes.</summary>
    public string Modality { get; init; } = "image";

    public ModelOptions Model { get; init; } = new();

    public DataOptions Data { get; init; } = new();

    /// <summary>What is done to views of recordings.</summary>
    public SoundAugmentationOptions Sound { get; init; } = SoundAugmentationOptions.None;

    /// <summary>What makes the run's texts tokens: kept beside config.yaml, in tokenizer.json; null for what is not text, and before it is trained.</summary>
    public BytePairTokenizer? Tokenizer { get; init; }

    public TrainOptions Train { get; init; } = new();

    public OptimizerOptions Optimizer { get; init; } = new();

    public ScheduleOptions Schedule { get; init; } = new();

    public AverageOptions Average { get; init; } = new();

    public CheckpointOptions Checkpoint { get; init; } = new();

    public LogOptions Log { get; init; } = new();

    public MonitorOptions Monitor { get; init; } = new();

    /// <summary>The keys that the user set, by recipe or setting: what cannot work there is refused, while a default adapts.</summary>
    public IReadOnlySet<string> Given { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}
