using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

/// <summary>Values and gradients have the same bits with one, two and three threads.</summary>
public sealed class ThreadCountTests
{
    private static readonly Shape Wide = new(20_000, 5), Rows = new(700, 67), Picture = new(3, 40, 40, 17), Channels = new(67);

    public static TheoryData<string> Operators => [.. Table.Keys];

    private static Dictionary<string, (Func<Tensor[], Tensor> Op, Shape[] Inputs)> Table { get; } = new()
    {
        ["sum"] = (x => Ops.Sum(x[0]), [Wide]),
        ["sum of columns"] = (x => Ops.Sum(x[0], 0), [Wide]),
        ["mean of rows"] = (x => Ops.Mean(x[0], 1), [Rows]),
        ["variance"] = (x => Ops.Variance(x[0], 0), [Wide]),
        ["add a row"] = (x => Ops.Add(x[0], x[1]), [Rows, Channels]),
        ["multiply a column"] = (x => Ops.Multiply(x[0], x[1]), [Rows, new Shape(700, 1)]),
        ["divide by a scalar"] = (x => Ops.Divide(x[0], x[1]), [Rows, new Shape()]),
        ["batch norm"] = (x => Ops.BatchNorm(x[0], x[1], x[2], null, null, true, relu: true, residual: x[3]), [Rows, Channels, Channels, Rows]),
        ["layer norm"] = (x => Ops.LayerNorm(x[0], x[1], x[2]), [Rows, Channels, Channels]),
        ["group norm"] = (x => Ops.GroupNorm(x[0], 1, x[1], x[2]), [Picture, new Shape(17), new Shape(17)]),
        ["group norm of padded sequences"] = (x => Ops.GroupNorm(x[0], 67, x[1], x[2], lengths: [650, 300]), [new Shape(2, 700, 67), Channels, Channels]),
        ["softmax"] = (x => Ops.Softmax(x[0]), [Rows]),
        ["cross-entropy"] = (x => Ops.CrossEntropy(x[0], [.. Enumerable.Range(0, 700).Select(i => i % 67)], 0.1f), [Rows]),
        ["unit length"] = (x => Ops.L2Normalize(x[0]), [Rows]),
        ["max pool"] = (x => Ops.MaxPool2d(x[0], 3, 2, 1), [Picture]),
        ["average pool"] = (x => Ops.GlobalAveragePool(x[0]), [Picture]),
        ["gather"] = (x => Ops.Gather(x[0], [.. Enumerable.Range(0, 5000).Select(i => i * i % 700)]), [Rows]),
        ["scatter"] = (x => Ops.ScatterAdd(x[0], [.. Enumerable.Range(0, 700).Select(i => i * i % 31)], 31), [Rows]),
        ["dropout"] = (x => Ops.Dropout(x[0], 0.3f, "layer"), [Rows]),
        ["transpose"] = (x => Ops.Transpose(x[0], 3, 0, 2, 1), [Picture]),
        ["product"] = (x => Ops.MatMul(x[0], x[1]), [Rows, new Shape(67, 130)]),
        ["convolution"] = (x => Ops.Conv2d(x[0], x[1], x[2], stride: 2, padding: 1), [Picture, new Shape(33, 17, 3, 3), new Shape(33)]),
        ["product of many blocks"] = (x => Ops.MatMul(x[0], x[1]), [new Shape(700, 130), new Shape(130, 200)]),
        ["product of narrow matrices"] = (x => Ops.MatMul(x[0], x[1]), [new Shape(700, 90), new Shape(90, 130)]),
        ["product with a turned operand"] = (x => Ops.MatMul(x[0], x[1], transposeA: true), [new Shape(700, 130), new Shape(700, 90)]),
        ["convolution of ragged sizes"] = (x => Ops.Conv2d(x[0], x[1], x[2], stride: 2, padding: 1), [new Shape(9, 17, 16, 20), new Shape(35, 20, 3, 3), new Shape(35)]),
        ["convolution of many channels"] = (x => Ops.Conv2d(x[0], x[1], padding: 1), [new Shape(12, 8, 8, 192), new Shape(192, 192, 3, 3)]),
        ["recurrent layer"] = (x => Ops.Gru(x[0], new(x[1], x[2], x[3], x[4]), new(x[5], x[6]), [6, 4, 1, 6, 5, 2, 6, 6, 3]), [new Shape(9, 6, 20), new Shape(210, 20), new Shape(210, 70), new Shape(210), new Shape(210), new Shape(210, 20), new Shape(210, 70)]),
        ["gumbel softmax"] = (x => Ops.GumbelSoftmax(x[0], 0.5f, false, "layer"), [Rows]),
        ["attention"] = (x => Ops.Attention(x[0], new AttentionOptions { Causal = true, Dropout = 0.2f, Bias = x[1] }), [new Shape(2, 300, 3, 2, 9), new Shape(1, 2, 300, 300)]),
    };

    [Theory]
    [MemberData(nameof(Operators))]
    public void Bits_do_not_depend_on_threads(string name)
    {
        try
        {
            float[][] one = Run(name, 1);
            Assert.All(one, values => Assert.Contains(values, v => v != 0));
            foreach (int threads in (int[])[2, 3])
            {
                float[][] many = Run(name, threads);
                for (int i = 0; i < one.Length; i++)
                {
                    Assert.True(one[i].AsSpan().SequenceEqual(many[i]), $"{name}: {(i == 0 ? "the result" : $"the gradient of input {i - 1}")} differs with {threads} threads");
                }
            }
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    /// <summary>The result, then the gradient of every input.</summary>
    private static float[][] Run(string name, int threads)
    {
        WorkerPool.Configure(threads);
        (Func<Tensor[], Tensor> op, Shape[] shapes) = Table[name];
        Tensor[] inputs = [.. shapes.Select((s, i) =>
        {
            Tensor x = Tensor.Parameter(s);
            Philox.FillNormal(x.Span, 4, (ulong)i, 0);
            return x;
        })];
        using Scope scope = Scope.Gradient(seed: 3);
        Tensor y = op(inputs);
        var weights = new float[y.Length];
        Philox.FillNormal(weights, 5, 0, 0);
        scope.Backward(WeightedSum.Of(weights, y));
        return [y.ToArray(), .. inputs.Select(x => x.GradientSpan.ToArray())];
    }
}
