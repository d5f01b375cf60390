namespace Tacit.Nn;

/// <summary>
/// Finds a query anywhere in a document: each frame of the query is laid on one frame of the document, the next one on the same, the next or
/// the one after it; where it begins and ends there is free.
/// </summary>
/// <param name="Cost">The sum of the distances over the query's frames, divided by their number.</param>
/// <param name="End">The document's frame that the query's last frame was laid on; of equal ones the first.</param>
/// <remarks>
/// The asymmetric step pattern of Rabiner and Juang, open at both ends, which SUPERB's query by example takes with the distance
/// <see cref="FrameDistance.CosineExponential"/> and each query frame's distances brought to 0 … 1 (<see cref="NormalizeRows"/>).
/// </remarks>
public readonly record struct SubsequenceDtw(double Cost, int End)
{
    /// <summary>Finds the query.</summary>
    /// <param name="distances">[Q · T], as <see cref="FrameDistances.Between"/> gives them.</param>
    /// <param name="query">Q, the query's frames, at least 1.</param>
    /// <param name="document">T, the document's frames, at least 1.</param>
    public static SubsequenceDtw Find(ReadOnlySpan<float> distances, int query, int document)
    {
        Dtw.Require(distances, query, document);
        var cost = new double[document];
        for (int j = 0; j < document; j++)
        {
            cost[j] = distances[j];
        }

        for (int i = 1; i < query; i++)
        {
            ReadOnlySpan<float> row = distances.Slice(i * document, document);

            // From the right, so that what lies to the left is still the query's frame before.
            for (int j = document - 1; j >= 0; j--)
            {
                double best = cost[j];
                best = j > 0 ? Math.Min(best, cost[j - 1]) : best;
                best = j > 1 ? Math.Min(best, cost[j - 2]) : best;
                cost[j] = best + row[j];
            }
        }

        int end = System.Numerics.Tensors.TensorPrimitives.IndexOfMin<double>(cost);
        return new SubsequenceDtw(cost[end] / query, end);
    }

    /// <summary>Brings the distances of each query frame to 0 … 1 over the document, in place; where all are equal they become 0.</summary>
    /// <param name="distances">[Q · T]</param>
    /// <param name="document">T</param>
    public static void NormalizeRows(Span<float> distances, int document)
    {
        for (int at = 0; at < distances.Length; at += document)
        {
            Span<float> row = distances.Slice(at, document);
            float min = System.Numerics.Tensors.TensorPrimitives.Min<float>(row), max = System.Numerics.Tensors.TensorPrimitives.Max<float>(row);
            System.Numerics.Tensors.TensorPrimitives.Subtract(row, min, row);
            System.Numerics.Tensors.TensorPrimitives.Divide(row, Math.Max(max - min, 1e-9f), row);
        }
    }
}
