using Tacit.Methods;

namespace Tacit.Training;

/// <summary>How the embeddings that a method compares spread over a batch: running means over the last steps.</summary>
/// <param name="Deviation">Of the L2-normalised embeddings, times √D: 1 for an even spread, 0 on one point.</param>
/// <param name="Rank">(Σλ)²/Σλ² of their covariance: 1 on one line.</param>
/// <param name="Steps">How many steps reported them.</param>
internal sealed record EmbeddingSpread(double Deviation, double Rank, long Steps)
{
    private const int Window = 10;

    /// <summary>The means with one step more; null for a method that compares no embeddings.</summary>
    public static EmbeddingSpread? Next(EmbeddingSpread? before, Diagnostics diagnostics)
    {
        if (diagnostics[Diagnostics.EmbeddingDeviation] is not { } deviation || diagnostics[Diagnostics.EmbeddingRank] is not { } rank)
        {
            return before;
        }

        if (before is null)
        {
            return new EmbeddingSpread(deviation, rank, 1);
        }

        double share = 1.0 / Math.Min(before.Steps + 1, Window);
        return new EmbeddingSpread(before.Deviation + ((deviation - before.Deviation) * share), before.Rank + ((rank - before.Rank) * share), before.Steps + 1);
    }
}
