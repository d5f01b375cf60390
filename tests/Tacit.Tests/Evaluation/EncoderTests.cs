using Tacit.Data;
using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Data.Pictures;
using Tacit.Evaluation;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Tests.Evaluation;

public sealed class EncoderTests
{
    private static readonly PictureInput Input = new(8, new Normalization([0.5f, 0.25f, 0], [0.5f, 0.25f, 1]));

    [Fact]
    public void Raw_is_the_normalised_pixels_in_their_order()
    {
        using PictureDataset data = Pictures(3);
        Features features = Encoder.Raw(Input).Extract(data);

        Assert.Equal(new Shape(3, 8 * 8 * 3), features.Values.Shape);
        byte[] pixels = data.Decode(2).Pixels;
        for (int p = 0; p < 64; p++)
        {
            Assert.Equal(((pixels[3 * p] / 255.0) - 0.5) / 0.5, features.Values[2, 3 * p], 1e-5);
            Assert.Equal(((pixels[(3 * p) + 1] / 255.0) - 0.25) / 0.25, features.Values[2, (3 * p) + 1], 1e-5);
            Assert.Equal(pixels[(3 * p) + 2] / 255.0, features.Values[2, (3 * p) + 2], 1e-5);
        }
    }

    [Fact]
    public void Untrained_is_the_same_for_the_same_seed_only()
    {
        using PictureDataset data = Pictures(4);
        float[] a = Encoder.Open("random:resnet18", Input, 3).Extract(data).Values.ToArray();

        Assert.Equal(a, Encoder.Open("random:resnet18", Input, 3).Extract(data).Values.ToArray());
        Assert.NotEqual(a, Encoder.Open("random:resnet18", Input, 4).Extract(data).Values.ToArray());
    }

    [Fact]
    public void A_layer_is_part_of_the_name_and_several_come_from_one_pass()
    {
        using PictureDataset data = Pictures(5);
        Encoder encoder = Encoder.Random(new BackboneOptions { Width = 4 }, Input, 1), first = encoder.At("layer1");

        IReadOnlyList<Features> both = encoder.Extract(data, ["layer1", Backbone.Last]);

        Assert.Equal(("random:resnet18", "random:resnet18@layer1"), (encoder.Name, first.Name));
        Assert.Equal(["layer1", "layer2", "layer3", "layer4"], encoder.Layers);
        Assert.Equal((4, 32), (first.Dim, encoder.Dim));
        Assert.Equal(first.Extract(data).Values.ToArray(), both[0].Values.ToArray());
        Assert.Equal(encoder.Extract(data).Values.ToArray(), both[1].Values.ToArray());
        Assert.Equal("random:resnet18@layer1", first.Untrained().Name);
        Assert.False(first.IsTrained);
        Assert.Contains("layer1, layer2, layer3, layer4", Assert.Throws<TacitException>(() => encoder.At("block1")).Message, StringComparison.Ordinal);
        Assert.Contains("pixels have no layers", Assert.Throws<TacitException>(() => Encoder.Raw(Input).At("layer1")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("random:vit", 10, 8, 192)]
    [InlineData("random:vit", 3, 4, 192)]
    [InlineData("random:pixel-transformer", 10, 16, 0)]
    public void An_untrained_transformer_is_shown_a_side_it_can_take(string name, int wanted, int side, int dim)
    {
        using PictureDataset data = Pictures(2);
        Encoder encoder = Encoder.Open(name, Input with { Size = wanted });

        Assert.Equal(side, ((PictureInput)encoder.Input).Size);
        Assert.Equal(dim == 0 ? ModelOptions.OfBackbone("pixel-transformer").Backbone.Dim : dim, encoder.Extract(data).Values.Shape[1]);
    }

    [Fact]
    public void A_picture_has_the_same_features_in_any_company()
    {
        using PictureDataset many = Pictures(130), few = Pictures(3);     // 130: more than one batch
        Encoder encoder = Encoder.Random(new BackboneOptions { Width = 4 }, Input, 1);
        Tensor together = encoder.Extract(many).Values, apart = encoder.Extract(few).Values;

        Assert.Equal(apart.ToArray(), together.Rows(0, 3).ToArray());
    }

    [Fact]
    public void A_run_and_its_encoder_file_give_the_weights_that_were_written()
    {
        using var folder = new TemporaryFolder();
        using PictureDataset data = Pictures(4);
        RunConfig config = ConfigBinder.Bind("simclr", null, ["model.width=4", "data.size=8", "train.seed=5", "data.mean=0.5,0.25,0", "data.deviation=0.5,0.25,1"]);
        Backbone backbone = BackboneFactory.Create(config.Model.Backbone, 77);
        Directory.CreateDirectory(folder["first"]);
        File.WriteAllText(Path.Combine(folder["first"], "config.yaml"), ConfigBinder.ToYaml(config));
        EncoderFile.Write(Path.Combine(folder["first"], "encoder.safetensors"), backbone, config);
        var elsewhere = new PictureInput(16, Normalization.None);

        Encoder run = Encoder.Open(folder["first"], elsewhere), file = Encoder.Open(Path.Combine(folder["first"], "encoder.safetensors"), elsewhere);

        float[] expected = Encoder.Random(config.Model.Backbone, Input, 77).Extract(data).Values.ToArray();
        Assert.Equal(("first", "encoder", Input), (run.Name, file.Name, run.Input));
        Assert.Equal(expected, run.Extract(data).Values.ToArray());
        Assert.Equal(expected, file.Extract(data).Values.ToArray());

        // The baseline has the run's architecture, input and seed: what the run began with.
        Assert.Equal(("random:resnet18", 5UL, Input), (run.Untrained().Name, run.Untrained().Seed, run.Untrained().Input));
        var method = MethodCatalog.Get("simclr").Create(BackboneFactory.Build(config.Model.Backbone), config.Method);
        method.Initialize(5);
        Assert.Equal(method.Backbone.StateDict()["conv1.weight"].ToArray(), BackboneFactory.Create(config.Model.Backbone, 5).StateDict()["conv1.weight"].ToArray());
    }

    [Fact]
    public void Broken_pictures_are_left_out_and_the_rows_say_who_is_left()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 4; i++)
        {
            byte[] whole = [.. "P5\n8 8\n255\n"u8, .. Enumerable.Repeat((byte)(40 * i), 64)];
            File.WriteAllBytes(folder[$"{i}.pgm"], i == 1 ? whole[..20] : whole);
        }

        using PictureDataset data = PictureDataset.Open(folder.Root);
        Features features = Encoder.Raw(new PictureInput(8, Normalization.None)).Extract(data);

        Assert.Equal(3, features.Values.Shape[0]);
        Assert.Equal([0f, 80 / 255f, 120 / 255f], new[] { features.Values[0, 0], features.Values[1, 0], features.Values[2, 0] }, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(["0.pgm", "2.pgm", "3.pgm"], features.Items.Select(i => data.Names[i]));
    }

    [Fact]
    public void What_does_not_exist_is_an_error_that_says_what_does()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.yaml"], ConfigBinder.ToYaml(ConfigBinder.Bind("simclr", null, [])));

        Assert.Contains("random:BACKBONE", Assert.Throws<TacitException>(() => Encoder.Open("no-such-run", Input)).Message, StringComparison.Ordinal);
        Assert.Contains("resnet34", Assert.Throws<TacitException>(() => Encoder.Open("random:resnet99", Input)).Message, StringComparison.Ordinal);
        Assert.Contains("--resume", Assert.Throws<TacitException>(() => Encoder.Open(folder.Root, Input)).Message, StringComparison.Ordinal);
    }

    private static PictureDataset Pictures(int count) => PictureDataset.Of(
        "pictures", [.. Enumerable.Range(0, count).Select(i => new Picture(8, 8, 3, [.. Enumerable.Range(0, 192).Select(p => (byte)((p * (i + 3) * 37) + (i * 11)))]))]);

    [Fact]
    public void A_folder_as_hugging_face_publishes_it_is_an_encoder()
    {
        using var folder = new TemporaryFolder();
        var body = new Wav2Vec2Encoder(Wav2Vec2Options.Small with { ConvDims = [.. Enumerable.Repeat(8, 7)], Dim = 16, Layers = 2, Heads = 2, FeedForward = 32, PositionKernel = 8 });
        body.Initialize(3);
        new PublishedEncoder("wav2vec2", body, normalize: true).Save(folder["model"]);
        body.Eval();
        float[] sound = [.. Enumerable.Range(0, 4000).Select(i => 0.2f * MathF.Sin(i * 0.05f) * MathF.Sin(i * 0.0007f))];
        using SoundDataset data = SoundDataset.Of("one", [sound]);

        Encoder encoder = Encoder.Open(folder["model"], new SoundInput());
        Features features = encoder.Extract(data);

        using Scope scope = Scope.NoGradient();
        Tensor waves = new PublishedEncoder("wav2vec2", body, normalize: true).Prepare(Tensor.From(sound, new Shape(1, sound.Length)));
        float[] expected = Ops.Mean(body.Encode(waves), 1).Span.ToArray();
        Assert.Equal(("model", 16), (encoder.Name, encoder.Dim));
        Assert.All(expected.Zip(features.Values.Span.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Contains("config.json", Assert.Throws<TacitException>(() => Encoder.Open(folder.Root, new SoundInput())).Message, StringComparison.Ordinal);
    }
}
