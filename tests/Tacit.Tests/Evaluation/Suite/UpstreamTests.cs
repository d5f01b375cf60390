using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Evaluation;
using Tacit.Evaluation.Suite;
using Tacit.Models;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation.Suite;

public sealed class UpstreamTests
{
    private static SoundDataset Sounds() => SoundDataset.Of("made", [.. Enumerable.Range(0, 3).Select(i => TinySuite.Tone(400, i, 0, 9000 + (777 * i)))], TinySuite.Rate);

    private static Tensor[] States(Upstream upstream, SoundDataset sounds) => [.. upstream.States(sounds).Select(s => s.States)];

    [Fact]
    public void Raw_is_FBANK_with_differences_that_keeps_what_averages_tell()
    {
        using SoundDataset loud = SoundDataset.Of("loud", [TinySuite.Tone(400, 0, 0, 16000)], TinySuite.Rate);
        using SoundDataset soft = SoundDataset.Of("soft", [[.. TinySuite.Tone(400, 0, 0, 16000).Select(x => x / MathF.E)]], TinySuite.Rate);
        var raw = Upstream.Open("raw");
        Tensor a = States(raw, loud)[0], b = States(raw, soft)[0];

        Assert.Equal(new Shape(1, 98, 240), a.Shape);
        Assert.Equal((100.0, 160), (raw.StateRate, raw.Hop));

        // Power e² times smaller: every bin is 2 / 3.8 lower, and differences are the same.
        Assert.Equal(2 / 3.80, a[0, 50, 10] - b[0, 50, 10], 1e-3);
        Assert.Equal(a[0, 50, 90], b[0, 50, 90], 1e-2);
    }

    [Fact]
    public void FBANK_normalised_by_the_recording_has_nothing_left_in_its_mean()
    {
        using SoundDataset sounds = Sounds();
        Tensor states = States(Upstream.Open("raw:cmvn"), sounds)[2];
        int frames = states.Shape[1];

        for (int d = 0; d < 240; d += 20)
        {
            double[] own = [.. Enumerable.Range(0, frames).Select(t => (double)states[0, t, d])];
            Assert.Equal(0, own.Average(), 1e-4);
            Assert.Equal(1, own.Average(x => x * x), 1e-3);
        }
    }

    [Fact]
    public void An_encoder_of_sequences_gives_all_layers_of_its_last_ones_width()
    {
        using SoundDataset sounds = Sounds();
        var upstream = Upstream.Open("random:gru", seed: 4);
        Tensor[] states = States(upstream, sounds);
        Tensor[] last = [.. Encoder.Open("random:gru", new SoundInput(), 4).Frames(sounds).Select(f => f.States)];

        Assert.Equal(["layer1", "layer2", "layer3"], upstream.Layers);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(new Shape(3, last[i].Shape[0], 256), states[i].Shape);
            Oracle.AssertClose(last[i].Span, states[i].Rows(2, 1).Span, 1e-5);
        }
    }

    [Fact]
    public void Hops_follow_the_strides_of_the_encoder()
    {
        Assert.Equal((320, 50.0), (Upstream.Open("random:wav2vec2").Hop, Upstream.Open("random:wav2vec2").StateRate));
        Assert.Equal((160, 100.0), (Upstream.Open("random:cpc").Hop, Upstream.Open("random:cpc").StateRate));
        Assert.Equal(320, Upstream.Open("random:audiontt").Hop);      // every quarter of 8 frames of 160 samples
    }

    [Fact]
    public void An_encoder_of_pictures_is_slid_by_quarters_of_its_stride()
    {
        using SoundDataset sounds = SoundDataset.Of("one", [TinySuite.Tone(400, 0, 0, 16000)], TinySuite.Rate);
        var encoder = Encoder.Open("random:audiontt", new SoundInput(), 0);
        Tensor states = States(Upstream.Of(encoder), sounds)[0];
        Batch batch = Assert.Single(encoder.Input.Batches(sounds, 1).ToArray());
        int columns = batch.Views.Shape[1] / 8, row = batch.Views.Shape[2];
        AudioNtt network = ((AudioNttBackbone)encoder.Backbone!).Encoder;

        Assert.Equal(new Shape(1, 4 * columns, encoder.Dim), states.Shape);
        using Scope scope = Scope.NoGradient();
        for (int s = 0; s < 4; s++)
        {
            // The picture from frame 2s on, what lies behind its end being zero.
            float[] shown = new float[8 * columns * row];
            ReadOnlySpan<float> rest = batch.Views.Span[(2 * s * row)..];
            rest[..Math.Min(rest.Length, shown.Length)].CopyTo(shown);
            Tensor expected = network.Frames(Tensor.From(shown, new Shape(1, 8 * columns, row, 1)));
            for (int c = 0; c < columns; c++)
            {
                Oracle.AssertClose(expected.Reshape(columns, -1).Rows(c, 1).Span, states.Reshape(4 * columns, -1).Rows((4 * c) + s, 1).Span, 1e-5);
            }
        }
    }

    [Theory]
    [InlineData("random:resnet18")]
    [InlineData("random:cpc")]
    public void Every_kind_of_encoder_has_states_that_differ_over_time(string name)
    {
        using SoundDataset sounds = Sounds();
        Tensor states = States(Upstream.Open(name), sounds)[1];

        Assert.InRange(states.Shape[1], 20, 70);
        int width = states.Shape[2];
        Assert.NotEqual(states.Span[..width].ToArray(), states.Span.Slice(5 * width, width).ToArray());
    }

    /// <summary>The map of a network of stride 32 is read every 40 ms: fine enough for the letters of speech.</summary>
    [Fact]
    public void A_network_of_wide_strides_is_shown_the_picture_more_often()
    {
        using SoundDataset sounds = Sounds();
        var network = (ResNet)BackboneFactory.Build(new BackboneOptions { Name = "resnet18", Width = 4, Stem = "imagenet", Channels = 1 });
        network.Initialize(1);
        network.Eval();
        var upstream = new PictureUpstream("wide", (SoundInput)Encoder.Open("random:resnet18", new SoundInput(), 0).Input, network);
        Assert.Equal(32, network.Stride);
        Assert.Equal(25, upstream.StateRate);
        Tensor states = States(upstream, sounds)[1];
        Assert.Equal(0, states.Shape[1] % 8);
        int width = states.Shape[2];
        Assert.NotEqual(states.Span[..width].ToArray(), states.Span.Slice(width, width).ToArray());
    }

    [Fact]
    public void What_is_not_there_or_not_finished_is_said()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);

        Assert.Contains("There is no run", Assert.Throws<TacitException>(() => Upstream.Open(folder["none"])).Message, StringComparison.Ordinal);
        Assert.Contains("is not a run", Assert.Throws<TacitException>(() => Upstream.Open(folder["empty"])).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["begun"]);
        File.WriteAllText(Path.Combine(folder["begun"], "config.yaml"), "method: apc\n");
        Assert.Contains("is not finished", Assert.Throws<TacitException>(() => Upstream.Open(folder["begun"])).Message, StringComparison.Ordinal);
    }
}
