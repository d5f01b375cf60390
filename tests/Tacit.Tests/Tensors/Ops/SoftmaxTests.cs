using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class SoftmaxTests
{
    public static TheoryData<int> Sizes => [1, 2, 7, 15, 16, 17, 31, 33, 67];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Softmax(int n)
    {
        new GradCheck().Run(x => Ops.Softmax(x[0]), x => Naive.Rows(x[0], n, Naive.Softmax), new Shape(3, n));
        new GradCheck().Run(x => Ops.LogSoftmax(x[0]), x => Naive.Rows(x[0], n, r => Naive.Softmax(r).Select(p => Math.Log(p))), new Shape(3, n));
    }

    [Fact]
    public void Large_numbers_do_not_overflow()
    {
        Tensor x = Tensor.From([1e4f, 1e4f + 1, -1e4f], new Shape(3));
        Oracle.AssertWithin([0.26894142f, 0.73105858f, 0], Ops.Softmax(x).ToArray(), 1e-6);
        Oracle.AssertWithin([-1.3132617f, -0.3132617f, -20001.3132617f], Ops.LogSoftmax(x).ToArray(), 2e-3);
        Oracle.AssertWithin([-1.3132617f, -0.3132617f], Ops.LogSoftmax(x).ToArray().AsSpan(0, 2), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cross_entropy_with_classes(int n)
    {
        int[] targets = [0, n - 1, -100, n / 2];
        foreach (float smoothing in (float[])[0, 0.25f])
        {
            new GradCheck().Run(
                x => Ops.CrossEntropy(x[0], targets, smoothing),
                x =>
                {
                    double sum = 0;
                    for (int i = 0; i < 4; i++)
                    {
                        double[] log = [.. Naive.Softmax(x[0][(i * n)..((i + 1) * n)]).Select(p => Math.Log(p))];
                        sum -= targets[i] < 0 ? 0 : ((1 - smoothing) * log[targets[i]]) + (smoothing * log.Average());
                    }

                    return [sum / 3];
                },
                new Shape(4, n));
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cross_entropy_with_probabilities(int n)
    {
        foreach (float smoothing in (float[])[0, 0.25f])
        {
            new GradCheck { Domain = (i, v) => i == 0 ? v : Math.Abs(v) }.Run(
                x => Ops.CrossEntropy(x[0], x[1], smoothing),
                x =>
                {
                    double sum = 0;
                    for (int i = 0; i < 4; i++)
                    {
                        double[] log = [.. Naive.Softmax(x[0][(i * n)..((i + 1) * n)]).Select(p => Math.Log(p))];
                        sum -= log.Select((l, c) => l * (((1 - smoothing) * x[1][(i * n) + c]) + (smoothing / n))).Sum();
                    }

                    return [sum / 4];
                },
                new Shape(4, n),
                new Shape(4, n));
        }
    }

    [Fact]
    public void Targets_are_checked()
    {
        Tensor logits = Tensor.Zeros(new Shape(2, 3));
        Assert.Contains("target 1 is 3, outside the 3 classes", Assert.Throws<ArgumentException>(() => Ops.CrossEntropy(logits, [0, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("all 2 targets are ignored", Assert.Throws<ArgumentException>(() => Ops.CrossEntropy(logits, [-100, -100])).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Ops.CrossEntropy(logits, [0]));
        Assert.Throws<ShapeException>(() => Ops.CrossEntropy(logits, Tensor.Zeros(new Shape(3, 2))));
    }
}
