using Tacit.Data;
using Tacit.Data.Pictures;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Training;

public sealed class ModelOptionsTests
{
    [Fact]
    public void A_name_of_another_architecture_brings_its_preset_whatever_the_order()
    {
        BackboneOptions small = Bind("model.name=vit"), large = Bind("model.depth=5", "model.name=vit", "model.preset=large");

        Assert.Equal(new BackboneOptions { Name = "vit", Depth = 6, Dim = 192, Heads = 3, PatchSize = 4, Positions = "sincos", Pool = "mean" }, small);
        Assert.Equal((5, 768, 12, 16, "learned", "token"), (large.Depth, large.Dim, large.Heads, large.PatchSize, large.Positions, large.Pool));
        Assert.Equal(("resnet34", 64), (Bind("model.name=resnet34", "model.preset=base").Name, Bind("model.name=resnet34", "model.preset=base").Width));
    }

    [Fact]
    public void A_configuration_lists_the_parts_that_its_encoder_has_and_comes_back()
    {
        RunConfig config = ConfigBinder.Bind("simclr", null, ["model.preset=base", "model.name=vit", "model.layer-scale=0.1", "model.drop-path=0.2"]);
        string[] keys = [.. ConfigBinder.Values(config).Select(pair => pair.Key).Where(key => key.StartsWith("model.", StringComparison.Ordinal))];
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.yaml"], ConfigBinder.ToYaml(config));

        Assert.Equal(
            ["depth", "dim", "drop-path", "heads", "layer-scale", "mlp-ratio", "name", "patch-size", "pool", "positions", "preset", "side"],
            keys.Select(key => key["model.".Length..]).Order(StringComparer.Ordinal));
        Assert.Equal(config.Model, ConfigBinder.Read(folder["config.yaml"]).Model);
    }

    [Theory]
    [InlineData("model.depth=4", "model.depth: '4' cannot be set: only transformers and encoders of sound have it.")]
    [InlineData("model.patch-size=4", "model.patch-size: '4' cannot be set: only vision transformers have it.")]
    [InlineData("model.name=vit;model.width=8", "model.width: '8' cannot be set: only residual networks have it.")]
    [InlineData("model.name=vit;model.positions=rotary", "model.positions: 'rotary' is none of sincos, learned.")]
    [InlineData("model.name=vit;model.drop-path=1", "model.drop-path: '1' is out of range: it must be from 0 to below 1.")]
    public void A_part_that_the_encoder_does_not_have_is_refused(string settings, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigurationException>(() => Bind(settings.Split(';'))).Message);

    [Fact]
    public void An_encoder_is_made_for_the_side_of_the_pictures_it_will_see()
    {
        Assert.Equal((24, 24), Sides("model.name=vit"));                                  // pictures of 24
        Assert.Equal((24, 48), Sides("model.name=vit", "model.side=48"));                 // learned positions may be interpolated
        Assert.Equal((20, 20), Sides("model.name=vit", "model.patch-size=5"));
        Assert.Equal((12, 12), Sides("model.name=pixel-transformer", "data.size=12"));
        Assert.Equal((8, 8), Sides("model.name=pixel-transformer", "model.side=8"));
        Assert.Equal(
            "model.side: the encoder is made for pictures of side 8 alone, and data.size is 12; give both the same value.",
            Assert.Throws<ConfigurationException>(() => Sides("model.name=pixel-transformer", "model.side=8", "data.size=12")).Message);
        Assert.Contains("data.sizes", Assert.Throws<ConfigurationException>(() => Sides("model.name=pixel-transformer", "data.size=16", "data.sizes=8@0.5,16")).Message, StringComparison.Ordinal);
    }

    private static BackboneOptions Bind(params string[] settings) => ConfigBinder.Bind("simclr", null, settings).Model.Backbone;

    private static (int Data, int Model) Sides(params string[] settings)
    {
        using var data = PictureDataset.Of("squares", [.. Enumerable.Range(0, 4).Select(i => new Picture(24, 24, 3, new byte[24 * 24 * 3]))]);
        RunConfig config = ConfigResolver.ForData(ConfigBinder.Bind("simclr", null, settings), data, _ => { });
        return (config.Data.Size!.Value, config.Model.Backbone.Side);
    }
}
