using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class ConvTests
{
    /// <summary>Channels around the tiles' sizes, all kernels, strides, paddings, dilations and groups that take another path.</summary>
    public static TheoryData<int, int, int, int, int, int, int, int, int> Cases => new()
    {
        // N, H, W, C, O, k, stride, padding, dilation | groups follow from the next test
        { 1, 1, 1, 1, 1, 1, 1, 0, 1 }, { 2, 5, 7, 3, 16, 3, 1, 1, 1 }, { 3, 6, 5, 15, 17, 3, 1, 1, 1 }, { 2, 7, 7, 16, 33, 3, 2, 1, 1 },
        { 1, 9, 8, 17, 5, 3, 2, 0, 1 }, { 2, 6, 6, 8, 31, 1, 1, 0, 1 }, { 2, 7, 6, 5, 32, 1, 2, 0, 1 }, { 1, 9, 9, 3, 4, 5, 3, 2, 1 },
        { 1, 10, 9, 4, 6, 3, 1, 2, 2 }, { 1, 11, 10, 3, 5, 3, 2, 1, 2 }, { 1, 8, 7, 2, 49, 2, 1, 0, 1 }, { 1, 4, 4, 3, 65, 4, 4, 0, 1 },
        { 1, 12, 12, 3, 5, 7, 2, 3, 1 }, { 1, 7, 9, 2, 3, 2, 3, 1, 1 }, { 20, 2, 2, 5, 3, 3, 1, 1, 1 },
        { 1, 8, 8, 16, 16, 3, 1, 1, 1 }, { 2, 7, 5, 13, 14, 3, 1, 1, 1 }, { 1, 13, 12, 5, 16, 3, 2, 1, 1 },
        // Strips of 16 and of 8 places, of one row and of several, and weights whose sums are kept from place to place.
        { 2, 3, 16, 8, 16, 3, 1, 1, 1 }, { 1, 2, 32, 3, 16, 3, 1, 1, 1 }, { 1, 5, 8, 16, 32, 3, 1, 1, 1 }, { 2, 1, 24, 5, 32, 3, 1, 1, 1 }, { 1, 4, 5, 8, 48, 3, 1, 1, 1 },
        // Small pictures of many channels, whose places are sorted by what lies inside: 3 × 3 and 5 × 5 elements, a stride, a picture smaller than the kernel.
        { 3, 4, 4, 32, 20, 3, 1, 1, 1 }, { 2, 3, 5, 33, 17, 5, 1, 2, 1 }, { 2, 8, 7, 32, 5, 3, 2, 1, 1 }, { 2, 1, 2, 40, 3, 3, 1, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pictures(int n, int h, int w, int c, int o, int k, int stride, int padding, int dilation) =>
        Check(n, h, w, c, o, k, stride, padding, dilation, 1);

    [Theory]
    [InlineData(4, 6, 2, 3, 1)]
    [InlineData(6, 9, 3, 2, 2)]
    [InlineData(17, 17, 17, 3, 1)]
    [InlineData(33, 33, 33, 3, 2)]
    [InlineData(32, 48, 2, 3, 1)]
    [InlineData(8, 16, 8, 3, 1)]
    public void Groups_and_depthwise(int c, int o, int groups, int k, int stride) => Check(2, 6, 5, c, o, k, stride, 1, 1, groups);

    [Theory]
    [InlineData(3, 5, 3, 1, 1, 1, 1)]
    [InlineData(16, 17, 10, 5, 0, 1, 1)]
    [InlineData(5, 4, 2, 2, 0, 1, 1)]
    [InlineData(4, 6, 3, 1, 2, 2, 2)]
    public void Sequences(int c, int o, int k, int stride, int padding, int dilation, int groups) =>
        new GradCheck().Run(
            x => Ops.Conv1d(x[0], x[1], x[2], stride, padding, dilation, groups),
            x => Reference(x, 2, 1, 23, c, o, 1, k, stride, 0, padding, dilation, groups),
            new Shape(2, 23, c), new Shape(o, c / groups, k), new Shape(o));

    [Fact]
    public void A_picture_cut_into_bands_equals_the_whole()
    {
        // 40 × 40 places are several blocks; the tests above fit into one.
        const int Side = 40, C = 3, O = 5;
        using Scope scope = Scope.Gradient();
        Tensor x = Drawn.Normal(1, 2, Side, Side, C), w = Drawn.Normal(2, O, C, 3, 3), b = Drawn.Normal(3, O);
        double[] expected = Reference([Drawn.Doubles(x.Span), Drawn.Doubles(w.Span), Drawn.Doubles(b.Span)], 2, Side, Side, C, O, 3, 3, 1, 1, 1, 1, 1);
        Tensor y = Ops.Conv2d(x, w, b, padding: 1);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], y.Span[i], 1e-4);
        }
    }

    /// <summary>From 64 channels on places are read by pointers; 192 × 192 share kernel elements out; 400 × 9 is deeper than one run.</summary>
    [Theory]
    [InlineData(64, 33, 5, 1, 1)]
    [InlineData(65, 64, 7, 2, 1)]
    [InlineData(64, 16, 9, 1, 2)]
    [InlineData(192, 192, 3, 1, 1)]
    [InlineData(400, 17, 4, 1, 1)]
    [InlineData(16, 400, 4, 1, 1)]
    [InlineData(16, 16, 32, 1, 1)]
    [InlineData(32, 32, 16, 1, 1)]
    [InlineData(64, 64, 20, 1, 1)]
    [InlineData(200, 176, 5, 1, 1)]
    [InlineData(168, 176, 17, 1, 1)]
    public void Many_channels_by_the_definition(int c, int o, int side, int stride, int dilation)
    {
        const int N = 3, K = 3;
        Tensor x = Tensor.Parameter(new Shape(N, side, side, c)), w = Tensor.Parameter(new Shape(o, c, K, K)), weight = Tensor.Lasting(new Shape(N, Out(), Out(), o));
        Philox.FillNormal(x.Span, 0, 1, 0);
        Philox.FillNormal(w.Span, 0, 2, 0);
        Philox.FillNormal(weight.Span, 0, 3, 0);
        using Scope scope = Scope.Gradient();
        Tensor y = Ops.Conv2d(x, w, stride: stride, padding: 1, dilation: dilation);
        scope.Backward(Ops.Sum(Ops.Multiply(y, weight)));

        double[] forward = Reference([Drawn.Doubles(x.Span), Drawn.Doubles(w.Span), new double[o]], N, side, side, c, o, K, K, stride, 1, 1, dilation, 1);
        double[] dx = new double[x.Length], dw = new double[w.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i % o, column = i / o % Out(), row = i / o / Out() % Out(), item = i / o / Out() / Out();
            for (int e = 0; e < K * K; e++)
            {
                int h = (row * stride) + (e / K * dilation) - 1, v = (column * stride) + (e % K * dilation) - 1;
                for (int q = 0; q < c && h >= 0 && h < side && v >= 0 && v < side; q++)
                {
                    int from = (((((item * side) + h) * side) + v) * c) + q, element = (((channel * c) + q) * K * K) + e;
                    dx[from] += (double)weight.Span[i] * w.Span[element];
                    dw[element] += (double)weight.Span[i] * x.Span[from];
                }
            }
        }

        Close(forward, y.Span);
        Close(dx, x.GradientSpan);
        Close(dw, w.GradientSpan);

        int Out() => ((side + 2 - (dilation * (K - 1)) - 1) / stride) + 1;
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(8, 32)]
    [InlineData(4, 64)]
    public void A_picture_and_weights_used_twice(int side, int channels)
    {
        // Both gradients are added to: twice the gradient of one use.
        Tensor x = Tensor.Parameter(new Shape(2, side, side, channels)), w = Tensor.Parameter(new Shape(channels, channels, 3, 3));
        Philox.FillNormal(x.Span, 0, 1, 0);
        Philox.FillNormal(w.Span, 0, 2, 0);
        float[][] once = Gradients(1), twice = Gradients(2);
        Close([.. once[0].Select(g => 2.0 * g)], twice[0]);
        Close([.. once[1].Select(g => 2.0 * g)], twice[1]);

        float[][] Gradients(int uses)
        {
            using Scope scope = Scope.Gradient();
            Tensor sum = Ops.Sum(Ops.Conv2d(x, w, padding: 1));
            scope.Backward(uses == 1 ? sum : Ops.Add(sum, Ops.Sum(Ops.Conv2d(x, w, padding: 1))));
            float[][] result = [x.GradientSpan.ToArray(), w.GradientSpan.ToArray()];
            x.ClearGradient();
            w.ClearGradient();
            return result;
        }
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_named()
    {
        Tensor x = Tensor.Zeros(new Shape(1, 4, 4, 3));
        Assert.Equal(
            "Conv2d: [1, 4, 4, 3] and [8, 4, 3, 3] do not fit: 3 input channels in 1 groups need a weight [O, 3, ..] with O a multiple of 1.",
            Assert.Throws<ShapeException>(() => Ops.Conv2d(x, Tensor.Zeros(new Shape(8, 4, 3, 3)))).Message);
        Assert.Contains("the kernel is larger", Assert.Throws<ShapeException>(() => Ops.Conv2d(x, Tensor.Zeros(new Shape(8, 3, 5, 5)))).Message, StringComparison.Ordinal);
        Assert.Contains("bias must be [8]", Assert.Throws<ShapeException>(() => Ops.Conv2d(x, Tensor.Zeros(new Shape(8, 3, 3, 3)), Tensor.Zeros(new Shape(7)))).Message, StringComparison.Ordinal);
    }

    private static void Check(int n, int h, int w, int c, int o, int k, int stride, int padding, int dilation, int groups) =>
        new GradCheck { Places = 12 }.Run(
            x => Ops.Conv2d(x[0], x[1], x[2], stride, padding, dilation, groups),
            x => Reference(x, n, h, w, c, o, k, k, stride, padding, padding, dilation, groups),
            new Shape(n, h, w, c), new Shape(o, c / groups, k, k), new Shape(o));

    /// <summary>The definition, place by place.</summary>
    private static double[] Reference(
        double[][] x, int n, int h, int w, int c, int o, int kh, int kw, int stride, int padRows, int padColumns, int dilation, int groups)
    {
        int rows = ((h + (2 * padRows) - (dilation * (kh - 1)) - 1) / stride) + 1, columns = ((w + (2 * padColumns) - (dilation * (kw - 1)) - 1) / stride) + 1;
        int inputs = c / groups, outputs = o / groups;
        var y = new double[n * rows * columns * o];
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i % o, column = i / o % columns, row = i / o / columns % rows, item = i / o / columns / rows;
            double sum = x[2][channel];
            for (int a = 0; a < kh; a++)
            {
                for (int b = 0; b < kw; b++)
                {
                    int fromRow = (row * stride) + (a * dilation) - padRows, fromColumn = (column * stride) + (b * dilation) - padColumns;
                    for (int q = 0; q < inputs && fromRow >= 0 && fromRow < h && fromColumn >= 0 && fromColumn < w; q++)
                    {
                        sum += x[0][(((((item * h) + fromRow) * w) + fromColumn) * c) + (channel / outputs * inputs) + q] * x[1][(((((channel * inputs) + q) * kh) + a) * kw) + b];
                    }
                }
            }

            y[i] = sum;
        }

        return y;
    }

    /// <summary>Equal to float32's rounding of sums of this size.</summary>
    private static void Close(double[] expected, ReadOnlySpan<float> actual)
    {
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 2e-6 * scale, $"place {i}: {actual[i]} instead of {expected[i]} (largest {scale})");
        }
    }
}
