namespace Tacit.Training;

/// <summary>Whether a run is learning.</summary>
public enum Verdict
{
    /// <summary>No rule objects.</summary>
    Healthy,

    /// <summary>Worth a look: the reasons say what.</summary>
    Suspicious,

    /// <summary>The representation no longer tells pictures apart.</summary>
    Collapsed,
}

/// <summary>A verdict and the rules that led to it, each a sentence with its figures.</summary>
public sealed record HealthReport(Verdict Verdict, IReadOnlyList<string> Reasons)
{
    /// <summary>healthy, suspicious or collapsed.</summary>
    public string Word => Verdict switch { Verdict.Healthy => "healthy", Verdict.Suspicious => "suspicious", _ => "collapsed" };
}

/// <summary>The written rules that turn readings into a verdict.</summary>
/// <remarks>
/// Deviation, rank and uniformity are those of the features, of an encoder of sequences those of single states, and are judged
/// together: a last norm without scale keeps the deviation up while every picture lies on one line, and a deviation near zero can
/// still have full rank in its noise. Untrained networks have low rank and deviation themselves, so the milder rules compare with
/// the reading at step 0 of the same network.
/// <list type="bullet">
/// <item>collapsed: the embeddings that the method compares have, after their first 20 steps, a deviation below 0.05 or a rank
/// (Σλ)²/Σλ² below 1.02, or a deviation below 0.4 together with a rank below 1.3, or, where
/// the loss sees lengths, a scale below 0.05; a score is not finite; deviation below 0.05; RankMe below 2 in a representation of 8 dimensions or more; uniformity
/// above −0.01. Where the untrained network comes near these limits itself, a quarter of its deviation or uniformity, or half of
/// its rank, is the limit.</item>
/// <item>suspicious, after the first fifth of the run: deviation below half, or RankMe below half, of the untrained network's; RankMe
/// below half of the run's best; a loss that is still at least 99 % of what a representation that tells nothing apart would have
/// (or, where a method has no such value, of its own first mean).</item>
/// <item>healthy: otherwise.</item>
/// </list>
/// </remarks>
public static class Health
{
    public const double CollapsedDeviation = 0.05;
    public const double CollapsedRank = 2;
    public const double CollapsedUniformity = -0.01;
    public const double SuspiciousShare = 0.5;
    public const double UselessLoss = 0.99;

    /// <summary>The first part of a run, in which ranks fall and losses stand still in healthy runs too: only a collapse is told.</summary>
    public const double EarlyShare = 0.2;


    public const double CollapsedEmbeddingRank = 1.02;
    public const double NarrowEmbeddingDeviation = 0.4;
    public const double NarrowEmbeddingRank = 1.3;
    public const int EmbeddingSteps = 20;

    /// <summary>Judges the embeddings alone, which every step shows: collapsed, or null where they raise no alarm.</summary>
    internal static HealthReport? Judge(EmbeddingSpread? embedding)
    {
        var collapsed = new List<string>();
        if (embedding is { Steps: >= EmbeddingSteps })
        {
            // Written so that NaN collapses.
            if (embedding.Scale is { } scale && !(scale >= CollapsedDeviation))
            {
                collapsed.Add($"embedding scale {scale:0.####} is below {CollapsedDeviation}: the method's embeddings of all items have shrunk to nearly one point");
            }
            else if (!(embedding.Deviation >= CollapsedDeviation))
            {
                collapsed.Add($"embedding deviation {embedding.Deviation:0.####} is below {CollapsedDeviation}: the method's embeddings of all items fall on nearly one point");
            }
            else if (!(embedding.Rank >= CollapsedEmbeddingRank))
            {
                collapsed.Add($"embedding rank {embedding.Rank:0.###} is below {CollapsedEmbeddingRank}: the method's embeddings of all items fall on nearly one line");
            }
            else if (embedding is { Deviation: < NarrowEmbeddingDeviation, Rank: < NarrowEmbeddingRank })
            {
                collapsed.Add(
                    $"embedding deviation {embedding.Deviation:0.###} is below {NarrowEmbeddingDeviation} and rank {embedding.Rank:0.##} below {NarrowEmbeddingRank}: " +
                    "the method's embeddings of all items fall on a short piece of nearly one line");
            }
        }

        return collapsed.Count > 0 ? new HealthReport(Verdict.Collapsed, collapsed) : null;
    }

    /// <summary>Judges the newest reading.</summary>
    /// <param name="reading">The newest.</param>
    /// <param name="untrained">The reading at step 0.</param>
    /// <param name="bestRank">Highest RankMe of the run so far.</param>
    /// <param name="chanceLoss">The loss that means "nothing learned", or null.</param>
    /// <param name="progress">Share of the run that is done, 0 to 1.</param>
    /// <param name="embedding">How the method's embeddings spread lately; null where it compares none.</param>
    internal static HealthReport Judge(
        MonitorReading reading, MonitorReading untrained, double bestRank, double? chanceLoss, double progress, EmbeddingSpread? embedding)
    {
        var collapsed = new List<string>(Judge(embedding)?.Reasons ?? []);
        if (!double.IsFinite(reading.Deviation) || !double.IsFinite(reading.RankMe) || !double.IsFinite(reading.Uniformity))
        {
            collapsed.Add("the features are not finite");
        }

        double deviation = Math.Min(CollapsedDeviation, untrained.Deviation / 4);
        if (reading.Deviation < deviation)
        {
            collapsed.Add($"feature deviation {reading.Deviation:0.####} is below {deviation:0.####}: all items fall on nearly one point");
        }

        double rank = Math.Min(CollapsedRank, untrained.RankMe / 2);
        if (reading.Width >= 8 && reading.RankMe < rank)
        {
            collapsed.Add($"RankMe {reading.RankMe:0.##} of {reading.Width} is below {rank:0.##}: all items fall on nearly one line");
        }

        double uniformity = Math.Max(CollapsedUniformity, untrained.Uniformity / 4);
        if (reading.Uniformity > uniformity)
        {
            collapsed.Add($"uniformity {reading.Uniformity:0.####} is above {uniformity:0.####}: different items are as close as equal ones");
        }

        if (collapsed.Count > 0)
        {
            return new HealthReport(Verdict.Collapsed, collapsed);
        }

        if (progress <= EarlyShare)
        {
            return new HealthReport(Verdict.Healthy, []);
        }

        var suspicious = new List<string>();
        if (reading.Deviation < SuspiciousShare * untrained.Deviation)
        {
            suspicious.Add($"feature deviation {reading.Deviation:0.###} is less than half of the untrained network's {untrained.Deviation:0.###}");
        }

        if (reading.RankMe < SuspiciousShare * untrained.RankMe)
        {
            suspicious.Add($"RankMe {reading.RankMe:0.##} is less than half of the untrained network's {untrained.RankMe:0.##}");
        }

        if (reading.RankMe < SuspiciousShare * bestRank)
        {
            suspicious.Add($"RankMe {reading.RankMe:0.##} is less than half of this run's best, {bestRank:0.##}");
        }

        if (chanceLoss is { } chance && reading.Loss >= UselessLoss * chance)
        {
            suspicious.Add($"the loss {reading.Loss:0.####} is no better than telling nothing apart ({chance:0.####})");
        }

        return new HealthReport(suspicious.Count > 0 ? Verdict.Suspicious : Verdict.Healthy, suspicious);
    }
}
