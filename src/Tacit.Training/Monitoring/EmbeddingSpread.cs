using Tacit.Methods;

namespace Tacit.Training;

/// <summary>How the embeddings that a method compares spread over a batch: running means over the last steps.</summary>
/// <param name="Deviation">Of the L2-normalised embeddings, times √D: 1 for an even spread, 0 on one point.</param>
/// <param name="Rank">(Σλ)²/Σλ² of their covariance: 1 on one line.</param>
/// <param name="Scale">Deviation of the embeddings as they are, where the loss sees their lengths; otherwise null.</param>
/// <param name="Steps">How many steps reported them.</param>
internal sealed record EmbeddingSpread(double Deviation, double Rank, double? Scale, long Steps)
{
    private const int Window = 10;

    /// <summary>The means with one step more; as before where the step reported none.</summary>
    public static EmbeddingSpread? Next(EmbeddingSpread? before, Diagnostics diagnostics)
    {
        if (diagnostics[Diagnostics.EmbeddingDeviation] is not { } deviation || diagnostics[Diagnostics.EmbeddingRank] is not { } rank)
        {
            return before;
        }

        long steps = (before?.Steps ?? 0) + 1;
        double share = 1.0 / Math.Min(steps, Window);
        double Mean(double? mean, double value) => mean is { } known ? known + ((value - known) * share) : value;
        return new EmbeddingSpread(
            Mean(before?.Deviation, deviation),
            Mean(before?.Rank, rank),
            diagnostics[Diagnostics.EmbeddingScale] is { } scale ? Mean(before?.Scale, scale) : before?.Scale,
            steps);
    }
}
