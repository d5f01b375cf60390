using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Models;

public sealed class SpeechEncoderTests
{
    [Fact]
    public void Audio_ntt_is_the_published_network()
    {
        var model = new AudioNtt(20, 16, dropout: 0);
        SequenceOracle.Check("audio", model, new Shape(3, 27, 16), model.Forward, 2e-5);
        Assert.Equal(new Shape(3, 3, 20), model.Frames(Tensor.Zeros(new Shape(3, 27, 16, 1))).Shape);
        Assert.Throws<ShapeException>(() => model.Frames(Tensor.Zeros(new Shape(3, 7, 16))));
        Assert.Throws<TacitException>(() => new AudioNtt(bins: 60));
    }

    [Fact]
    public void Fbank_transformer_is_a_bert_over_frames()
    {
        var model = new FbankTransformer(5, 2, 12, 3, 20, dropout: 0);
        SequenceOracle.Check("bert", model, new Shape(2, 7, 5), x =>
        {
            x.Span[^1] = float.NaN;         // padding
            return Ops.Concat(0, [.. model.Hidden(x, [7, 4]).Select(h => h.Reshape(1, 2, 7, 12))]);
        });
    }

    [Fact]
    public void Decoars_stacks_are_torchs_lstms()
    {
        var model = new DecoarEncoder(4, 7, 3);
        SequenceOracle.Check("decoar", model, new Shape(2, 6, 4), x =>
        {
            x.Span[^1] = float.NaN;         // padding
            var (forward, backward) = model.Directions(x, [6, 3]);
            return Ops.Concat(2, forward, backward);
        });
    }

    [Fact]
    public void Apcs_stack_has_residual_connections_from_the_second_layer_on()
    {
        var model = new RecurrentStack(4, 7, dropout: 0);
        SequenceOracle.Check("apc", model, new Shape(2, 6, 4), x => model.Hidden(x, [6, 3])[^1]);
        Assert.Equal(3, model.Hidden(Tensor.Zeros(new Shape(1, 2, 4)), null).Length);
    }

    [Fact]
    public void Parameter_counts_are_the_published_ones()
    {
        Assert.Equal(21_327_360, new FbankTransformer(80).ParameterCount);
        Assert.Equal(85_118_208, new FbankTransformer(80, 12).ParameterCount);
        Assert.Equal(21_450_240, new FbankTransformer(240).ParameterCount);
        long apc = new RecurrentStack(80).ParameterCount + new Linear(512, 80).ParameterCount;
        Assert.Equal(4_105_296, apc);
        Assert.Equal(4_630_096, apc + new VqLayer(512).ParameterCount);
    }

    [Fact]
    public void A_transformer_begins_with_small_matrices_and_no_biases()
    {
        var model = new FbankTransformer(80, 1);
        model.Initialize(1);
        float[] query = model.StateDict()["encoder.layer.0.attention.self.query.weight"].ToArray();
        Assert.Equal(0.02, Math.Sqrt(query.Average(v => (double)v * v)), 0.0002);
        Assert.All(model.StateDict()["encoder.layer.0.output.dense.bias"].ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void A_code_is_drawn_in_training_and_the_best_in_evaluation()
    {
        var layer = new VqLayer(3, 4, 2);
        layer.Load(new Dictionary<string, Tensor>
        {
            ["vq_logits.weight"] = Tensor.From([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], new Shape(4, 3)),
            ["vq_logits.bias"] = Tensor.From([0, 0, 0, 0.5f], new Shape(4)),
            ["codebook_CxE.weight"] = Tensor.From([1, 2, 3, 4, 5, 6, 7, 8], new Shape(2, 4)),
        });
        Tensor x = Tensor.Parameter(new Shape(1, 3, 3));
        ((float[])[0, 0, 2, 0.2f, 0, 0, 0, 1, 0]).CopyTo(x.Span);
        layer.Eval();
        // Codes 2, 3 and 1: their columns of the table.
        Assert.Equal([3, 7, 4, 8, 2, 6], layer.Forward(x).ToArray());

        layer.Train();
        using Scope scope = Scope.Gradient();
        Tensor y = layer.Forward(x, out Tensor choice);
        Assert.All(Enumerable.Range(0, 3), row => Assert.Equal([0, 0, 0, 1], choice.Span.Slice(row * 4, 4).ToArray().Order()));
        scope.Backward(Ops.Sum(y));
        Assert.Contains(x.GradientSpan.ToArray(), g => g != 0);
    }
}
