using Tacit.Evaluation;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.FineTuning;

public sealed class DepthGroupsTests
{
    [Theory]
    [InlineData("resnet18", "conv1.weight", 0)]
    [InlineData("resnet18", "bn1.bias", 0)]
    [InlineData("resnet18", "layer1.0.conv1.weight", 1)]
    [InlineData("resnet18", "layer4.1.bn2.weight", 4)]
    [InlineData("vit", "conv_proj.weight", 0)]
    [InlineData("vit", "encoder.layers.encoder_layer_0.ln_1.weight", 1)]
    [InlineData("vit", "encoder.layers.encoder_layer_5.mlp.0.weight", 6)]
    [InlineData("vit", "encoder.ln.weight", 7)]
    [InlineData("wav2vec2", "masked_spec_embed", 0)]
    [InlineData("wav2vec2", "feature_extractor.conv_layers.6.conv.weight", 0)]
    [InlineData("wav2vec2", "encoder.pos_conv_embed.conv.bias", 0)]
    [InlineData("wav2vec2", "encoder.layer_norm.weight", 0)]
    [InlineData("wav2vec2", "encoder.layers.3.final_layer_norm.bias", 4)]
    [InlineData("gru", "rnn_layers.2.weight_hh_l0", 3)]
    [InlineData("fbank-transformer", "encoder.layer.1.attention.self.query.weight", 2)]
    [InlineData("audiontt", "features.9.weight", 3)]
    [InlineData("audiontt", "fc.3.weight", 5)]
    public void A_parameter_lies_as_deep_as_its_name_tells(string backbone, string name, int depth)
    {
        Backbone built = BackboneFactory.Create(ModelOptionsOf(backbone), 0);
        int at = built.NamedParameters().Select(p => p.Key).ToList().IndexOf(name);

        Assert.True(at >= 0, $"{backbone} has {string.Join(' ', built.NamedParameters().Select(p => p.Key))}");
        Assert.Equal(depth, DepthGroups.Depths(built).Depths[at]);
    }

    [Fact]
    public void Rates_fall_from_the_head_down_and_norms_are_spared_from_decay()
    {
        Backbone built = BackboneFactory.Create(new BackboneOptions { Width = 4 }, 0);
        IReadOnlyList<ParameterGroup> groups = DepthGroups.Of(built, 0.5, 0.05);

        // Four stages and a head: layer4 learns at ½, layer3 at ¼ … the stem at 1/32; of each the weights, then what is spared.
        Assert.Equal([1 / 32.0, 1 / 32.0, 1 / 16.0, 1 / 16.0, 1 / 8.0, 1 / 8.0, 1 / 4.0, 1 / 4.0, 1 / 2.0, 1 / 2.0], groups.Select(g => g.LrScale));
        Assert.Equal([0.05, 0, 0.05, 0, 0.05, 0, 0.05, 0, 0.05, 0], groups.Select(g => g.WeightDecay));
        Assert.All(groups, g => Assert.All(g.Parameters, p => Assert.Equal(g.WeightDecay > 0, p.Rank > 1)));
        Assert.Equal(built.Parameters().Order(Comparer<Tensor>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))).Select(p => p.Name), groups.SelectMany(g => g.Parameters).Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_architecture_has_as_many_depths_as_layers_that_can_be_told_apart()
    {
        foreach (string name in BackboneFactory.Names.Where(n => n is not "resnet34" and not "resnet50"))
        {
            (int[] depths, int head) = DepthGroups.Depths(BackboneFactory.Create(ModelOptionsOf(name), 0));
            Assert.True(head >= 2, $"{name}: the head lies at {head}");
            Assert.Equal(Enumerable.Range(1, head - 1), depths.Distinct().Where(d => d > 0 && d < head).Order());
        }
    }

    private static BackboneOptions ModelOptionsOf(string name) => Tacit.Training.ModelOptions.OfBackbone(name).Backbone;
}
