using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class NormalizationTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(7, 15)]
    [InlineData(33, 16)]
    [InlineData(40, 17)]
    [InlineData(35, 33)]
    [InlineData(1100, 3)]
    public void Batch_norm_in_training(int rows, int channels)
    {
        Shape x = new(rows, channels), c = new(channels);
        var check = new GradCheck { GradientTolerance = 1e-4, Tolerance = 1e-5, Domain = (i, v) => i == 0 ? (2 * v) + 3 : v };
        check.Run(t => Ops.BatchNorm(t[0], t[1], t[2], null, null, true), t => Train(t, channels), x, c, c);
        check.Run(t => Ops.BatchNorm(t[0], null, null, null, null, true), t => Train([t[0], Ones(channels), new double[channels]], channels), x);
        check.Run(t => Ops.BatchNorm(t[0], t[1], t[2], null, null, true, relu: true), t => Relu(Train(t, channels)), x, c, c);
        check.Run(
            t => Ops.BatchNorm(t[0], t[1], t[2], null, null, true, residual: t[3]), t => Sum(Train(t, channels), t[3]), x, c, c, x);
        check.Run(
            t => Ops.BatchNorm(t[0], t[1], t[2], null, null, true, relu: true, residual: t[3]), t => Relu(Sum(Train(t, channels), t[3])), x, c, c, x);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 17)]
    public void Batch_norm_in_evaluation(int rows, int channels)
    {
        Shape x = new(rows, 1, channels), c = new(channels);
        var mean = Tensor.Full(c, 0.5f);
        var variance = Tensor.Full(c, 2);
        new GradCheck { Share = false }.Run(
            t => Ops.BatchNorm(t[0], t[1], t[2], mean, variance, false),
            t => [.. t[0].Select((v, i) => ((v - 0.5) / Math.Sqrt(2 + (double)1e-5f) * t[1][i % channels]) + t[2][i % channels])],
            x,
            c,
            c);
        Assert.All(mean.ToArray(), v => Assert.Equal(0.5f, v));
    }

    [Fact]
    public void Batch_norm_follows_the_running_statistics()
    {
        Tensor x = Tensor.From([1, 10, 2, 20, 6, 30], new Shape(3, 2));
        Tensor mean = Tensor.Full(new Shape(2), 1), variance = Tensor.Full(new Shape(2), 1);
        Ops.BatchNorm(x, null, null, mean, variance, true, momentum: 0.25f);
        // means 3 and 20; unbiased variances 7 and 100
        Oracle.AssertWithin([1.5f, 5.75f], mean.ToArray(), 1e-6);
        Oracle.AssertWithin([2.5f, 25.75f], variance.ToArray(), 1e-5);
    }

    [Fact]
    public void Batch_norm_survives_a_mean_far_from_zero()
    {
        var values = new float[5000];
        Philox.FillNormal(values, 3, 1, 4);
        Tensor x = Tensor.From([.. values.Select(v => 1000 + v)], new Shape(5000, 1));
        double mean = x.ToArray().Average(v => (double)v);
        double deviation = Math.Sqrt(x.ToArray().Average(v => (v - mean) * (v - mean)) + 1e-5);
        float[] expected = [.. x.ToArray().Select(v => (float)((v - mean) / deviation))];
        Oracle.AssertWithin(expected, Ops.BatchNorm(x, null, null, null, null, true).ToArray(), 5e-5);
    }

    [Fact]
    public void Batch_norm_refuses_what_cannot_be()
    {
        Tensor x = Tensor.Zeros(new Shape(1, 3));
        Assert.Contains("more than one value", Assert.Throws<ShapeException>(() => Ops.BatchNorm(x, null, null, null, null, true)).Message, StringComparison.Ordinal);
        Assert.Equal(
            "BatchNorm: [1, 3] and [4] do not fit: axis -1 has 3 channels, so the parameter's shape is [3].",
            Assert.Throws<ShapeException>(() => Ops.BatchNorm(x, Tensor.Zeros(new Shape(4)), null, null, null, true)).Message);
        Assert.Throws<ShapeException>(() => Ops.BatchNorm(Tensor.Zeros(new Shape(4, 3)), null, null, null, null, true, residual: x));
        Assert.Throws<InvalidOperationException>(() => Ops.BatchNorm(x, null, null, null, null, false));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    public void Layer_norm(int n)
    {
        Shape x = new(3, 2, n), c = new(n);
        var check = new GradCheck { Tolerance = 1e-5, GradientTolerance = 1e-4, Domain = (i, v) => i == 0 ? (2 * v) + 3 : v };
        check.Run(t => Ops.LayerNorm(t[0], t[1], t[2]), t => Grouped(t, n, n), x, c, c);
        check.Run(t => Ops.LayerNorm(t[0], null, null), t => Grouped([t[0], Ones(n), new double[n]], n, n), x);
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(3, 16, 4)]
    [InlineData(5, 17, 17)]
    [InlineData(35, 34, 2)]
    [InlineData(7, 15, 1)]
    public void Group_norm(int places, int channels, int groups)
    {
        Shape x = new(2, places, channels), c = new(channels);
        var check = new GradCheck { Tolerance = 1e-5, GradientTolerance = 1e-4, Domain = (i, v) => i == 0 ? (2 * v) + 3 : v };
        check.Run(t => Ops.GroupNorm(t[0], groups, t[1], t[2]), t => Grouped(t, places * channels, channels / groups), x, c, c);
        check.Run(t => Ops.GroupNorm(t[0], groups, null, null), t => Grouped([t[0], Ones(channels), new double[channels]], places * channels, channels / groups), x);
    }

    [Theory]
    [InlineData(1, 2, 1)]
    [InlineData(3, 16, 16)]
    [InlineData(5, 17, 1)]
    [InlineData(35, 6, 6)]
    public void Group_norm_of_padded_sequences_is_that_of_each_alone(int frames, int channels, int groups)
    {
        int[] lengths = [frames - 1, frames, 0, (frames + 1) / 2];
        Shape x = new(4, frames, channels), c = new(channels);
        var check = new GradCheck { Tolerance = 1e-5, GradientTolerance = 1e-4, Domain = (i, v) => i == 0 ? (2 * v) + 3 : v };
        check.Run(
            t => Ops.GroupNorm(t[0], groups, t[1], t[2], lengths: lengths),
            t => [.. t[0].Chunk(frames * channels).SelectMany((item, n) => Grouped([item[..(lengths[n] * channels)], t[1], t[2]], Math.Max(1, lengths[n]) * channels, channels / groups)
                .Concat(new double[(frames - lengths[n]) * channels]))],
            x,
            c,
            c);
        Assert.Throws<ShapeException>(() => Ops.GroupNorm(Tensor.Zeros(x), groups, null, null, lengths: [1, 1, 1, frames + 1]));
    }

    [Fact]
    public void Parameters_must_fit_the_channels()
    {
        Assert.Throws<ShapeException>(() => Ops.LayerNorm(Tensor.Zeros(new Shape(2, 3)), Tensor.Zeros(new Shape(2)), null));
        Assert.Equal(
            "GroupNorm: [2, 4, 6] does not fit: axis -1 has 6 channels, which 4 groups do not divide.",
            Assert.Throws<ShapeException>(() => Ops.GroupNorm(Tensor.Zeros(new Shape(2, 4, 6)), 4, null, null)).Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(67)]
    public void Unit_length(int n) =>
        new GradCheck().Run(x => Ops.L2Normalize(x[0]), x => Naive.Rows(x[0], n, r => r.Select(v => v / Math.Sqrt(r.Sum(w => w * w)))), new Shape(3, n));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(67)]
    public void Cosine(int n) =>
        new GradCheck().Run(
            x => Ops.CosineSimilarity(x[0], x[1]),
            x => Naive.Rows([.. x[0].Chunk(n).Zip(x[1].Chunk(n), (a, b) => a.Concat(b)).SelectMany(r => r)], 2 * n, r =>
            {
                double[] a = r[..n], b = r[n..];
                return [a.Zip(b, (p, q) => p * q).Sum() / Math.Sqrt(a.Sum(v => v * v) * b.Sum(v => v * v))];
            }),
            new Shape(3, n),
            new Shape(3, n));

    [Fact]
    public void Cosine_with_nothing_is_zero()
    {
        using Scope scope = Scope.Gradient();
        Tensor a = Tensor.Parameter(new Shape(1, 2)), b = Tensor.Parameter(new Shape(1, 2));
        b[0, 0] = 3;
        b[0, 1] = 4;
        Tensor y = Ops.CosineSimilarity(a, b, eps: 0.5f);
        scope.Backward(Ops.Sum(y));
        Assert.Equal(0, y.ToScalar());
        Oracle.AssertWithin([1.2f, 1.6f], a.GradientSpan, 1e-6);        // (3, 4) / 5 / 0.5
        Assert.Equal([0, 0], b.GradientSpan.ToArray());
        Assert.Throws<ShapeException>(() => Ops.CosineSimilarity(a, Tensor.Zeros(new Shape(2, 1))));
    }

    [Fact]
    public void Nothing_has_length_zero()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(1, 3));
        Tensor y = Ops.L2Normalize(x, eps: 0.5f);
        scope.Backward(Ops.Sum(y));
        Assert.Equal([0, 0, 0], y.ToArray());
        Assert.Equal([2, 2, 2], x.GradientSpan.ToArray());
    }

    private static double[] Train(double[][] t, int channels)
    {
        int rows = t[0].Length / channels;
        double[] mean = Naive.Fold(t[0], 1, rows, channels, v => v.Average());
        double[] variance = Naive.Fold(t[0], 1, rows, channels, Naive.Variance);
        return [.. t[0].Select((v, i) => ((v - mean[i % channels]) / Math.Sqrt(variance[i % channels] + (double)1e-5f) * t[1][i % channels]) + t[2][i % channels])];
    }

    /// <summary>Group norm of items of the given length; layer norm is one group of an item's whole row.</summary>
    private static double[] Grouped(double[][] t, int item, int size)
    {
        int channels = t[1].Length;
        var y = new double[t[0].Length];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, y.Length).GroupBy(i => (i / item * channels) + (i % channels / size)))
        {
            double[] values = [.. group.Select(i => t[0][i])];
            double mean = values.Average(), deviation = Math.Sqrt(Naive.Variance(values) + (double)1e-5f);
            foreach (int i in group)
            {
                y[i] = ((t[0][i] - mean) / deviation * t[1][i % channels]) + t[2][i % channels];
            }
        }

        return y;
    }

    private static double[] Relu(double[] x) => [.. x.Select(v => Math.Max(v, 0))];

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Ones(int n) => [.. Enumerable.Repeat(1.0, n)];
}
