using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class VisionTransformerTests
{
    private static readonly BackboneOptions Mean = new() { Name = "vit", PatchSize = 8, Depth = 2, Dim = 48, Heads = 3 };
    private static readonly BackboneOptions Token = Mean with { Positions = "learned", Pool = "token" };

    [Fact]
    public void Names_and_shapes_are_torchvisions() => Assert.Equal(
        ModelOracle.Lines("vit.names"),
        BackboneFactory.Build(Token).StateDict().Select(pair => $"{pair.Key} {string.Join('x', pair.Value.Shape.ToArray())}"));

    /// <summary>vit.other has pictures of 24 × 40: learned positions go from 4 × 4 to 3 × 5 patches, and gradients back.</summary>
    [Theory]
    [InlineData("vit.token", true, 32, 32, 1000)]
    [InlineData("vit.mean", false, 32, 32, 1000)]
    [InlineData("vit.other", true, 24, 40, 1002)]
    public void Features_and_gradients_are_torchvisions(string label, bool token, int height, int width, int salt)
    {
        OrderedDictionary<string, Tensor> expected = ModelOracle.Read();
        Backbone vit = BackboneFactory.Build(token ? Token : Mean);
        ModelOracle.Fill(vit);
        Tensor x = ModelOracle.Numbers(new Shape(2, height, width, 3), salt);

        using Scope scope = Scope.Gradient();
        Tensor y = vit.Forward(x);
        Oracle.AssertClose(expected[$"{label}.y"].Span, y.Span, 1e-5);
        scope.Backward(ModelOracle.Loss(y));

        ModelOracle.AssertGradients(expected[$"{label}.gradients"], vit);
    }

    /// <summary>torchvision's vit_b_16 has 86,567,656 parameters, 769,000 of them in its head.</summary>
    [Theory]
    [InlineData("large", 86_567_656 - (768 * 1000) - 1000)]
    [InlineData("base", (12 * ((12 * 384 * 384) + (13 * 384))) + (384 * 49) + (65 * 384) + 384 + (2 * 384))]
    [InlineData("small", (6 * ((12 * 192 * 192) + (13 * 192))) + (192 * 49) + (2 * 192))]
    public void Presets_have_the_published_numbers_of_parameters(string preset, long count) =>
        Assert.Equal(count, BackboneFactory.Build(ModelOptions.OfPreset("vit", preset).Backbone).ParameterCount);

    [Fact]
    public void Encoding_all_patches_is_the_whole_forward()
    {
        foreach (BackboneOptions options in new[] { Mean, Token })
        {
            var vit = (VisionTransformer)BackboneFactory.Create(options, 1);
            Tensor x = ModelOracle.Numbers(new Shape(2, 32, 32, 3), 1);
            var layers = new List<Tensor>();

            Tensor encoded = vit.Encode(vit.Embed(x), layers);

            Assert.Equal(new Shape(2, vit.HasClassToken ? 17 : 16, 48), encoded.Shape);
            Assert.Equal(2, layers.Count);
            Assert.All(layers, layer => Assert.Equal(encoded.Shape, layer.Shape));
            Assert.Equal(vit.Forward(x).ToArray(), vit.Pool(encoded).ToArray());
        }
    }

    /// <summary>Without positions a transformer does not know the order of its tokens: kept in any order the mean is the same.</summary>
    [Fact]
    public void Some_patches_are_encoded_as_if_the_others_did_not_exist()
    {
        var vit = (VisionTransformer)BackboneFactory.Create(Mean, 1);
        Tensor x = ModelOracle.Numbers(new Shape(2, 32, 32, 3), 1), tokens = vit.Embed(x);
        int[] places = [3, 7, 12, 0, 15, 4], reversed = [12, 7, 3, 4, 15, 0];

        float[] some = vit.Pool(vit.Encode(Tokens.Keep(tokens, places))).ToArray();

        Oracle.AssertClose(some, vit.Pool(vit.Encode(Tokens.Keep(tokens, reversed))).Span, 1e-5);
        // Patches that are not kept may hold anything.
        Tensor other = x.ToLasting();
        other.Span[..(8 * 3)].Fill(5);              // the first patch's first row, of the first picture: place 0 is not among its three
        Assert.Equal(some, vit.Pool(vit.Encode(Tokens.Keep(vit.Embed(other), places))).ToArray());
        Assert.NotEqual(vit.Forward(x).ToArray(), vit.Forward(other).ToArray());
    }

    [Fact]
    public void Layers_are_pooled_as_the_next_one_sees_them()
    {
        var vit = (VisionTransformer)BackboneFactory.Create(Token with { Depth = 3 }, 2);
        Tensor x = ModelOracle.Numbers(new Shape(2, 32, 32, 3), 1);

        IReadOnlyList<Tensor> all = vit.Forward(x, ["block1", "block3", Backbone.Last]);

        Assert.Equal(["block1", "block2", "block3"], vit.Layers);
        Assert.Equal(vit.Forward(x, "block1").ToArray(), all[0].ToArray());
        Assert.Equal(vit.Forward(x).ToArray(), all[1].ToArray());
        Assert.Equal(all[1].ToArray(), all[2].ToArray());
        // The norm begins without scale and shift: what comes out of it has mean 0 and variance 1.
        Assert.Equal(0, all[0].Rows(0, 1).ToArray().Average(), 1e-5);
        Assert.Equal(1, all[0].Rows(0, 1).ToArray().Average(v => v * v), 1e-3);
        Assert.Equal(
            "vit has no layer 'block4'; choose one of block1, block2, block3, or last for block3.",
            Assert.Throws<TacitException>(() => vit.Forward(x, "block4")).Message);
    }

    [Fact]
    public void Pictures_that_cannot_be_cut_are_refused()
    {
        Backbone vit = BackboneFactory.Create(Mean, 0);

        Assert.Equal(
            "Pictures of 32 × 30 pixels cannot be cut into patches of 8 × 8: give a side (data.size) that is a multiple of the patch (model.patch-size).",
            Assert.Throws<TacitException>(() => vit.Forward(Tensor.Zeros(new Shape(1, 30, 32, 3)))).Message);
        Assert.Throws<ShapeException>(() => vit.Forward(Tensor.Zeros(new Shape(1, 3, 32, 32))));
        Assert.Contains("model.side", Assert.Throws<TacitException>(() => BackboneFactory.Build(Token with { Side = 30 })).Message, StringComparison.Ordinal);
        Assert.Contains("multiple of 4", Assert.Throws<TacitException>(() => BackboneFactory.Build(Mean with { Dim = 6 })).Message, StringComparison.Ordinal);
        Assert.Contains("positions 'rotary'", Assert.Throws<TacitException>(() => BackboneFactory.Build(Mean with { Positions = "rotary" })).Message, StringComparison.Ordinal);
        Assert.Contains("0 blocks", Assert.Throws<TacitException>(() => BackboneFactory.Build(Mean with { Depth = 0 })).Message, StringComparison.Ordinal);
    }

    /// <summary>The last block is dropped with the probability given, the first never: with 0.999 of two blocks one is left.</summary>
    [Fact]
    public void Drop_path_rises_from_nothing()
    {
        Backbone dropping = BackboneFactory.Create(Mean with { DropPath = 0.999f }, 1), one = BackboneFactory.Create(Mean with { Depth = 1 }, 1);
        Tensor x = ModelOracle.Numbers(new Shape(2, 32, 32, 3), 1);

        using Scope scope = Scope.Gradient(seed: 1);
        Assert.Equal(one.Forward(x).ToArray(), dropping.Forward(x).ToArray());
        dropping.Eval();
        Assert.NotEqual(one.Forward(x).ToArray(), dropping.Forward(x).ToArray());
    }
}
