using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class MatMulTests
{
    /// <summary>1, primes, and one below, at and above the heights and widths of the register tiles (4, 6, 8, 12, 24 × 16, 32, 48, 64).</summary>
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 17, 5 }, { 13, 1, 7 }, { 5, 15, 3 }, { 6, 16, 16 }, { 7, 17, 31 }, { 11, 31, 2 }, { 12, 32, 33 },
        { 13, 33, 8 }, { 3, 47, 11 }, { 4, 48, 5 }, { 9, 49, 4 }, { 23, 63, 6 }, { 24, 64, 9 }, { 25, 65, 10 }, { 8, 80, 7 }, { 2, 129, 3 },
        { 24, 16, 5 }, { 47, 10, 4 }, { 49, 16, 37 }, { 61, 7, 3 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Product_of_matrices(int m, int n, int k) =>
        new GradCheck().Run(x => Ops.MatMul(x[0], x[1]), x => Product(x[0], x[1], 1, m, n, k, false, false, false), new Shape(m, k), new Shape(k, n));

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Transposed_operands(bool transposeA, bool transposeB)
    {
        foreach (var (m, n, k) in ((int, int, int)[])[(13, 17, 5), (24, 33, 16), (7, 64, 9)])
        {
            new GradCheck().Run(
                x => Ops.MatMul(x[0], x[1], transposeA, transposeB), x => Product(x[0], x[1], 1, m, n, k, transposeA, transposeB, false),
                transposeA ? new Shape(k, m) : new Shape(m, k), transposeB ? new Shape(n, k) : new Shape(k, n));
        }
    }

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(3, false, true)]
    [InlineData(3, true, false)]
    [InlineData(9, true, true)]
    [InlineData(9, false, false)]
    public void Batches(int batch, bool transposeA, bool transposeB)
    {
        const int M = 5, N = 18, K = 4;
        Shape a = transposeA ? new Shape(batch, K, M) : new Shape(batch, M, K);
        Shape b = transposeB ? new Shape(N, K) : new Shape(K, N);
        new GradCheck().Run(x => Ops.MatMul(x[0], x[1], transposeA, transposeB), x => Product(x[0], x[1], batch, M, N, K, transposeA, transposeB, true), a, b);
        Shape each = transposeB ? new Shape(batch, N, K) : new Shape(batch, K, N);
        new GradCheck().Run(x => Ops.MatMul(x[0], x[1], transposeA, transposeB), x => Product(x[0], x[1], batch, M, N, K, transposeA, transposeB, false), a, each);
    }

    [Theory]
    [InlineData(1, 1, 1, false)]
    [InlineData(13, 17, 5, false)]
    [InlineData(12, 64, 16, false)]
    [InlineData(7, 10, 33, false)]
    [InlineData(13, 31, 5, true)]
    public void Linear_with_bias_and_relu(int rows, int output, int input, bool relu) =>
        // Values are kept away from the ReLU's corner, where differences mean nothing.
        new GradCheck { Domain = (i, v) => i == 2 ? v + (v > 0 ? 40 : -40) : v }.Run(
            x => Ops.Linear(x[0], x[1], x[2], relu),
            x =>
            {
                double[] y = Product(x[0], x[1], 1, rows, output, input, false, true, false);
                for (int i = 0; i < y.Length; i++)
                {
                    y[i] += x[2][i % output];
                    y[i] = relu ? Math.Max(0, y[i]) : y[i];
                }

                return y;
            },
            new Shape(rows, input), new Shape(output, input), new Shape(output));

    [Fact]
    public void A_deep_product_is_split_and_stays_exact()
    {
        const int M = 30, N = 20, K = 5000;
        using Scope scope = Scope.Gradient();
        Tensor a = Drawn.Normal(1, M, K), b = Drawn.Normal(2, K, N);
        double[] expected = Product(Drawn.Doubles(a.Span), Drawn.Doubles(b.Span), 1, M, N, K, false, false, false);
        Tensor y = Ops.MatMul(a, b);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], y.Span[i], 1e-3);
        }
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_named()
    {
        var error = Assert.Throws<ShapeException>(() => Ops.MatMul(Tensor.Zeros(new Shape(2, 3)), Tensor.Zeros(new Shape(4, 5))));
        Assert.Equal("MatMul: [2, 3] and [4, 5] do not fit: the inner sizes 3 and 4 differ.", error.Message);
        error = Assert.Throws<ShapeException>(() => Ops.Linear(Tensor.Zeros(new Shape(2, 3)), Tensor.Zeros(new Shape(4, 5))));
        Assert.StartsWith("Linear: [2, 3] and [4, 5] do not fit", error.Message, StringComparison.Ordinal);
    }

    private static double[] Product(double[] a, double[] b, int batch, int m, int n, int k, bool transposeA, bool transposeB, bool shared)
    {
        var y = new double[batch * m * n];
        for (int s = 0; s < batch; s++)
        {
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    for (int q = 0; q < k; q++)
                    {
                        double left = a[(s * m * k) + (transposeA ? (q * m) + i : (i * k) + q)];
                        double right = b[(shared ? 0 : s * k * n) + (transposeB ? (j * k) + q : (q * n) + j)];
                        y[(((s * m) + i) * n) + j] += left * right;
                    }
                }
            }
        }

        return y;
    }
}
