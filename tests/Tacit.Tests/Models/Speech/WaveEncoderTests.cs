using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models.Speech;

/// <summary>wav2vec's networks and CPC's encoder, against tests/oracle/make_wav2vec.py.</summary>
public sealed class WaveEncoderTests
{
    private const int Dim = 6;

    private static readonly int[] Lengths = [1300, 1010];

    [Theory]
    [InlineData("wav2vec")]
    [InlineData("vq-wav2vec")]
    public void Wav2vecs_layers_and_gradients_are_the_references(string name)
    {
        Wav2VecEncoder encoder = new(name == "wav2vec"
            ? new Wav2VecOptions { Dim = Dim, ConvKernels = [10, 8, 4, 1], ConvStrides = [5, 4, 2, 1], ContextKernels = [2, 3, 4] }
            : new Wav2VecOptions { Dim = Dim, ConvKernels = [10, 8, 4], ConvStrides = [5, 4, 2], ContextKernels = [3, 1], Activation = Activation.Gelu });
        AssertLikeOracle(name, encoder, encoder.FrameLengths(Lengths), waves =>
        {
            Tensor features = encoder.Features(waves, Lengths);
            List<Tensor> hidden = [features];
            Assert.Same(encoder.Context(features, encoder.FrameLengths(Lengths), hidden), hidden[^1]);
            return hidden;
        });
    }

    [Fact]
    public void Cpcs_frames_and_gradients_are_the_references()
    {
        CpcEncoder encoder = new(Dim);
        AssertLikeOracle("cpc", encoder, encoder.FrameLengths(Lengths), waves => [encoder.Features(waves, Lengths)]);
    }

    [Fact]
    public void What_stands_in_padding_changes_no_bit_of_a_result()
    {
        Wav2VecEncoder encoder = new(Wav2VecOptions.Small), published = new(Wav2VecOptions.Small with { PublishedPadding = true });
        CpcEncoder cpc = new(Dim);
        Tensor waves = Waves(), louder = Waves();
        louder.Span[(1300 + 1010)..].Fill(30);
        foreach (Module module in new Module[] { encoder, published, cpc })
        {
            module.Initialize(0);
        }

        float[] Own(Func<Tensor, Tensor> run, Tensor x, int[] frames) => SpeechOracle.Real(run(x), frames);
        int[] counts = encoder.FrameLengths(Lengths), seconds = cpc.FrameLengths(Lengths);
        Func<Tensor, Tensor> ours = x => encoder.Context(encoder.Features(x, Lengths), counts), theirs = x => published.Context(published.Features(x, Lengths), counts);
        Assert.Equal(Own(ours, waves, counts), Own(ours, louder, counts));
        Assert.NotEqual(Own(theirs, waves, counts), Own(theirs, louder, counts));
        Assert.Equal(Own(x => cpc.Features(x, Lengths), waves, seconds), Own(x => cpc.Features(x, Lengths), louder, seconds));
    }

    [Fact]
    public void Without_what_norms_let_through_only_the_skips_are_left()
    {
        Wav2VecEncoder encoder = new(Wav2VecOptions.Small with { Dim = Dim });
        encoder.Initialize(0);

        Tensor x = Tensor.Parameter(new Shape(1, 12, Dim));
        Waves().Span[..x.Length].CopyTo(x.Span);
        foreach (var (name, parameter) in encoder.NamedParameters())
        {
            if (name.Contains("aggregator", StringComparison.Ordinal) && parameter.Rank == 1)
            {
                parameter.Span.Fill(name.EndsWith("3.weight", StringComparison.Ordinal) ? 0 : 1);
            }
        }

        // With the norms' scales at 0 and shifts at 1 each layer is √½·(x + 1).
        float[] expected = x.ToArray();
        for (int layer = 0; layer < 4; layer++)
        {
            expected = [.. expected.Select(v => (v + 1) * 0.70710678f)];
        }

        Oracle.AssertClose(expected, encoder.Context(x).Span, 1e-6);
    }

    [Fact]
    public void As_a_backbone_it_gives_frames_and_context()
    {
        var backbone = (Wav2VecBackbone)BackboneFactory.Create(new BackboneOptions { Name = BackboneFactory.Wav2Vec, Dim = 128, Depth = 4 }, 0);
        Wav2VecEncoder encoder = backbone.Encoder;
        Tensor features = encoder.Features(Waves(), Lengths);
        List<Tensor> hidden = [features];
        encoder.Context(features, encoder.FrameLengths(Lengths), hidden);

        IReadOnlyList<Tensor> states = backbone.Hidden(Waves(), Lengths, ["last", "encoder", "layer2"]);

        Assert.Equal(["encoder", "layer1", "layer2", "layer3", "layer4"], backbone.Layers);
        Assert.Equal([.. new[] { 4, 0, 2 }.Select(i => hidden[i].ToArray())], states.Select(state => state.ToArray()));
    }

    [Fact]
    public void Published_sizes_have_the_published_parameters_and_frames()
    {
        Wav2VecEncoder encoder = new(Wav2VecOptions.Base);

        // wav2vec predicts by a transposed convolution of 12 steps; vq-wav2vec has two books of 320 entries of 256 and logits from
        // two layers, 512 to 1024 to 640.
        const long head = (512 * 512 * 12) + 512, quantizer = (640 * 256) + (512 * 1024) + 1024 + (1024 * 640) + 640;
        Assert.Equal(32_537_088 - head, encoder.ParameterCount);
        Assert.Equal(34_145_408 - head - quantizer, new Wav2VecEncoder(Wav2VecOptions.VqBase).ParameterCount);
        Assert.Equal((465, 160), (encoder.ReceptiveField, encoder.Stride));
        Assert.Equal([1, 0, 98], encoder.FrameLengths([465, 464, 16000]));

        // CPC's context network is an LSTM of 256: 4 · (256 · 512 + 2 · 256).
        Assert.Equal(1_843_456 - (4 * 256 * 512) - (8 * 256), new CpcEncoder().ParameterCount);
        Assert.Equal([128, 100, 0], new CpcEncoder().FrameLengths([20480, 16000, 3]));
    }

    [Fact]
    public void Too_short_waves_are_refused()
    {
        Assert.Contains("464 samples are too few", Assert.Throws<TacitException>(() => new Wav2VecEncoder(Wav2VecOptions.Small).Features(Tensor.Zeros(new Shape(1, 464)))).Message, StringComparison.Ordinal);
        Assert.Throws<TacitException>(() => new CpcEncoder(Dim).Features(Tensor.Zeros(new Shape(1, 3))));
        Assert.Throws<TacitException>(() => new CpcEncoder(1));
        Assert.Throws<TacitException>(() => new Wav2VecEncoder(new Wav2VecOptions { ConvStrides = [5] }));
    }

    private static Tensor Waves() => Tensor.From(Hashed.Singles(2 * 1300, 2000), new Shape(2, 1300));

    private static void AssertLikeOracle(string name, Module module, int[] frames, Func<Tensor, List<Tensor>> run)
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("wav2vec.safetensors").Tensors;
        SpeechOracle.Fill(module);
        Tensor waves = Tensor.Parameter(new Shape(2, 1300));
        Waves().Span.CopyTo(waves.Span);

        using Scope scope = Scope.Gradient();
        List<Tensor> hidden = run(waves);
        Tensor states = expected[$"{name}.hidden"];
        Assert.Equal(states.Shape[0], hidden.Count);
        for (int i = 0; i < hidden.Count; i++)
        {
            Oracle.AssertClose(states.Rows(i, 1).Span, SpeechOracle.Real(hidden[i], frames), 1e-5, $"state {i}");
        }

        scope.Backward(hidden.Select((state, i) => SpeechOracle.Loss(state, 1001 + i, frames)).Aggregate(Ops.Add));
        Oracle.AssertClose(expected[$"{name}.wave_gradient"].Span, waves.GradientSpan, 2e-5);
        SpeechOracle.AssertGradients(expected[$"{name}.gradients"], module);
    }
}
