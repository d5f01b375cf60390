using Tacit.Models;
using Tacit.Tensors;
using Tacit.Training;

namespace Tacit.Tests.Models.Speech;

public sealed class SequenceBackboneTests
{
    private const int Second = 16000;

    public static TheoryData<string> Names => [.. BackboneFactory.Names.Where(n => BackboneFactory.Build(ModelOptions.OfBackbone(n).Backbone) is SequenceBackbone)];

    [Theory]
    [MemberData(nameof(Names))]
    public void PaddingChangesNoState(string name)
    {
        var backbone = (SequenceBackbone)BackboneFactory.Create(ModelOptions.OfBackbone(name).Backbone, 1);
        backbone.Eval();
        using Scope scope = Scope.NoGradient();
        int full = Length(backbone, Second), part = Length(backbone, Second / 2);
        Tensor both = Input(backbone, 2, full), alone = Tensor.Empty(With(backbone, 1, part));
        alone.Span.Clear();
        both.Rows(1, 1).Span[..alone.Length].CopyTo(alone.Span);
        int[] lengths = [full, part];

        for (int layer = 0; layer < backbone.Layers.Count; layer++)
        {
            string[] one = [backbone.Layers[layer]];
            Tensor padded = backbone.Hidden(both, lengths, one)[0], own = backbone.Hidden(alone, null, one)[0];
            int states = backbone.States(part), width = backbone.Width(one[0]);
            Assert.Equal(states, own.Shape[1]);
            Assert.Equal(backbone.States(full), padded.Shape[1]);
            Assert.Equal(width, own.Shape[2]);
            for (int i = 0; i < states * width; i++)
            {
                Assert.Equal(own.Span[i], padded.Rows(1, 1).Span[i], 1e-4f);
            }
        }

        Tensor pooled = backbone.Forward(both, lengths, [Backbone.Last])[0], expected = Ops.MeanOverTime(backbone.Hidden(alone, null, [Backbone.Last])[0], [backbone.States(part)]);
        Assert.True(pooled.Rows(1, 1).Span.ToArray().Zip(expected.Span.ToArray(), (a, b) => Math.Abs(a - b)).Max() < 1e-4);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MetadataRebuildIt(string name)
    {
        BackboneOptions options = ModelOptions.OfBackbone(name).Backbone;
        Backbone built = BackboneFactory.Build(options), again = BackboneFactory.Build(BackboneFactory.FromMetadata(BackboneFactory.ToMetadata(options)));
        Assert.Equal(built.StateDict().Select(p => (p.Key, p.Value.Shape.ToString())), again.StateDict().Select(p => (p.Key, p.Value.Shape.ToString())));
    }

    /// <summary>The configurations that were published, without heads: s3prl's counts less what belongs to pre-training.</summary>
    [Theory]
    [InlineData("wav2vec2", "base", 94_371_712)]
    [InlineData("wav2vec2", "large", 315_438_720)]
    [InlineData("wav2vec", "base", 29_390_848)]
    [InlineData("cpc", "base", 1_843_456)]
    [InlineData("fbank-transformer", "base", 21_327_360)]
    [InlineData("fbank-transformer", "large", 85_118_208)]
    public void PublishedSizesHaveTheirParameters(string name, string preset, long count) =>
        Assert.Equal(count, BackboneFactory.Build(ModelOptions.OfBackbone(name, preset).Backbone).ParameterCount);

    private static bool OfTokens(SequenceBackbone backbone) => backbone.Options.Name == BackboneFactory.TokenTransformer;

    private static int Length(SequenceBackbone backbone, int samples) =>
        OfTokens(backbone) ? backbone.Options.Length * samples / Second : BackboneFactory.SoundKind(backbone.Options.Name) == "wave" ? samples : samples / 160;

    private static Shape With(SequenceBackbone backbone, int items, int length) =>
        OfTokens(backbone) || BackboneFactory.SoundKind(backbone.Options.Name) == "wave" ? new Shape(items, length) : new Shape(items, length, backbone.Options.FrameWidth);

    private static Tensor Input(SequenceBackbone backbone, int items, int length)
    {
        Tensor x = Tensor.Empty(With(backbone, items, length));
        Philox.FillNormal(x.Span, 3, 4, 0);
        for (int i = 0; OfTokens(backbone) && i < x.Length; i++)
        {
            x.Span[i] = i * 7 % backbone.Options.Vocabulary;
        }

        return x;
    }
}
