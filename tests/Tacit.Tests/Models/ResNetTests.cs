using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class ResNetTests
{
    [Theory]
    [InlineData("resnet18", "imagenet", 64, 11_176_512)]
    [InlineData("resnet34", "imagenet", 64, 21_284_672)]
    [InlineData("resnet50", "imagenet", 64, 23_508_032)]
    [InlineData("resnet18", "cifar", 64, 11_176_512 - (64 * 3 * ((7 * 7) - (3 * 3))))]
    [InlineData("resnet18", "cifar", 16, 700_176)]
    public void Parameter_counts_are_the_published_ones(string name, string stem, int width, long count)
    {
        Backbone backbone = BackboneFactory.Build(new BackboneOptions { Name = name, Stem = stem, Width = width });

        Assert.Equal(count, backbone.ParameterCount);
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet34")]
    [InlineData("resnet50")]
    public void Names_and_shapes_are_torchvisions(string name)
    {
        Backbone backbone = BackboneFactory.Build(new BackboneOptions { Name = name, Stem = "imagenet", Width = 64 });
        string[] expected = [.. File.ReadAllLines(Oracle.Path("torchvision-resnets.txt")).Where(line => line.StartsWith($"{name} ", StringComparison.Ordinal))];

        string[] actual = [.. backbone.StateDict().Select(pair => $"{name} {pair.Key} {string.Join('x', pair.Value.Shape.ToArray())}")];

        Assert.NotEmpty(expected);
        Assert.Equal(expected, actual);
    }

    /// <summary>
    /// Features and gradients of torchvision's network in float64, with weights and pictures that both sides compute. The
    /// reference's gradients are one row a parameter: norm, then five entries.
    /// </summary>
    [Theory]
    [InlineData("resnet18-cifar", "resnet18", "cifar", 32)]
    [InlineData("resnet18-imagenet", "resnet18", "imagenet", 64)]
    [InlineData("resnet50-cifar", "resnet50", "cifar", 16)]
    public void Features_and_gradients_are_torchvisions(string label, string name, string stem, int side)
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("nn-resnets.safetensors").Tensors;
        Backbone backbone = BackboneFactory.Build(new BackboneOptions { Name = name, Stem = stem, Width = 64 });
        Fill(backbone);
        var x = Tensor.From(Hashed.Singles(4 * side * side * 3, 1000), new Shape(4, side, side, 3));

        using (Scope scope = Scope.Gradient())
        {
            Tensor y = backbone.Forward(x);
            Oracle.AssertClose(expected[$"{label}.train"].Span, y.Span, 1e-4);
            scope.Backward(Ops.Sum(Ops.Multiply(y, Tensor.From(Hashed.Singles(y.Length, 1001), y.Shape))));
        }

        int row = 0, off = 0;
        Tensor gradients = expected[$"{label}.gradients"];
        foreach (var (parameterName, parameter) in backbone.NamedParameters())
        {
            off += CheckGradient(parameterName, parameter, gradients.Span.Slice(6 * row++, 6));
        }

        Assert.Equal(row, gradients.Shape[0]);
        Assert.InRange(off, 0, row * 5 / 100);
        Oracle.AssertClose(expected[$"{label}.buffers"].Span, [.. backbone.NamedBuffers().Select(pair => Norm(pair.Value.Span))], 1e-5, "buffers");

        backbone.Eval();
        using (Scope.NoGradient())
        {
            Oracle.AssertClose(expected[$"{label}.eval"].Span, backbone.Forward(x).Span, 1e-4);
        }
    }

    [Fact]
    public void Width_scales_every_stage()
    {
        Backbone narrow = BackboneFactory.Create(new BackboneOptions { Name = "resnet18", Stem = "cifar", Width = 16 }, 0);
        Backbone deep = BackboneFactory.Create(new BackboneOptions { Name = "resnet50", Stem = "imagenet", Width = 8 }, 0);

        Assert.Equal([16, 32, 64, 128], new[] { 1, 2, 3, 4 }.Select(i => narrow.StateDict()[$"layer{i}.0.conv1.weight"].Shape[0]));
        Assert.Equal((128, 256), (narrow.Dim, deep.Dim));
        using Scope scope = Scope.NoGradient();
        Assert.Equal(new Shape(2, 128), narrow.Forward(Tensor.Full(new Shape(2, 24, 24, 3), 1)).Shape);
        Assert.Equal(new Shape(2, 256), deep.Forward(Tensor.Full(new Shape(2, 40, 40, 3), 1)).Shape);
    }

    [Fact]
    public void A_zero_last_gamma_makes_every_block_begin_as_its_shortcut()
    {
        Backbone zero = BackboneFactory.Create(new BackboneOptions { ZeroInitLastGamma = true }, 0);
        Backbone one = BackboneFactory.Create(new BackboneOptions(), 0);

        Assert.All(zero.StateDict(), pair => Assert.Equal(
            pair.Key.EndsWith("bn2.weight", StringComparison.Ordinal) ? 0 : one.StateDict()[pair.Key].Span[0], pair.Value.Span[0]));
        Assert.Equal(8, zero.StateDict().Keys.Count(name => name.EndsWith("bn2.weight", StringComparison.Ordinal)));
    }

    [Fact]
    public void Convolutions_start_as_torchvisions()
    {
        Backbone backbone = BackboneFactory.Create(new BackboneOptions { Name = "resnet18", Stem = "imagenet", Width = 64 }, 3);
        Tensor weight = backbone.StateDict()["layer3.0.conv1.weight"];        // 256 × 128 × 3 × 3: fan-out 2304

        Assert.Equal(Math.Sqrt(2 / 2304.0), Norm(weight.Span) / Math.Sqrt(weight.Length), 1e-4);
        Assert.Equal(0, weight.ToArray().Average(), 5e-4);
        Assert.All(backbone.StateDict()["bn1.weight"].ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Each_stage_is_a_layer()
    {
        Backbone backbone = BackboneFactory.Create(new BackboneOptions { Name = "resnet50", Width = 4 }, 3);
        backbone.Eval();
        Tensor x = Tensor.From(Hashed.Singles(2 * 16 * 16 * 3, 1), new Shape(2, 16, 16, 3));

        IReadOnlyList<Tensor> layers = backbone.Forward(x, ["layer2", "layer4", "layer1", "last"]);

        Assert.Equal([16, 32, 64, 128], backbone.Layers.Select(backbone.Width));
        Assert.Equal([32, 128, 16, 128], layers.Select(layer => layer.Shape[1]));
        Assert.Equal(backbone.Forward(x).ToArray(), layers[1].ToArray());
        Assert.Equal(layers[1].ToArray(), layers[3].ToArray());
        Assert.Equal(backbone.Forward(x, "layer2").ToArray(), layers[0].ToArray());
        Assert.Contains("layer1, layer2, layer3, layer4", Assert.Throws<TacitException>(() => backbone.Width("block1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_than_three_channels_is_refused()
    {
        Backbone backbone = BackboneFactory.Create(new BackboneOptions(), 0);

        Assert.Throws<ShapeException>(() => backbone.Forward(Tensor.Zeros(new Shape(2, 3, 32, 32))));
    }

    /// <summary>The norm must fit; returns how many of the five sampled entries do not.</summary>
    /// <remarks>
    /// A ReLU whose input is 0 to within rounding may open here and not there; one such unit moves the gradients of its channel
    /// and a little of all before it. PyTorch's own float32 differs from its float64 by up to 2e-3 in norm for that reason.
    /// </remarks>
    private static int CheckGradient(string name, Tensor parameter, ReadOnlySpan<float> expected)
    {
        float norm = Norm(parameter.GradientSpan);
        Assert.True(Math.Abs(norm - expected[0]) <= 5e-3 * expected[0], $"The gradient of {name} has norm {norm}, expected {expected[0]}.");
        int off = 0;
        for (int i = 0; i < 5; i++)
        {
            float actual = parameter.GradientSpan[(int)((long)i * parameter.Length / 5)];
            off += Math.Abs(actual - expected[i + 1]) <= 0.05 * expected[0] / Math.Sqrt(parameter.Length) ? 0 : 1;
        }

        return off;
    }

    /// <summary>As <c>fill</c> of tests/oracle/make_nn.py.</summary>
    private static void Fill(Backbone backbone)
    {
        int salt = 0;
        foreach (var (name, parameter) in backbone.NamedParameters())
        {
            double[] values = Hashed.Doubles(parameter.Length, salt++);
            double scale = parameter.Rank == 4 ? Math.Sqrt(3) * Math.Sqrt(2.0 / Initializers.FanOut(parameter.Shape)) : 0.2;
            double shift = parameter.Rank == 4 ? 0
                : name.EndsWith("bn3.weight", StringComparison.Ordinal) ? 0.25
                : name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0;
            for (int i = 0; i < values.Length; i++)
            {
                parameter.Span[i] = (float)((scale * values[i]) + shift);
            }
        }
    }

    private static float Norm(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += (double)value * value;
        }

        return (float)Math.Sqrt(sum);
    }
}
