using Tacit.Tensors;

namespace Tacit.Nn;

/// <summary>
/// The nearest rows of a bank much longer than the list of queries: the bank is cut into segments that are searched side by side, and
/// their answers merged. The result is <see cref="NearestNeighbours.Find"/>'s to the bit.
/// </summary>
public static class NearestSegments
{
    /// <summary>A multiple of the rows that <see cref="NearestNeighbours"/> multiplies at once, so that the same products are made.</summary>
    internal const int SegmentRows = 1 << 15;

    private const int FewQueries = 128;

    /// <inheritdoc cref="NearestNeighbours.Find"/>
    public static NearestNeighbours Find(Tensor queries, Tensor bank, int k)
    {
        if (queries.Rank != 2 || bank.Rank != 2 || queries.Shape[0] > FewQueries || bank.Shape[0] <= SegmentRows || k < 1 || k > bank.Shape[0])
        {
            return NearestNeighbours.Find(queries, bank, k);
        }

        var found = new NearestNeighbours[(bank.Shape[0] + SegmentRows - 1) / SegmentRows];
        var body = new Body(queries, bank, k, found);
        WorkerPool.Shared.For(found.Length, ref body);
        int count = queries.Shape[0];
        var merged = new NearestNeighbours(k, new int[count * k], new float[count * k]);
        for (int q = 0; q < count; q++)
        {
            (int Row, float Similarity)[] best = [.. found
                .SelectMany((part, s) => Enumerable.Range(q * part.K, part.K).Select(at => (Row: (s * SegmentRows) + part.Rows[at], Similarity: part.Similarities[at])))
                .OrderByDescending(pair => pair.Similarity).ThenBy(pair => pair.Row).Take(k)];
            for (int i = 0; i < k; i++)
            {
                (merged.Rows[(q * k) + i], merged.Similarities[(q * k) + i]) = best[i];
            }
        }

        return merged;
    }

    private readonly struct Body(Tensor queries, Tensor bank, int k, NearestNeighbours[] found) : IBlockBody
    {
        public void Invoke(int block)
        {
            int first = block * SegmentRows, rows = Math.Min(SegmentRows, bank.Shape[0] - first);
            found[block] = NearestNeighbours.Find(queries, bank.Rows(first, rows), Math.Min(k, rows));
        }
    }
}
