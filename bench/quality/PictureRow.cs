namespace Tacit.Quality;

/// <summary>One finished row of the table of pictures.</summary>
internal sealed record PictureRow
{
    /// <summary>The method, with its seed behind it where that is not 0; or the baseline's name.</summary>
    public required string Name { get; init; }

    public required string Method { get; init; }

    /// <summary>One of the five, or baseline, or reference.</summary>
    public required string Family { get; init; }

    public ulong Seed { get; init; }

    /// <summary>The encoder's architecture and size: what it is compared with untrained.</summary>
    public required string Encoder { get; init; }

    /// <summary>Side in pixels that the encoder is judged at.</summary>
    public required int Side { get; init; }

    public long Steps { get; init; }

    public long Pictures { get; init; }

    /// <summary>Of training, as it ran.</summary>
    public double Seconds { get; init; }

    /// <summary>Where features were taken; null for the encoder's own output.</summary>
    public string? Layer { get; init; }

    public required Score Knn { get; init; }

    public required Score Linear { get; init; }

    /// <summary>Effective rank of the test pictures' features, and how many dimensions they have.</summary>
    public double RankMe { get; init; }

    public int Width { get; init; }

    /// <summary>The worst verdict that the health rules gave during training.</summary>
    public string? Health { get; init; }
}

/// <summary>Pictures a second of one method at each side of its recipe.</summary>
internal sealed record Speed(string Method, Dictionary<string, double> PicturesPerSecond);

/// <summary>One run of the collapse experiment.</summary>
/// <param name="Name">The method and what was taken away.</param>
/// <param name="Settings">What was set.</param>
/// <param name="AlarmStep">The step of the first alarm that said collapsed; null for none.</param>
/// <param name="Reason">What the alarm said.</param>
internal sealed record Collapse(string Name, string[] Settings, long Steps, long? AlarmStep, string? Reason, double? EmbeddingDeviation, double? EmbeddingRank);
