using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class TransformerBlockTests
{
    [Theory]
    [InlineData("block", false)]
    [InlineData("block.causal", true)]
    public void Output_and_gradients_are_torchvisions(string label, bool causal)
    {
        OrderedDictionary<string, Tensor> expected = ModelOracle.Read();
        var block = new TransformerBlock(24, 3, causal: causal);
        ModelOracle.Fill(block);
        var x = Tensor.Parameter(new Shape(2, 7, 24));
        Hashed.Singles(x.Length, 1000).CopyTo(x.Span);

        using (Scope scope = Scope.Gradient())
        {
            Tensor y = block.Forward(x);
            Oracle.AssertClose(expected[$"{label}.y"].Span, y.Span, 1e-5);
            scope.Backward(ModelOracle.Loss(y));
        }

        Oracle.AssertClose(expected[$"{label}.dx"].Span, x.GradientSpan, 1e-5);
        ModelOracle.AssertGradients(expected[$"{label}.gradients"], block);
        Assert.Equal(ModelOracle.Lines($"{label}.names"), block.NamedParameters().Select(pair => pair.Key));
    }

    [Fact]
    public void Layer_scale_is_a_factor_of_each_branch()
    {
        var plain = new TransformerBlock(8, 2);
        var scaled = new TransformerBlock(8, 2, layerScale: 0.25f);
        plain.Initialize(1);
        scaled.Initialize(1);
        Tensor x = ModelOracle.Numbers(new Shape(1, 3, 8), 1);
        // With the second branch switched off what is left of the first one is a quarter.
        foreach (TransformerBlock block in new[] { plain, scaled })
        {
            block.StateDict()["mlp.3.weight"].Span.Clear();
        }

        float[] whole = plain.Forward(x).ToArray(), part = scaled.Forward(x).ToArray();

        Assert.Equal(["ls1.gamma", "ls2.gamma"], scaled.StateDict().Keys.Except(plain.StateDict().Keys));
        Assert.Contains(whole.Zip(x.ToArray()), pair => Math.Abs(pair.First - pair.Second) > 0.01);
        Oracle.AssertClose([.. whole.Zip(x.ToArray(), (y, start) => start + ((y - start) / 4))], part, 1e-6);
    }

    [Fact]
    public void A_causal_place_does_not_see_the_next()
    {
        var block = new TransformerBlock(8, 2, causal: true);
        block.Initialize(1);
        Tensor x = ModelOracle.Numbers(new Shape(1, 6, 8), 1), other = x.ToLasting();
        other.Span[(5 * 8)..].Fill(9);

        float[] a = block.Forward(x).ToArray(), b = block.Forward(other).ToArray();

        Assert.Equal(a[..(5 * 8)], b[..(5 * 8)]);
        Assert.NotEqual(a[(5 * 8)..], b[(5 * 8)..]);
        Assert.NotEqual(block.Forward(x, causal: false).ToArray()[..8], block.Forward(other, causal: false).ToArray()[..8]);
    }

    [Fact]
    public void Heads_that_do_not_share_the_width_are_refused() =>
        Assert.Equal("A transformer of width 10 cannot have 3 heads: the width must be a multiple of the heads.", Assert.Throws<TacitException>(() => new TransformerBlock(10, 3)).Message);
}
