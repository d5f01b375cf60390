using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

/// <summary>Each layer with PyTorch's weights under PyTorch's names: output, all gradients, statistics, evaluation.</summary>
public sealed class LayerTests
{
    private static readonly OrderedDictionary<string, Tensor> Expected = Oracle.Read("nn-layers.safetensors").Tensors;

    public static TheoryData<string> Layers =>
    [
        "linear", "conv2d", "conv1d", "batchnorm", "layernorm", "groupnorm", "mlp.plain", "mlp.norms",
        "weightnorm.linear", "weightnorm.conv", "weightnorm.places",
        "attention", "attention.causal", "attention.lengths", "attention.cross",
    ];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Forward_backward_and_evaluation_are_PyTorchs(string name)
    {
        Layer layer = Make(name);
        layer.Load(State($"{name}.before."));
        Tensor x = Tensor.Parameter(Expected[$"{name}.x"].Shape);
        Expected[$"{name}.x"].Span.CopyTo(x.Span);

        using (Scope scope = Scope.Gradient())
        {
            Tensor y = Run(name, layer, x);
            Oracle.AssertClose(Expected[$"{name}.y"].Span, y.Span, 2e-6, "output");
            scope.Backward(Ops.Sum(Ops.Multiply(y, Expected[$"{name}.c"])));
        }

        Oracle.AssertClose(Expected[$"{name}.dx"].Span, x.GradientSpan, 2e-5, "gradient of the input");
        foreach (var (parameterName, parameter) in layer.NamedParameters())
        {
            Oracle.AssertClose(Expected[$"{name}.grad.{parameterName}"].Span, parameter.GradientSpan, 2e-5, $"gradient of {parameterName}");
        }

        foreach (var (bufferName, buffer) in layer.NamedBuffers())
        {
            Oracle.AssertClose(Expected[$"{name}.after.{bufferName}"].Span, buffer.Span, 1e-6, bufferName);
        }

        layer.Eval();
        Oracle.AssertClose(Expected[$"{name}.eval"].Span, Run(name, layer, x).Span, 2e-6, "evaluation");
    }

    [Fact]
    public void A_batch_norm_fused_with_residual_and_relu_is_the_three_of_them()
    {
        Layer layer = Make("batchnorm");
        layer.Load(State("batchnorm.before."));
        Tensor x = Expected["batchnorm.x"], residual = Expected["batchnorm.c"], y = Expected["batchnorm.y"];

        Tensor fused = ((BatchNorm)layer).Forward(x, relu: true, residual);

        Oracle.AssertClose([.. Enumerable.Range(0, y.Length).Select(i => MathF.Max(0, y.Span[i] + residual.Span[i]))], fused.Span, 2e-6);
    }

    [Fact]
    public void Evaluation_counts_no_batches()
    {
        var norm = new BatchNorm(2);
        norm.Initialize(0);
        norm.Forward(Tensor.From([1, 2, 3, 4], new Shape(2, 2)));
        norm.Eval();
        norm.Forward(Tensor.From([1, 2, 3, 4], new Shape(2, 2)));

        Assert.Equal(1, norm.StateDict()["num_batches_tracked"].ToScalar());
        Assert.Equal(0.2f, norm.StateDict()["running_mean"].Span[0], 1e-6f);      // 0.9·0 + 0.1·2
    }

    [Fact]
    public void Dropout_drops_in_training_alone_and_by_its_own_path()
    {
        var network = new Sequential(new Dropout(0.25f), new Dropout(0.25f));
        var x = Tensor.Full(new Shape(100, 100), 3);
        using Scope scope = Scope.Gradient(seed: 1, step: 2);
        var first = new Dropout(0.25f);
        var parts = new Sequential(first, new Dropout(0.25f));

        float[] once = first.Forward(x).ToArray(), again = first.Forward(x).ToArray();
        double kept = once.Count(v => v != 0) / 10_000.0;
        Assert.InRange(kept, 0.73, 0.77);
        Assert.All(once, v => Assert.True(v is 0 or 4));
        Assert.NotEqual(once, again);
        Assert.InRange(network.Forward(x).ToArray().Count(v => v != 0) / 10_000.0, 0.54, 0.585);      // 0.75², drawn apart

        parts.Eval();
        Assert.Equal(x.ToArray(), parts.Forward(x).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1));
    }

    [Fact]
    public void A_weight_norm_starts_as_the_layer_without_it()
    {
        var plain = new Linear(5, 4);
        var normed = new WeightNormLinear(5, 4);
        normed.Initialize(3);
        plain.Load(new Dictionary<string, Tensor> { ["weight"] = normed.StateDict()["weight_v"], ["bias"] = normed.StateDict()["bias"] });
        var x = Tensor.From(Hashed.Singles(15, 1), new Shape(3, 5));

        Oracle.AssertClose(plain.Forward(x).Span, normed.Forward(x).Span, 1e-6);
    }

    [Fact]
    public void A_unit_length_is_saved_and_never_learned()
    {
        var layer = new WeightNormLinear(5, 4, bias: false, unitLength: true);
        layer.Initialize(3);

        Assert.Equal(["weight_v"], layer.NamedParameters().Select(p => p.Key));
        Assert.Equal([1, 1, 1, 1], layer.StateDict()["weight_g"].ToArray());
        var basis = Tensor.Zeros(new Shape(5, 5));
        for (int i = 0; i < 5; i++)
        {
            basis[i, i] = 1;
        }

        Tensor weight = layer.Forward(basis);       // [in, out]: every column has length 1
        Assert.All(Enumerable.Range(0, 4), o => Assert.Equal(1, Enumerable.Range(0, 5).Sum(i => weight[i, o] * weight[i, o]), 1e-5f));
    }

    [Fact]
    public void Attention_starts_as_PyTorchs()
    {
        var attention = new MultiHeadAttention(48, 4);
        attention.Initialize(1);

        Assert.Equal(
            ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"], attention.StateDict().Keys);
        Assert.InRange(attention.StateDict()["in_proj_weight"].ToArray().Max(), 0.99 * Math.Sqrt(6.0 / (4 * 48)), Math.Sqrt(6.0 / (4 * 48)));
        Assert.InRange(attention.StateDict()["out_proj.weight"].ToArray().Max(), 0.98 / Math.Sqrt(48), 1 / Math.Sqrt(48));
        Assert.All(attention.StateDict()["in_proj_bias"].ToArray().Concat(attention.StateDict()["out_proj.bias"].ToArray()), v => Assert.Equal(0, v));
        Assert.Throws<ArgumentException>(() => new MultiHeadAttention(10, 3));
    }

    private static Tensor Run(string name, Layer layer, Tensor x) => name switch
    {
        "attention.causal" => ((MultiHeadAttention)layer).Forward(x, new AttentionOptions { Causal = true }),
        "attention.lengths" => ((MultiHeadAttention)layer).Forward(x, new AttentionOptions { Lengths = [5, 3] }),
        "attention.cross" => ((MultiHeadAttention)layer).Forward(x, Expected["attention.memory"]),
        _ => layer.Forward(x),
    };

    private static Layer Make(string name) => name switch
    {
        "linear" => new Linear(5, 7),
        "conv2d" => new Conv2d(6, 8, 3, stride: 2, padding: 1, groups: 2),
        "conv1d" => new Conv1d(6, 4, 5, stride: 2, padding: 2, dilation: 2),
        "batchnorm" => new BatchNorm(5),
        "layernorm" => new LayerNorm(11),
        "groupnorm" => new GroupNorm(3, 12),
        "mlp.plain" => new Mlp(6, new MlpBlock(9, Activation: Activation.Relu), new MlpBlock(4)),
        "mlp.norms" => new Mlp(
            6,
            new MlpBlock(9, Norm.Batch, Activation.Relu, Bias: false),
            new MlpBlock(7, Norm.Layer, Activation.Gelu),
            new MlpBlock(4, Norm.BatchWithoutAffine, Bias: false)),
        "weightnorm.linear" => new WeightNormLinear(5, 4),
        "weightnorm.conv" => new WeightNormConv1d(4, 6, 3, padding: 1, groups: 2),
        "weightnorm.places" => new WeightNormConv1d(4, 6, 3, padding: 1, groups: 2, perPlace: true),
        "attention" or "attention.causal" or "attention.lengths" or "attention.cross" => new MultiHeadAttention(12, 3),
        _ => throw new ArgumentException(name, nameof(name)),
    };

    private static Dictionary<string, Tensor> State(string prefix) =>
        Expected.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);
}
