using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class KnnTests
{
    [Fact]
    public void Predictions_of_the_references()
    {
        var bank = Tensor.From([1, 1, 1, -1, 1, 1, -1, -1, 1, -1, -1, -1], new Shape(4, 3));
        var queries = Tensor.From([1, 1, 1, -1, 1.1f, -1], new Shape(2, 3));

        int[][] four = new Knn(bank, [0, 1, 2, 3], k: 4).Rank(queries);
        Assert.Equal([0, 1, 2, 3], four[0]);
        Assert.Equal([1, 3, 0, 2], four[1]);

        int[][] two = new Knn(bank, [0, 1, 0, 1], k: 2).Rank(queries);
        Assert.Equal([0, 1], two[0]);
        Assert.Equal([1, 0], two[1]);
    }

    [Fact]
    public void Classifier_of_the_references()
    {
        var knn = new Knn(Tensor.From([0, -1, 0, 1, 1, 0, 1, 1], new Shape(4, 2)), [0, 1, 2, 3], k: 3, temperature: 0.1f);
        var queries = Tensor.From([0, -.4f, .6f, .7f, .6f, .3f], new Shape(3, 2));

        int[][] ranking = knn.Rank(queries);

        Assert.Equal([1 / 3.0, 1 / 3.0, 2 / 3.0, 1], Enumerable.Range(1, 4).Select(k => TopK.Accuracy(ranking, [0, 0, 1], k)));
        Assert.Equal(1 / 3.0, knn.Accuracy(queries, [0, 0, 1]));
        Assert.Equal(ranking.Select(r => r[0]), knn.Predict(queries));
    }

    [Fact]
    public void Top_k_of_the_references()
    {
        int[][] ranking = [[1, 2, 3, 4], [4, 1, 10, 0], [3, 1, 5, 8]];

        Assert.Equal([1 / 3.0, 1 / 3.0, 2 / 3.0, 1, 1], Enumerable.Range(1, 5).Select(k => TopK.Accuracy(ranking, [1, 10, 8], k)));
    }

    [Fact]
    public void Neighbours_and_votes_are_those_of_a_plain_double_search()
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("nn-metrics.safetensors").Tensors;
        var bank = Tensor.From(Hashed.Singles(1100 * 16, 3), new Shape(1100, 16));
        var queries = Tensor.From(Hashed.Singles(140 * 16, 4), new Shape(140, 16));
        int[] labels = [.. expected["knn.labels"].ToArray().Select(v => (int)v)];

        NearestNeighbours found = NearestNeighbours.Find(queries, bank, 20);
        int[][] ranking = new Knn(bank, labels, 20, 0.1f).Rank(queries);

        Assert.Equal(expected["knn.neighbours"].ToArray().Select(v => (int)v), found.Rows);
        Assert.Equal(expected["knn.ranking"].ToArray().Select(v => (int)v), ranking.SelectMany(r => r));
        Assert.Equal(Cosine(queries, 139, bank, found.Rows[139 * 20]), found.Similarities[139 * 20], 1e-6);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    [InlineData(64, 64)]
    [InlineData(500, 5000)]
    [InlineData(5000, 5000)]
    public void Equal_similarities_go_to_the_earlier_row(int k, int rows)
    {
        // Every third row points the right way, the others the opposite one; lengths do not matter.
        var bank = Tensor.Lasting(new Shape(rows, 2));
        for (int i = 0; i < rows; i++)
        {
            bank[i, 0] = i % 3 == 0 ? 4 : -4;
        }

        NearestNeighbours found = NearestNeighbours.Find(Tensor.From([5, 0], new Shape(1, 2)), bank, k);

        int[] right = [.. Enumerable.Range(0, rows).Where(i => i % 3 == 0)], wrong = [.. Enumerable.Range(0, rows).Where(i => i % 3 != 0)];
        Assert.Equal(right.Concat(wrong).Take(k), found.Rows);
        Assert.Equal(1, found.Similarities[0]);
    }

    [Fact]
    public void A_bank_smaller_than_k_votes_as_a_whole_and_low_temperatures_do_not_overflow()
    {
        var bank = Tensor.From([1, 0, 0, 1], new Shape(2, 2));

        Assert.Equal([1], new Knn(bank, [0, 1], k: 200, temperature: 0.0005f).Predict(Tensor.From([0.6f, 0.8f], new Shape(1, 2))));
    }

    [Fact]
    public void Rows_of_zeros_and_of_NaN_are_nobodys_neighbours()
    {
        var bank = Tensor.From([0, 0, float.NaN, 1, -1, -1, 1, 1], new Shape(4, 2));

        NearestNeighbours found = NearestNeighbours.Find(Tensor.From([1, 1], new Shape(1, 2)), bank, 4);

        Assert.Equal([3, 0, 2, 1], found.Rows);
    }

    [Fact]
    public void Threads_do_not_change_the_answer()
    {
        var bank = Tensor.From(Hashed.Singles(5000 * 8, 3), new Shape(5000, 8));
        var queries = Tensor.From(Hashed.Singles(300 * 8, 4), new Shape(300, 8));
        try
        {
            WorkerPool.Configure(1);
            NearestNeighbours one = NearestNeighbours.Find(queries, bank, 10);
            WorkerPool.Configure(3);
            NearestNeighbours three = NearestNeighbours.Find(queries, bank, 10);

            Assert.Equal(one.Rows, three.Rows);
            Assert.Equal(one.Similarities, three.Similarities);
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        var bank = Tensor.Zeros(new Shape(3, 2));

        Assert.Throws<ArgumentOutOfRangeException>(() => NearestNeighbours.Find(bank, bank, 4));
        Assert.Throws<ShapeException>(() => NearestNeighbours.Find(Tensor.Zeros(new Shape(3, 3)), bank, 1));
        Assert.Throws<ShapeException>(() => new Knn(bank, [0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Knn(bank, [0, 1, 0], temperature: 0));
    }

    private static double Cosine(Tensor a, int i, Tensor b, int j)
    {
        double dot = 0, aa = 0, bb = 0;
        for (int d = 0; d < a.Shape[1]; d++)
        {
            dot += (double)a[i, d] * b[j, d];
            aa += (double)a[i, d] * a[i, d];
            bb += (double)b[j, d] * b[j, d];
        }

        return dot / Math.Sqrt(aa * bb);
    }
}
