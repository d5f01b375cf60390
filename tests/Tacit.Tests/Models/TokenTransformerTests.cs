using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Models;

public sealed class TokenTransformerTests
{
    private static readonly BackboneOptions Small = new() { Name = BackboneFactory.TokenTransformer, Vocabulary = 12, Length = 8, Dim = 16, Depth = 2, Heads = 2 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_padding_changes_nothing(bool causal)
    {
        var model = Make(Small with { Causal = causal });
        using Scope scope = Scope.NoGradient();
        Tensor alone = model.Forward(Tensor.From([3, 1, 4], new Shape(1, 3)));
        Tensor padded = model.Forward(Tensor.From([3, 1, 4, 12, 12, 5, 9, 2, 6, 5], new Shape(2, 5)), [3, 5], ["last"])[0];
        Oracle.AssertWithin(alone.Span, padded.Rows(0, 1).Span, 1e-6);
    }

    [Fact]
    public void Layers_are_blocks_and_a_causal_one_sees_no_future()
    {
        var model = Make(Small with { Causal = true });
        using Scope scope = Scope.NoGradient();
        Assert.Equal(["block1", "block2"], model.Layers);
        Tensor a = model.Hidden(Tensor.From([3, 1, 4, 1], new Shape(1, 4)), null, ["block2"])[0], b = model.Hidden(Tensor.From([3, 1, 4, 9], new Shape(1, 4)), null, ["block2"])[0];
        Oracle.AssertWithin(a.Span[..48], b.Span[..48], 1e-6);
        Assert.NotEqual(a.Span[48], b.Span[48]);
        Assert.Equal((1, 5), (model.Stride, model.States(5)));
        Assert.Throws<ShapeException>(() => model.Forward(Tensor.Zeros(new Shape(1, 9))));
    }

    /// <summary>The likeliest token after each prefix, computed as a whole, is what sampling of the likeliest draws one by one; beyond the window it goes on.</summary>
    [Fact]
    public void Sampling_by_the_cache_is_what_whole_passes_say()
    {
        var model = Make(Small with { Causal = true });
        int[] drawn = model.Sample([3, 1], 6, seed: 1, topK: 1);
        List<int> text = [3, 1];
        using (Scope.NoGradient())
        {
            for (int i = 0; i < 6; i++)
            {
                Tensor states = model.Encode([.. text], 1, null).Reshape(text.Count, 16).Rows(text.Count - 1, 1);
                text.Add(System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(model.Logits(states.ToLasting()).Span));
            }
        }

        Assert.Equal(text.Skip(2), drawn);
        int[] longer = model.Sample([3, 1], 40, seed: 1, topK: 5);
        Assert.Equal(40, longer.Length);
        Assert.All(longer, token => Assert.InRange(token, 0, 11));
        Assert.Equal(longer, model.Sample([3, 1], 40, seed: 1, topK: 5));
        Assert.NotEqual(longer, model.Sample([3, 1], 40, seed: 2, topK: 5));
    }

    [Fact]
    public void What_cannot_be_sampled_is_said()
    {
        var model = Make(Small with { Causal = true });
        Assert.Throws<TacitException>(() => model.Sample([], 1, 0));
        Assert.Throws<TacitException>(() => model.Sample([1], 1, 0, temperature: 0));
        Assert.Contains("gpt", Assert.Throws<TacitException>(() => Make(Small).Sample([1], 1, 0)).Message, StringComparison.Ordinal);
    }

    /// <summary>BERT base without its segments and pooler: 12 × 7,087,872 in blocks, 512 positions, the last norm; 30,522 tokens of which 2 are ours.</summary>
    [Fact]
    public void The_base_preset_has_the_blocks_of_bert_base()
    {
        BackboneOptions options = Tacit.Training.ModelOptions.OfBackbone(BackboneFactory.TokenTransformer, "base").Backbone with { Vocabulary = 30520, Length = 512 };
        Assert.Equal((30522 * 768) + (512 * 768) + (12 * 7_087_872) + (2 * 768), BackboneFactory.Build(options).NamedParameters().Sum(p => (long)p.Value.Length));
        Assert.Equal(options, BackboneFactory.FromMetadata(BackboneFactory.ToMetadata(options)));
    }

    private static TokenTransformer Make(BackboneOptions options)
    {
        var model = (TokenTransformer)BackboneFactory.Create(options, 3);
        ModelOracle.Fill(model);
        model.Eval();
        return model;
    }
}
