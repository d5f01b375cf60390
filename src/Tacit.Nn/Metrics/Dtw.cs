namespace Tacit.Nn;

/// <summary>
/// Dynamic time warping of two whole sequences: the cheapest path from their first frames to their last ones that goes on by one frame of
/// either or of both.
/// </summary>
/// <param name="Cost">The sum of the distances along the path, both ends included.</param>
/// <param name="Length">Pairs of frames on the path.</param>
/// <remarks>
/// Sakoe and Chiba 1978, with equal weights. Of steps that cost the same the one by both frames is taken, then the one by a frame of the
/// second sequence: with the choice made so, the mean along the path is the one that ABX tools report.
/// </remarks>
public readonly record struct Dtw(double Cost, int Length)
{
    /// <summary>The mean distance along the path.</summary>
    public double Mean => Cost / Length;

    /// <summary>Finds the path.</summary>
    /// <param name="distances">[N · M], as <see cref="FrameDistances.Between"/> gives them.</param>
    /// <param name="rows">N, frames of the first sequence, at least 1.</param>
    /// <param name="columns">M, frames of the second sequence, at least 1.</param>
    public static Dtw Align(ReadOnlySpan<float> distances, int rows, int columns)
    {
        Require(distances, rows, columns);
        var cost = new double[columns];
        var length = new int[columns];
        (cost[0], length[0]) = (distances[0], 1);
        for (int j = 1; j < columns; j++)
        {
            (cost[j], length[j]) = (cost[j - 1] + distances[j], j + 1);
        }

        for (int i = 1; i < rows; i++)
        {
            ReadOnlySpan<float> row = distances.Slice(i * columns, columns);
            (double cornerCost, int cornerLength) = (cost[0], length[0]);
            (cost[0], length[0]) = (cost[0] + row[0], i + 1);
            for (int j = 1; j < columns; j++)
            {
                (double best, int steps) = (cornerCost, cornerLength);
                (cornerCost, cornerLength) = (cost[j], length[j]);
                if (cost[j - 1] < best)
                {
                    (best, steps) = (cost[j - 1], length[j - 1]);
                }

                if (cost[j] < best)
                {
                    (best, steps) = (cost[j], length[j]);
                }

                (cost[j], length[j]) = (best + row[j], steps + 1);
            }
        }

        return new Dtw(cost[^1], length[^1]);
    }

    internal static void Require(ReadOnlySpan<float> distances, int rows, int columns)
    {
        if (rows < 1 || columns < 1 || distances.Length != (long)rows * columns)
        {
            throw new ArgumentException($"Warping needs the distances of at least one frame with at least one; {distances.Length} are not {rows} × {columns}.", nameof(distances));
        }
    }
}
