using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn.Projection;

public sealed class TrustworthinessTests
{
    [Theory]
    [InlineData(40, 6, 2, 3)]
    [InlineData(131, 9, 2, 12)]
    [InlineData(9, 2, 1, 4)]
    public void It_is_the_sum_over_ranks_of_a_plain_loop(int n, int dim, int shown, int k)
    {
        var x = Tensor.From(Hashed.Singles(n * dim, 1), new Shape(n, dim));
        var y = Tensor.From(Hashed.Singles(n * shown, 2), new Shape(n, shown));

        Assert.Equal(Brute(x, y, k), Trustworthiness.Of(x, y, k), 1e-12);
    }

    [Fact]
    public void Five_points_by_hand()
    {
        // In truth 0, 1, 3, 7, 15; shown as 0, 1, 3, 7, 0.4. Nearest shown: 4 (rank 4), 4 (rank 4), 1, 2, 0 (rank 4): costs 3 + 3 + 0 + 0 + 3.
        // T = 1 − 2 · 9 / (5 · 1 · (10 − 3 − 1)) = 0.4
        Tensor truth = Tensor.From([0, 1, 3, 7, 15], new Shape(5, 1)), shown = Tensor.From([0, 1, 3, 7, 0.4f], new Shape(5, 1));

        Assert.Equal(0.4, Trustworthiness.Of(truth, shown, 1), 1e-12);
        Assert.Equal(1, Trustworthiness.Of(truth, truth, 1), 1e-12);
    }

    [Fact]
    public void Too_many_neighbours_are_refused()
    {
        var x = Tensor.From(Hashed.Singles(20, 1), new Shape(10, 2));

        Assert.Throws<ArgumentOutOfRangeException>(() => Trustworthiness.Of(x, x, 5));
        Assert.Throws<ShapeException>(() => Trustworthiness.Of(x, x.Rows(0, 9), 2));
    }

    private static double Brute(Tensor x, Tensor y, int k)
    {
        int n = x.Shape[0];
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            int[] truth = Order(x, i), shown = Order(y, i);
            foreach (int j in shown[..k])
            {
                int rank = Array.IndexOf(truth, j) + 1;
                sum += rank > k ? rank - k : 0;
            }
        }

        return 1 - (2 / ((double)n * k * ((2 * n) - (3 * k) - 1)) * sum);
    }

    private static int[] Order(Tensor x, int i) =>
        [.. Enumerable.Range(0, x.Shape[0]).Where(j => j != i).OrderBy(j => Enumerable.Range(0, x.Shape[1]).Sum(d => Math.Pow((double)x[i, d] - x[j, d], 2))).ThenBy(j => j)];
}
