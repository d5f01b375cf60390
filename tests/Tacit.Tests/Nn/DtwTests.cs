using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class DtwTests
{
    /// <summary>The Euclidean distances of frames in the plane; the means √2/2, 3/4 and (2 + √2)/3 follow from the paths by hand.</summary>
    [Theory]
    [InlineData(new float[] { 0, 1, 0, 0, 1, 1 }, 0.70710678118654752)]
    [InlineData(new float[] { 0, 2, 0, 1, 1, 1, -1, 0 }, 0.75)]
    [InlineData(new float[] { 0, 0, 0, 1 }, 1.13807118745769833)]
    public void The_mean_along_the_path(float[] frames, double expected)
    {
        Tensor x = Tensor.From(frames, new Shape(frames.Length / 2, 2)), y = Tensor.From([0, 1, 1, 2, 0, 0], new Shape(3, 2));
        float[] distances = FrameDistances.Between(x, y, FrameDistance.Euclidean);
        Assert.Equal(expected, Dtw.Align(distances, x.Shape[0], 3).Mean, 1e-6);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    [InlineData(4, 6)]
    [InlineData(6, 5)]
    public void The_cheapest_of_all_paths(int rows, int columns)
    {
        for (int salt = 0; salt < 5; salt++)
        {
            float[] distances = Positive(rows * columns, salt);
            Dtw found = Dtw.Align(distances, rows, columns);
            (double cost, int length) = Walk(distances, columns, rows - 1, columns - 1);
            Assert.Equal(cost, found.Cost, 1e-9);
            Assert.Equal(length, found.Length);
        }
    }

    [Fact]
    public void Of_equal_steps_the_one_by_both_frames()
    {
        Assert.Equal(new Dtw(0, 3), Dtw.Align(new float[9], 3, 3));
        Assert.Equal(new Dtw(3, 3), Dtw.Align([1, 1, 1, 1, 1, 1, 1, 1, 1], 3, 3));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 6)]
    [InlineData(4, 1)]
    [InlineData(4, 5)]
    [InlineData(5, 7)]
    public void A_query_lies_where_the_best_of_all_placements_is(int query, int document)
    {
        for (int salt = 0; salt < 5; salt++)
        {
            float[] distances = Positive(query * document, salt + 100);
            (double Cost, int End) best = (double.PositiveInfinity, -1);
            for (int start = 0; start < document; start++)
            {
                foreach ((double cost, int end) in Placements(distances, document, query, 0, start))
                {
                    best = cost < best.Cost ? (cost, end) : best;
                }
            }

            SubsequenceDtw found = SubsequenceDtw.Find(distances, query, document);
            Assert.Equal(best.Cost / query, found.Cost, 1e-9);
            Assert.Equal(best.End, found.End);
        }
    }

    [Fact]
    public void A_query_taken_from_the_document_costs_nothing()
    {
        Tensor document = Tensor.From(Hashed.Singles(40 * 6, 3), new Shape(40, 6));
        Tensor query = document.Rows(11, 9);
        float[] distances = FrameDistances.Between(query, document, FrameDistance.CosineExponential);
        SubsequenceDtw found = SubsequenceDtw.Find(distances, 9, 40);
        Assert.Equal(0, found.Cost, 1e-5);
        Assert.Equal(19, found.End);
    }

    [Fact]
    public void Rows_are_brought_to_0_and_1()
    {
        float[] distances = [2, 4, 3, 7, 7, 7];
        SubsequenceDtw.NormalizeRows(distances, 3);
        Assert.Equal([0, 1, 0.5f, 0, 0, 0], distances);
    }

    [Fact]
    public void Distances_of_frames()
    {
        Tensor a = Tensor.From([3, 0, 0, 2, 0, 0], new Shape(3, 2)), b = Tensor.From([1, 1, -5, 0], new Shape(2, 2));
        double half = Math.Sqrt(0.5);
        Expect(FrameDistance.Cosine, 1 - half, 2, 1 - half, 1, 1, 1);
        Expect(FrameDistance.Angular, 0.25, 1, 0.25, 0.5, 0.5, 0.5);
        Expect(FrameDistance.Euclidean, Math.Sqrt(5), 8, Math.Sqrt(2), Math.Sqrt(29), Math.Sqrt(2), 5);
        Expect(FrameDistance.CosineExponential, Math.Exp(1 - half) - 1, Math.Exp(2) - 1, Math.Exp(1 - half) - 1, Math.E - 1, Math.E - 1, Math.E - 1);

        void Expect(FrameDistance kind, params double[] expected) =>
            Oracle.AssertWithin([.. expected.Select(d => (float)d)], FrameDistances.Between(a, b, kind), 1e-6, kind.ToString());
    }

    [Fact]
    public void What_is_not_a_table_of_distances_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Dtw.Align([1, 2, 3], 2, 2));
        Assert.Throws<ArgumentException>(() => SubsequenceDtw.Find([], 0, 3));
        Assert.Throws<ShapeException>(() => FrameDistances.Between(Tensor.Zeros(new Shape(2, 3)), Tensor.Zeros(new Shape(2, 4)), FrameDistance.Cosine));
    }

    private static float[] Positive(int count, int salt) => [.. Hashed.Singles(count, salt).Select(v => v + 1)];

    /// <summary>Every path to a cell, by recursion.</summary>
    private static (double Cost, int Length) Walk(float[] distances, int columns, int i, int j)
    {
        double own = distances[(i * columns) + j];
        (double Cost, int Length)[] before =
        [
            .. i > 0 && j > 0 ? [Walk(distances, columns, i - 1, j - 1)] : Array.Empty<(double, int)>(),
            .. j > 0 ? [Walk(distances, columns, i, j - 1)] : Array.Empty<(double, int)>(),
            .. i > 0 ? [Walk(distances, columns, i - 1, j)] : Array.Empty<(double, int)>(),
        ];
        return before.Length == 0 ? (own, 1) : before.Select(b => (b.Cost + own, b.Length + 1)).MinBy(b => b.Item1);
    }

    private static IEnumerable<(double Cost, int End)> Placements(float[] distances, int document, int query, int i, int j)
    {
        if (j >= document)
        {
            yield break;
        }

        double own = distances[(i * document) + j];
        if (i == query - 1)
        {
            yield return (own, j);
            yield break;
        }

        for (int step = 0; step <= 2; step++)
        {
            foreach ((double cost, int end) in Placements(distances, document, query, i + 1, j + step))
            {
                yield return (cost + own, end);
            }
        }
    }
}
