using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class NearestSegmentsTests
{
    private const int Rows = (2 * NearestSegments.SegmentRows) + 777;

    [Fact]
    public void They_are_those_of_a_sort_of_all_rows()
    {
        var bank = Tensor.From(Hashed.Singles(Rows * 4, 41), new Shape(Rows, 4));
        var queries = Tensor.From(Hashed.Singles(3 * 4, 42), new Shape(3, 4));

        NearestNeighbours found = NearestSegments.Find(queries, bank, 25);

        for (int q = 0; q < 3; q++)
        {
            (int Row, double Cosine)[] best = [.. Enumerable.Range(0, Rows).Select(i => (i, Cosine(queries, q, bank, i))).OrderByDescending(p => p.Item2).Take(26)];
            for (int i = 0; i < 25; i++)
            {
                // What lies nearer together than float32 can tell may change places.
                Assert.Equal(best[i].Cosine, Cosine(queries, q, bank, found.Rows[(q * 25) + i]), 1e-6);
                Assert.Equal(best[i].Cosine, found.Similarities[(q * 25) + i], 1e-6);
            }

            Assert.Equal(25, found.Rows.AsSpan(q * 25, 25).ToArray().Distinct().Count());
        }
    }

    [Fact]
    public void Equal_rows_come_in_their_order_wherever_they_lie_and_bits_do_not_depend_on_threads()
    {
        var bank = Tensor.From(Hashed.Singles(Rows * 4, 43, 0.1), new Shape(Rows, 4));
        int[] copies = [5, 4000, 32767, 32768, 60001, Rows - 1];
        foreach (int row in copies)
        {
            (bank[row, 0], bank[row, 1], bank[row, 2], bank[row, 3]) = (3, 1, -2, 5);
        }

        var query = Tensor.From([3, 1, -2, 5], new Shape(1, 4));
        try
        {
            WorkerPool.Configure(3);
            NearestNeighbours many = NearestSegments.Find(query, bank, 9), whole = NearestNeighbours.Find(query, bank, 9);
            WorkerPool.Configure(1);
            NearestNeighbours one = NearestSegments.Find(query, bank, 9);

            Assert.Equal(copies, many.Rows[..6]);
            Assert.Equal(whole.Rows, many.Rows);
            Assert.Equal(whole.Similarities, many.Similarities);
            Assert.Equal(one.Rows, many.Rows);
            Assert.Equal(one.Similarities, many.Similarities);
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    [Fact]
    public void As_many_as_there_are_rows_are_all_rows()
    {
        var bank = Tensor.From(Hashed.Singles(Rows * 2, 44), new Shape(Rows, 2));

        NearestNeighbours found = NearestSegments.Find(bank.Rows(7, 1), bank, Rows);

        Assert.Equal(Enumerable.Range(0, Rows), found.Rows.Order());
        Assert.Equal(found.Similarities.OrderDescending(), found.Similarities);
        Assert.Throws<ArgumentOutOfRangeException>(() => NearestSegments.Find(bank.Rows(7, 1), bank, Rows + 1));
    }

    private static double Cosine(Tensor a, int i, Tensor b, int j)
    {
        double dot = 0, left = 0, right = 0;
        for (int d = 0; d < 4; d++)
        {
            dot += (double)a[i, d] * b[j, d];
            left += (double)a[i, d] * a[i, d];
            right += (double)b[j, d] * b[j, d];
        }

        return dot / Math.Sqrt(left * right);
    }
}
