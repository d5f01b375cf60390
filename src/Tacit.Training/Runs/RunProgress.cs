using System.Globalization;

namespace Tacit.Training;

/// <summary>What a run remembers besides its tensors: all of it goes into the checkpoint's metadata.</summary>
internal sealed record RunProgress
{
    /// <summary>Optimiser steps done.</summary>
    public long Step { get; init; }

    /// <summary>Of all sittings together.</summary>
    public double Seconds { get; init; }

    /// <summary>The loss of the last step.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>A running mean of the loss (1/50 of each new one), which the health rules judge.</summary>
    public double LossMean { get; init; } = double.NaN;

    /// <summary>The loss of the first step: what a useless loss is measured by where the method knows no better.</summary>
    public double FirstLoss { get; init; } = double.NaN;

    public double BestRank { get; init; }

    /// <summary>Online kNN where labels exist, RankMe otherwise.</summary>
    public double BestScore { get; init; } = double.NegativeInfinity;

    public long BestStep { get; init; } = -1;

    public Verdict Verdict { get; init; }

    /// <summary>How the method's embeddings spread lately; null for a method that compares none.</summary>
    public EmbeddingSpread? Embedding { get; init; }

    /// <summary>The network before its first step.</summary>
    public MonitorReading? Untrained { get; init; }

    public Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["step"] = Text(Step),
            ["seconds"] = Text(Seconds),
            ["loss"] = Text(Loss),
            ["loss.mean"] = Text(LossMean),
            ["loss.first"] = Text(FirstLoss),
            ["best.rank"] = Text(BestRank),
            ["best.score"] = Text(BestScore),
            ["best.step"] = Text(BestStep),
            ["verdict"] = Text((int)Verdict),
        };
        if (Embedding is { } embedding)
        {
            metadata["embedding.deviation"] = Text(embedding.Deviation);
            metadata["embedding.rank"] = Text(embedding.Rank);
            metadata["embedding.steps"] = Text(embedding.Steps);
            if (embedding.Scale is { } scale)
            {
                metadata["embedding.scale"] = Text(scale);
            }
        }

        if (Untrained is { } reading)
        {
            metadata["untrained.deviation"] = Text(reading.Deviation);
            metadata["untrained.rankme"] = Text(reading.RankMe);
            metadata["untrained.alignment"] = Text(reading.Alignment);
            metadata["untrained.uniformity"] = Text(reading.Uniformity);
            metadata["untrained.width"] = Text(reading.Width);
            if (reading.Knn is { } knn)
            {
                metadata["untrained.knn"] = Text(knn);
            }
        }

        return metadata;
    }

    /// <exception cref="TacitException">A value is missing or not a number.</exception>
    public static RunProgress FromMetadata(IReadOnlyDictionary<string, string> metadata, string path)
    {
        return new RunProgress
        {
            Step = (long)Number("step"),
            Seconds = Number("seconds"),
            Loss = Number("loss"),
            LossMean = Number("loss.mean"),
            FirstLoss = Number("loss.first"),
            BestRank = Number("best.rank"),
            BestScore = Number("best.score"),
            BestStep = (long)Number("best.step"),
            Verdict = (Verdict)(int)Number("verdict"),
            Embedding = metadata.ContainsKey("embedding.steps")
                ? new EmbeddingSpread(Number("embedding.deviation"), Number("embedding.rank"), metadata.ContainsKey("embedding.scale") ? Number("embedding.scale") : null, (long)Number("embedding.steps"))
                : null,
            Untrained = !metadata.ContainsKey("untrained.width") ? null : new MonitorReading(
                0,
                Number("untrained.deviation"),
                Number("untrained.rankme"),
                Number("untrained.alignment"),
                Number("untrained.uniformity"),
                metadata.ContainsKey("untrained.knn") ? Number("untrained.knn") : null,
                (int)Number("untrained.width"),
                null),
        };

        double Number(string key) =>
            metadata.TryGetValue(key, out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value
                : throw new TacitException($"'{path}' is not a checkpoint of a run: its metadata has no number '{key}'.");
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
