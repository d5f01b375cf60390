using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models.Speech;

public sealed class Wav2Vec2EncoderTests
{
    [Theory]
    [InlineData("base")]
    [InlineData("base.published")]
    [InlineData("large")]
    [InlineData("wavlm")]
    [InlineData("wavlm.large")]
    [InlineData("data2vec")]
    public void Every_layer_and_every_gradient_is_the_references(string name)
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("wav2vec2.safetensors").Tensors;
        Wav2Vec2Encoder encoder = Filled(SpeechOracle.Options(name));
        Tensor waves = Tensor.Parameter(new Shape(2, 331));
        SpeechOracle.Waves().Span.CopyTo(waves.Span);
        int[] frames = encoder.FrameLengths(SpeechOracle.Lengths), compared = name == "base.published" ? [frames[0], frames[0]] : frames;
        Assert.Equal([16, 12], frames);

        using Scope scope = Scope.Gradient();
        List<Tensor> hidden = [], branches = [];
        Tensor features = encoder.Features(waves, SpeechOracle.Lengths);
        Tensor last = encoder.Context(encoder.Project(features).Projected, frames, hidden, branches);

        Assert.Same(last, hidden[^1]);
        AssertStates(expected[$"{name}.hidden"], hidden, compared);
        Tensor loss = hidden.Select((state, i) => SpeechOracle.Loss(state, 1001 + i, compared)).Aggregate(Ops.Add);
        if (expected.TryGetValue($"{name}.branches", out Tensor? results))
        {
            AssertStates(results, branches, compared);
            loss = branches.Select((state, i) => SpeechOracle.Loss(state, 1101 + i, compared)).Aggregate(loss, Ops.Add);
        }

        scope.Backward(loss);
        Oracle.AssertClose(expected[$"{name}.wave_gradient"].Span, waves.GradientSpan, 2e-5);
        SpeechOracle.AssertGradients(expected[$"{name}.gradients"], encoder);
    }

    [Theory]
    [InlineData("base")]
    [InlineData("large")]
    [InlineData("wavlm")]
    [InlineData("data2vec")]
    public void What_stands_in_padding_changes_no_bit_of_a_result(string name)
    {
        Wav2Vec2Encoder encoder = Filled(SpeechOracle.Options(name));
        Tensor waves = SpeechOracle.Waves(), louder = SpeechOracle.Waves();
        louder.Span[(331 + 250)..].Fill(3e4f);
        float[] Second(Tensor x) => SpeechOracle.Real(encoder.Encode(x, SpeechOracle.Lengths), [16, 12])[(16 * SpeechOracle.Dim)..];

        float[] alone = encoder.Encode(Tensor.From(waves.Span[331..(331 + 250)], new Shape(1, 250))).ToArray();

        Assert.Equal(Second(waves), Second(louder));
        Oracle.AssertClose(alone, Second(waves), 1e-6);
    }

    [Fact]
    public void A_published_group_norm_hears_padding()
    {
        Wav2Vec2Encoder encoder = Filled(SpeechOracle.Options("base.published"));
        Tensor waves = SpeechOracle.Waves(), louder = SpeechOracle.Waves();
        louder.Span[(331 + 250)..].Fill(1);

        Assert.Equal(encoder.Encode(waves).ToArray(), encoder.Encode(waves, SpeechOracle.Lengths).ToArray());
        Assert.NotEqual(encoder.Encode(waves, SpeechOracle.Lengths).ToArray()[(16 * 12)..], encoder.Encode(louder, SpeechOracle.Lengths).ToArray()[(16 * 12)..]);
    }

    // The published encoders' own counts follow from the table's by taking heads away: wav2vec 2.0 base has a quantiser of 2 × 320
    // entries of 128 (81,920), its logits (512 · 640 + 640), project_q (256 · 257) and project_hid (768 · 256 + 256);
    // HuBERT base its final projection (768 · 256 + 256) and 504 classes of 256. data2vec base differs from wav2vec 2.0 base by six
    // more norms of 512 channels, and five convolutions of 19 frames for one of 128 with lengths.
    [Theory]
    [InlineData("base", 95_044_608 - 81_920 - 328_320 - 65_792 - 196_864)]
    [InlineData("hubert-base", 94_697_600 - 196_864 - (504 * 256))]
    [InlineData("large", 317_390_592 - 245_760 - 328_320 - (768 * 769) - (1024 * 768) - 768)]
    [InlineData("hubert-large", 316_609_408 - (1024 * 768) - 768 - (504 * 768))]
    [InlineData("data2vec", 94_371_712 + (6 * 1024) + (5 * ((768 * 48 * 19) + 768)) - ((768 * 48 * 128) + 768 + 128))]
    [InlineData("wavlm-base", 94_381_936)]
    [InlineData("wavlm-large", 315_453_120)]
    public void Presets_have_as_many_parameters_as_published(string preset, long count)
    {
        // A layer counts alike wherever it stands, so that the large ones need not be built whole.
        Wav2Vec2Options options = preset switch
        {
            "base" or "hubert-base" => Wav2Vec2Options.Base,
            "large" => Wav2Vec2Options.Large,
            "hubert-large" => Wav2Vec2Options.HubertLarge,
            "data2vec" => Wav2Vec2Options.Data2VecBase,
            "wavlm-base" => Wav2Vec2Options.WavLmBase,
            _ => Wav2Vec2Options.WavLmLarge,
        };
        long one = new Wav2Vec2Encoder(options with { Layers = 1 }).ParameterCount, two = new Wav2Vec2Encoder(options with { Layers = 2 }).ParameterCount;

        Assert.Equal(count, one + ((options.Layers - 1) * (two - one)));
    }

    [Fact]
    public void Published_sizes_give_the_published_frames()
    {
        Wav2Vec2Encoder encoder = new(Wav2Vec2Options.Small);

        Assert.Equal([49, 596, 1, 0, 0], encoder.FrameLengths([16000, 190_800, 400, 399, 0]));
        Assert.Equal((400, 320), (encoder.ReceptiveField, encoder.Stride));
        Assert.Contains("399 samples are too few", Assert.Throws<TacitException>(() => encoder.Features(Tensor.Zeros(new Shape(1, 399)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void As_a_backbone_it_gives_hidden_states_and_their_means()
    {
        Wav2Vec2Encoder encoder = Filled(SpeechOracle.Options("large"));
        List<Tensor> hidden = [];
        encoder.Encode(SpeechOracle.Waves(), SpeechOracle.Lengths, hidden);

        var backbone = new Wav2Vec2Backbone(encoder);
        IReadOnlyList<Tensor> states = backbone.Hidden(SpeechOracle.Waves(), SpeechOracle.Lengths, ["block2", "last", "block1"]);
        float[] mean = backbone.Forward(SpeechOracle.Waves(), SpeechOracle.Lengths, ["block3"])[0].ToArray();

        Assert.Equal(["encoder", "block1", "block2", "block3"], backbone.Layers);
        Assert.Equal([.. new[] { 2, 3, 1 }.Select(i => hidden[i].ToArray())], states.Select(state => state.ToArray()));
        Oracle.AssertClose([.. Enumerable.Range(0, 12).Select(d => Enumerable.Range(0, 12).Average(t => hidden[3][1, t, d]))], mean.AsSpan(12), 1e-6);
        Assert.Equal((12, 20, 16, 0), (backbone.Dim, backbone.Stride, backbone.States(331), backbone.States(29)));
    }

    [Fact]
    public void Buckets_of_relative_positions_are_the_published_ones()
    {
        float[] expected = Oracle.Read("wav2vec2.safetensors").Tensors["buckets"].ToArray();

        Assert.Equal(expected, Enumerable.Range(-1200, 2401).Select(offset => (float)RelativePositions.Bucket(offset, 320, 800)));
    }

    [Fact]
    public void Training_drops_and_skips_and_evaluation_does_not()
    {
        Wav2Vec2Encoder encoder = Filled(SpeechOracle.Options("base") with { LayerDrop = 0.5f });
        int Ran(long step)
        {
            using Scope scope = Scope.Gradient(seed: 3, step: step);
            List<Tensor> branches = [];
            encoder.Context(encoder.Project(encoder.Features(SpeechOracle.Waves())).Projected, branches: branches);
            return branches.Count;
        }

        double mean = Enumerable.Range(0, 200).Average(step => Ran(step));
        Assert.InRange(mean, 1.5 - 0.25, 1.5 + 0.25);          // 3 layers at 1/2; four deviations of the mean are 0.245
        Assert.Equal(Ran(7), Ran(7));
        encoder.Eval();
        Assert.Equal(3, Ran(7));
    }

    [Fact]
    public void The_fronts_gradient_is_scaled()
    {
        float Gradient(float scale)
        {
            Wav2Vec2Encoder encoder = Filled(SpeechOracle.Options("base") with { FrontGradient = scale });
            using Scope trial = Scope.Gradient();
            trial.Backward(SpeechOracle.Loss(encoder.Encode(SpeechOracle.Waves()), 1, [16, 16]));
            return encoder.NamedParameters().Single(pair => pair.Key == "feature_extractor.conv_layers.1.conv.weight").Value.GradientSpan[3];
        }

        Wav2Vec2Encoder plain = Filled(SpeechOracle.Options("base"));
        Assert.Equal(plain.Features(SpeechOracle.Waves()).ToArray(), Filled(SpeechOracle.Options("base") with { FrontGradient = 0.1f }).Features(SpeechOracle.Waves()).ToArray());
        Assert.Equal(0.1, Gradient(0.1f) / Gradient(1), 1e-5);

        Wav2Vec2Encoder still = Filled(SpeechOracle.Options("base") with { FrontGradient = 0 });
        using Scope scope = Scope.Gradient();
        scope.Backward(SpeechOracle.Loss(still.Encode(SpeechOracle.Waves()), 1, [16, 16]));
        Assert.All(still.NamedParameters(), pair => Assert.Equal(!pair.Key.StartsWith("feature_extractor", StringComparison.Ordinal) && pair.Key != "masked_spec_embed", pair.Value.HasGradient));
    }

    [Theory]
    [InlineData("base")]
    [InlineData("wavlm.large")]
    [InlineData("data2vec")]
    public void An_item_without_a_frame_harms_no_other(string name)
    {
        Wav2Vec2Encoder encoder = Filled(SpeechOracle.Options(name));
        using Scope scope = Scope.Gradient();
        Tensor y = encoder.Encode(SpeechOracle.Waves(), [331, 20]);
        Assert.Equal([16, 0], encoder.FrameLengths([331, 20]));
        Oracle.AssertClose(encoder.Encode(Tensor.From(SpeechOracle.Waves().Span[..331], new Shape(1, 331))).Span, y.Rows(0, 1).Span, 1e-6);
        scope.Backward(SpeechOracle.Loss(y, 1, [16, 0]));
        Assert.All(encoder.Parameters().Where(p => p.HasGradient), p => Assert.All(p.GradientSpan.ToArray(), g => Assert.True(float.IsFinite(g))));
    }

    [Fact]
    public void Hidden_frames_give_way_to_the_mask_embedding()
    {
        using Scope scope = Scope.Gradient();
        Tensor x = Tensor.Parameter(new Shape(1, 3, 2)), mask = Tensor.Parameter(new Shape(2));
        x.Span.Fill(1);
        mask.Span.Fill(5);
        Tensor y = Frames.Replace(x, [false, true, true], mask);
        scope.Backward(Ops.Sum(y));

        Assert.Equal([1, 1, 5, 5, 5, 5], y.ToArray());
        Assert.Equal([1, 1, 0, 0, 0, 0], x.GradientSpan.ToArray());
        Assert.Equal([2, 2], mask.GradientSpan.ToArray());
        Assert.Throws<ShapeException>(() => Frames.Replace(x, [true], mask));
    }

    [Fact]
    public void Sizes_that_cannot_be_are_refused()
    {
        foreach (Wav2Vec2Options options in new[]
        {
            SpeechOracle.Small with { ConvKernels = [10, 3] },
            SpeechOracle.Small with { Heads = 5 },
            SpeechOracle.Small with { PositionGroups = 5 },
            SpeechOracle.Small with { RelativeBuckets = 10 },
            SpeechOracle.Small with { LayerDrop = 1 },
            SpeechOracle.Small with { AttentionDropout = float.NaN },
        })
        {
            Assert.Throws<TacitException>(() => new Wav2Vec2Encoder(options));
        }
    }

    private static Wav2Vec2Encoder Filled(Wav2Vec2Options options)
    {
        var encoder = new Wav2Vec2Encoder(options);
        SpeechOracle.Fill(encoder);
        return encoder;
    }

    private static void AssertStates(Tensor expected, List<Tensor> states, int[] frames)
    {
        Assert.Equal(expected.Shape[0], states.Count);
        for (int i = 0; i < states.Count; i++)
        {
            Oracle.AssertClose(expected.Rows(i, 1).Span, SpeechOracle.Real(states[i], frames), 1e-5, $"state {i}");
        }
    }
}
