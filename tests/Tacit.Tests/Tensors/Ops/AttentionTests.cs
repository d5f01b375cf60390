using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class AttentionTests
{
    private static readonly GradCheck Check = new() { Tolerance = 5e-6, GradientTolerance = 5e-5, Places = 25 };

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 3, 5, 2, 4)]
    [InlineData(1, 17, 15, 1, 16)]
    [InlineData(1, 33, 31, 2, 7)]
    [InlineData(2, 7, 16, 1, 17)]
    public void Every_query_sees_every_key(int items, int queries, int keys, int heads, int depth)
    {
        Shape q = new(items, queries, heads, depth), k = new(items, keys, heads, depth);
        Check.Run(x => Ops.Attention(x[0], x[1], x[2]), x => Naive(x, q, keys), q, k, k);
        Check.Run(
            x => Ops.Attention(x[0], x[1], x[2], new AttentionOptions { Scale = 0.7f }), x => Naive(x, q, keys, scale: (double)0.7f), q, k, k);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    public void Causal(int length)
    {
        Shape q = new(2, length, 2, 5);
        Check.Run(x => Ops.Attention(x[0], x[1], x[2], new AttentionOptions { Causal = true }), x => Naive(x, q, length, causal: true), q, q, q);
    }

    [Fact]
    public void Padded_keys_are_not_seen()
    {
        Shape q = new(3, 4, 2, 5), k = new(3, 6, 2, 5);
        int[] lengths = [6, 2, 0];
        Check.Run(x => Ops.Attention(x[0], x[1], x[2], new AttentionOptions { Lengths = lengths }), x => Naive(x, q, 6, lengths: lengths), q, k, k);
        Shape s = new(2, 5, 1, 4);
        int[] short2 = [5, 3];
        Check.Run(
            x => Ops.Attention(x[0], x[1], x[2], new AttentionOptions { Causal = true, Lengths = short2 }),
            x => Naive(x, s, 5, causal: true, lengths: short2),
            s,
            s,
            s);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    public void Bias(int biasItems, int biasHeads)
    {
        Shape q = new(2, 4, 3, 5), k = new(2, 6, 3, 5), b = new(biasItems, biasHeads, 4, 6);
        Check.Run(x => Ops.Attention(x[0], x[1], x[2], new AttentionOptions { Bias = x[3] }), x => Naive(x, q, 6, bias: b), q, k, k, b);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 2, 4)]
    [InlineData(17, 3, 16)]
    public void Packed_is_read_in_place(int length, int heads, int depth)
    {
        Shape packed = new(2, length, 3, heads, depth), q = new(2, length, heads, depth);
        Check.Run(x => Ops.Attention(x[0], new AttentionOptions { Causal = true }), x => Naive(Unpack(x[0]), q, length, causal: true), packed);

        double[][] Unpack(double[] x) =>
            [.. Enumerable.Range(0, 3).Select(part => x.Chunk(heads * depth).Where((_, i) => i % 3 == part).SelectMany(row => row).ToArray())];
    }

    [Fact]
    public void Dropped_weights_are_dropped_in_backward_too()
    {
        Shape q = new(2, 3, 2, 4), k = new(2, 9, 2, 4);
        double[] factors = Factors(q, 9, 0.4f);
        Assert.Contains(0, factors);
        new GradCheck { Tolerance = 5e-6, GradientTolerance = 5e-5, Twice = false }.Run(
            x => Ops.Attention(x[0], x[1], x[2], new AttentionOptions { Dropout = 0.4f, Path = "block.attention" }),
            x => Naive(x, q, 9, factors: factors),
            q,
            k,
            k);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Long_sequences_go_in_blocks_of_queries(bool causal)
    {
        // 2,100 keys make blocks of 32 queries; 300 queries of 300 keys make blocks of 218.
        foreach ((int queries, int keys) in ((int, int)[])[(300, 300), (67, causal ? 67 : 2100)])
        {
            Shape q = new(1, queries, 1, 3), k = new(1, keys, 1, 3);
            new GradCheck { Tolerance = 1e-5, GradientTolerance = 1e-4, Places = 2, Share = false }.Run(
                x => Ops.Attention(x[0], x[1], x[2], new AttentionOptions { Causal = causal }), x => Naive(x, q, keys, causal: causal), q, k, k);
        }
    }

    [Fact]
    public void Memory_grows_with_the_length_not_its_square()
    {
        long small = Bytes(512), large = Bytes(4096);
        Assert.InRange(large, 1, 9 * small);

        static long Bytes(int length)
        {
            using Scope scope = Scope.Gradient();
            Tensor x = Tensor.Parameter(new Shape(1, length, 3, 1, 8));
            Tensor a = Tensor.Empty(new Shape(1));
            Tensor y = Ops.Attention(x, new AttentionOptions { Causal = true });
            scope.Backward(Ops.Sum(y));
            Tensor b = Tensor.Empty(new Shape(1));
            unsafe
            {
                return Math.Abs((byte*)b.Data - (byte*)a.Data);
            }
        }
    }

    [Fact]
    public void Misfits_are_named()
    {
        Tensor x = Tensor.Zeros(new Shape(2, 3, 2, 4));
        Assert.Throws<ShapeException>(() => Ops.Attention(x, Tensor.Zeros(new Shape(2, 3, 2, 5)), x));
        Assert.Throws<ShapeException>(() => Ops.Attention(x, x, Tensor.Zeros(new Shape(2, 4, 2, 4))));
        Assert.Throws<ShapeException>(() => Ops.Attention(x));
        Assert.Throws<ShapeException>(() => Ops.Attention(x, x, x, new AttentionOptions { Lengths = [1] }));
        Assert.Throws<ShapeException>(() => Ops.Attention(x, x, x, new AttentionOptions { Lengths = [1, 4] }));
        Assert.Equal(
            "Attention: [2, 2, 3, 3] and [3, 3] do not fit: the bias is [B or 1, H or 1, queries, keys].",
            Assert.Throws<ShapeException>(() => Ops.Attention(x, x, x, new AttentionOptions { Bias = Tensor.Zeros(new Shape(3, 3)) })).Message);
        Tensor k = Tensor.Zeros(new Shape(2, 5, 2, 4));
        Assert.Throws<ShapeException>(() => Ops.Attention(x, k, k, new AttentionOptions { Causal = true }));
    }

    /// <summary>The mask that the first attention of a scope with seed 0 and step 0 draws, [B, H, queries, keys].</summary>
    private static unsafe double[] Factors(Shape q, int keys, float p)
    {
        using Scope scope = Scope.NoGradient();
        DropMask mask = DropMask.Of(p, "block.attention");
        var row = new float[keys + 8];
        var factors = new List<double>();
        for (int r = 0; r < q[0] * q[2] * q[1]; r++)
        {
            fixed (float* at = row)
            {
                mask.Fill(at, r, 0, keys);
            }

            factors.AddRange(row.Take(keys).Select(f => (double)f));
        }

        return [.. factors];
    }

    private static double[] Naive(
        double[][] x,
        Shape q,
        int keys,
        double? scale = null,
        bool causal = false,
        int[]? lengths = null,
        Shape? bias = null,
        double[]? factors = null)
    {
        int items = q[0], queries = q[1], heads = q[2], depth = q[3];
        var y = new double[q.Length];
        for (int b = 0; b < items; b++)
        {
            for (int h = 0; h < heads; h++)
            {
                for (int i = 0; i < queries; i++)
                {
                    int seen = Math.Min(causal ? i + 1 : keys, lengths?[b] ?? keys);
                    if (seen == 0)
                    {
                        continue;
                    }

                    var products = new double[seen];
                    for (int j = 0; j < seen; j++)
                    {
                        for (int d = 0; d < depth; d++)
                        {
                            products[j] += x[0][At(b, i, h, d, queries)] * x[1][At(b, j, h, d, keys)];
                        }

                        products[j] *= scale ?? (1 / Math.Sqrt(depth));
                        products[j] += bias is { } s ? x[3][(((((s[0] == 1 ? 0 : b) * s[1]) + (s[1] == 1 ? 0 : h)) * queries) + i) * keys + j] : 0;
                    }

                    double[] weights = Tensors.Naive.Softmax(products);
                    for (int j = 0; j < seen; j++)
                    {
                        double w = weights[j] * (factors?[((((b * heads) + h) * queries) + i) * keys + j] ?? 1);
                        for (int d = 0; d < depth; d++)
                        {
                            y[At(b, i, h, d, queries)] += w * x[2][At(b, j, h, d, keys)];
                        }
                    }
                }
            }
        }

        return y;

        int At(int b, int t, int h, int d, int length) => ((((b * length) + t) * heads) + h) * depth + d;
    }
}
