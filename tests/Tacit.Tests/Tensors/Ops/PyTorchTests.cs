using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

/// <summary>Values and gradients of operators against PyTorch's, made by tests/oracle/make_ops.py.</summary>
public sealed class PyTorchTests
{
    private static readonly OrderedDictionary<string, Tensor> Vectors = Oracle.Read("ops.safetensors").Tensors;

    public static TheoryData<string> Cases => [.. Table.Keys];

    private static Dictionary<string, Func<Tensor[], Tensor>> Table { get; } = new()
    {
        ["batch_norm_residual"] = x => Ops.BatchNorm(x[0], x[1], x[2], null, null, true, relu: true, residual: x[3]),
        ["batch_norm_evaluate"] = x => Ops.BatchNorm(
            x[0], x[1], x[2], Vectors["batch_norm_evaluate.running_mean"], Vectors["batch_norm_evaluate.running_variance"], false, eps: 1e-3f),
        ["layer_norm"] = x => Ops.LayerNorm(x[0], x[1], x[2]),
        ["group_norm"] = x => Ops.GroupNorm(x[0], 3, x[1], x[2]),
        ["instance_norm"] = x => Ops.GroupNorm(x[0], 18, x[1], x[2]),
        ["max_pool2d"] = x => Ops.MaxPool2d(x[0], 3, 2, 1),
        ["avg_pool2d"] = x => Ops.AvgPool2d(x[0], 3, 2, 1),
        ["max_pool1d"] = x => Ops.MaxPool1d(x[0], 2, 2),
        ["avg_pool1d"] = x => Ops.AvgPool1d(x[0], 4, 3, 2),
        ["global_average_pool"] = x => Ops.GlobalAveragePool(x[0]),
        ["gelu"] = x => Ops.Gelu(x[0]),
        ["gelu_tanh"] = x => Ops.GeluTanh(x[0]),
        ["silu"] = x => Ops.Silu(x[0]),
        ["leaky_relu"] = x => Ops.LeakyRelu(x[0], 0.2f),
        ["tanh"] = x => Ops.Tanh(x[0]),
        ["sigmoid"] = x => Ops.Sigmoid(x[0]),
        ["softmax"] = x => Ops.Softmax(x[0]),
        ["log_softmax"] = x => Ops.LogSoftmax(x[0]),
        ["cross_entropy"] = x => Ops.CrossEntropy(x[0], Integers("cross_entropy.targets")),
        ["cross_entropy_smooth"] = x => Ops.CrossEntropy(x[0], Integers("cross_entropy_smooth.targets"), 0.1f),
        ["cross_entropy_ignore"] = x => Ops.CrossEntropy(x[0], Integers("cross_entropy_ignore.targets"), 0.3f, ignoreIndex: 7),
        ["cross_entropy_soft"] = x => Ops.CrossEntropy(x[0], x[1]),
        ["cross_entropy_soft_smooth"] = x => Ops.CrossEntropy(x[0], x[1], 0.2f),
        ["normalize"] = x => Ops.L2Normalize(x[0]),
        ["cosine"] = x => Ops.CosineSimilarity(x[0], x[1]),
        ["variance"] = x => Ops.Variance(x[0], 1),
        ["max"] = x => Ops.Max(x[0], 1),
        ["embedding"] = x => Ops.Embedding(x[0], Integers("embedding.ids")),
        ["attention"] = x => Ops.Attention(x[0], x[1], x[2]),
        ["attention_causal"] = x => Ops.Attention(x[0], x[1], x[2], new AttentionOptions { Causal = true, Lengths = [6, 4] }),
        ["attention_bias"] = x => Ops.Attention(x[0], x[1], x[2], new AttentionOptions { Bias = x[3] }),
        ["attention_packed"] = x => Ops.Attention(x[0]),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equal_to_PyTorch(string name) => Check(name, Table[name]);

    [Fact]
    public void Batch_norm_and_its_running_statistics()
    {
        Tensor mean = Tensor.Zeros(new Shape(19)), variance = Tensor.Full(new Shape(19), 1);
        Check("batch_norm_train", x => Ops.BatchNorm(x[0], x[1], x[2], mean, variance, true));
        Oracle.AssertClose(Vectors["batch_norm_train.running_mean"].Span, mean.Span, 1e-6);
        Oracle.AssertClose(Vectors["batch_norm_train.running_variance"].Span, variance.Span, 1e-6);
    }

    [Fact]
    public void No_case_is_left_out() =>
        Assert.Equal(
            Vectors.Keys.Select(k => k[..k.IndexOf('.', StringComparison.Ordinal)]).Distinct().Order(), Table.Keys.Append("batch_norm_train").Order());

    private static void Check(string name, Func<Tensor[], Tensor> op)
    {
        var inputs = new List<Tensor>();
        while (Vectors.TryGetValue($"{name}.{inputs.Count}", out Tensor? stored))
        {
            Tensor x = Tensor.Parameter(stored.Shape);
            stored.Span.CopyTo(x.Span);
            inputs.Add(x);
        }

        using Scope scope = Scope.Gradient();
        Tensor y = op([.. inputs]);
        Assert.Equal(Vectors[$"{name}.y"].Shape, y.Shape);
        Oracle.AssertClose(Vectors[$"{name}.y"].Span, y.Span, 2e-6, $"{name}.y");
        scope.Backward(WeightedSum.Of(Vectors[$"{name}.w"].ToArray(), y));
        for (int i = 0; i < inputs.Count; i++)
        {
            Oracle.AssertClose(Vectors[$"{name}.{i}.grad"].Span, inputs[i].GradientSpan, 5e-6, $"{name}.{i}.grad");
        }
    }

    private static int[] Integers(string name) => [.. Vectors[name].ToArray().Select(v => (int)v)];
}
