namespace Tacit.Quality;

/// <summary>One finished row of the table of recordings.</summary>
internal sealed record SpeechRow
{
    /// <summary>The method, or the baseline's name.</summary>
    public required string Name { get; init; }

    public required string Method { get; init; }

    /// <summary>One of the five, or baseline.</summary>
    public required string Family { get; init; }

    /// <summary>The encoder's architecture and size: what it is compared with untrained.</summary>
    public required string Encoder { get; init; }

    public long Steps { get; init; }

    /// <summary>Crops or pieces of recordings seen, repetitions counted, each once however many views were made of it.</summary>
    public long Recordings { get; init; }

    /// <summary>Seconds of sound in them.</summary>
    public double Sound { get; init; }

    /// <summary>Of training, as it ran.</summary>
    public double Seconds { get; init; }

    /// <summary>The worst verdict that the health rules gave during training.</summary>
    public string? Health { get; init; }

    /// <summary>By the task's name.</summary>
    public required Dictionary<string, TaskScore> Tasks { get; init; }
}

/// <summary>One row on one task.</summary>
/// <param name="Layer">Where features were taken: chosen on held-out training recordings; null for what is no encoder.</param>
/// <param name="Knn">Accuracy of nearest neighbours on the test recordings.</param>
/// <param name="Linear">Accuracy of a linear probe on them.</param>
/// <param name="RankMe">Effective rank of the test recordings' features.</param>
/// <param name="Width">How many dimensions the features have.</param>
internal sealed record TaskScore(string? Layer, Score Knn, Score Linear, double RankMe, int Width);

/// <summary>Seconds of sound that a method's recipe trains on in a second.</summary>
internal sealed record SpeechSpeed(string Method, double SoundPerSecond);
