using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class VqWav2VecTests
{
    private static readonly VqWav2VecOptions Small = new() { WarmShare = 0, Steps = 3, NegativeCount = 4, Mask = new SpanMask { Share = 0.5, Length = 3, Least = 1, Deviation = 1 } };

    [Theory]
    [InlineData("gumbel")]
    [InlineData("kmeans")]
    public void BothStagesLowerTheirLoss(string quantizer)
    {
        Batch batch = WaveTrial.Batch([9600, 7000]);
        var diagnostics = new Diagnostics();
        double[] first = Trial.Steps(Make(quantizer: quantizer), batch, 30, found: diagnostics);
        Assert.Equal(0, diagnostics["token_stage"]);
        Assert.True(first[^5..].Average() < first[..5].Average() - 0.05, $"from {first[0]} to {first[^1]}");
        double[] second = Trial.Steps(Make(quantizer: quantizer), batch, 40, from: 50, found: diagnostics);
        Assert.Equal(1, diagnostics["token_stage"]);
        Assert.True(second[^5..].Average() < second[..5].Average() - 0.3, $"from {second[0]} to {second[^1]}");
    }

    [Fact]
    public void WhatMakesTheTokensStandsStillWhileTheBertLearns()
    {
        VqWav2Vec method = Make();
        Dictionary<string, float[]> before = Values(method);
        Trial.Steps(method, WaveTrial.Batch([9600, 7000]), 2, from: 50);
        Assert.All(Values(method), pair => Assert.Equal(
            pair.Key.Contains(".bert.", StringComparison.Ordinal) || pair.Key.StartsWith("token_head", StringComparison.Ordinal), !pair.Value.SequenceEqual(before[pair.Key])));

        method = Make();
        Trial.Steps(method, WaveTrial.Batch([9600, 7000]), 2);
        Assert.All(Values(method).Where(pair => pair.Key.Contains(".bert.", StringComparison.Ordinal)), pair => Assert.Equal(before[pair.Key], pair.Value));
    }

    /// <summary>A head that says nothing gives each of two codes of five even odds.</summary>
    [Fact]
    public void TokensOfWhichNothingIsKnownAreChance()
    {
        VqWav2Vec method = Make();
        method.BeforeStep(50, 100);
        Trial.Silence(method, "token_head.decoder");
        Assert.Equal(2 * Math.Log(5), Trial.Look(method, WaveTrial.Batch([9600, 7000])).Loss, 1e-5);
        Assert.Equal(2 * Math.Log(5), method.ChanceLoss(2)!.Value, 1e-12);
    }

    [Fact]
    public void TheFirstStageIsWav2VecOverQuantisedFrames()
    {
        VqWav2Vec method = Make();
        method.Eval();
        Batch batch = WaveTrial.Batch([9600, 7000]);
        using Scope scope = Scope.Gradient(3, 7);
        var encoder = (VqWav2VecBackbone)method.Backbone;
        int[] lengths = encoder.StateLengths(batch.Views, batch.Lengths);
        VqFrames q = encoder.Quantize(encoder.Encoder.Features(batch.Views, batch.Lengths), lengths, 1);
        double[][] c = WaveTrial.Rows(Ops.PackFrames(encoder.Encoder.Context(q.Values, lengths), lengths)), keys = WaveTrial.Rows(Ops.PackFrames(q.Values, lengths));
        double expected = WaveTrial.Future(
            method, keys, c, lengths, 3, 3, 4, WaveTrial.Dot, scores => scores.Select((s, i) => Math.Log(1 + Math.Exp(i == 0 ? -s : s))).Average());
        Assert.Equal(expected + (0.1 * q.Loss.ToScalar()), Trial.Look(method, batch).Loss, 1e-5);
    }

    /// <summary>In the first half of a quantiser's 50 steps frames are what they are; there is no loss of a quantiser then.</summary>
    [Fact]
    public void ItBeginsAsWav2Vec()
    {
        VqWav2Vec method = Make(warm: 0.5);
        method.Eval();
        Batch batch = WaveTrial.Batch([9600, 7000]);
        using Scope scope = Scope.Gradient(3, 7);
        var encoder = (VqWav2VecBackbone)method.Backbone;
        int[] lengths = encoder.StateLengths(batch.Views, batch.Lengths);
        Tensor z = encoder.Encoder.Features(batch.Views, batch.Lengths);
        double[][] c = WaveTrial.Rows(Ops.PackFrames(encoder.Encoder.Context(z, lengths), lengths)), keys = WaveTrial.Rows(Ops.PackFrames(z, lengths));
        double expected = WaveTrial.Future(
            method, keys, c, lengths, 3, 3, 4, WaveTrial.Dot, scores => scores.Select((s, i) => Math.Log(1 + Math.Exp(i == 0 ? -s : s))).Average());
        Assert.Equal(expected, Trial.Look(method, batch).Loss, 1e-5);
    }

    /// <summary>Of 50 steps that the BERT has, the first five raise its rate to a quarter of the scheduled one.</summary>
    [Fact]
    public void TheBertHasARateOfItsOwn()
    {
        VqWav2Vec method = Make();
        double[] scales = [.. new[] { 49, 50, 52, 54, 99 }.Select(step =>
        {
            method.BeforeStep(step, 100);
            return method.LrScale;
        })];
        Assert.Equal([1, 0.05, 0.15, 0.25, 0.25], scales, (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Theory]
    [InlineData("gumbel")]
    [InlineData("kmeans")]
    public void BooksBeginFromTheFirstFramesThatAreQuantised(string quantizer)
    {
        VqWav2Vec method = Make(quantizer: quantizer, warm: 0.5);
        Batch batch = WaveTrial.Batch([9600, 7000]);
        float[] Books() => Values(method).Single(pair => pair.Key.EndsWith(quantizer == "gumbel" ? ".codevectors" : ".embedding", StringComparison.Ordinal)).Value;
        float[] before = Books();
        var diagnostics = new Diagnostics();
        Trial.Steps(method, batch, 1, from: 24, found: diagnostics);
        Assert.Equal(before, Books());
        Assert.DoesNotContain(diagnostics.Values, v => v.Name == "code_perplexity_1");
        method.BeforeStep(25, 100);
        Trial.Look(method, batch);
        float[] begun = Books();
        Assert.NotEqual(before, begun);
        Batch other = WaveTrial.Batch([8000, 9000]);
        Trial.Look(method, other);              // the step's second batch
        method.BeforeStep(26, 100);
        Trial.Look(method, other);
        Assert.Equal(begun, Books());
    }

    [Theory]
    [InlineData("gumbel", 0)]
    [InlineData("gumbel", 25)]
    [InlineData("gumbel", 50)]
    [InlineData("kmeans", 0)]
    [InlineData("kmeans", 25)]
    [InlineData("kmeans", 50)]
    public void PaddingIsNeverSeen(string quantizer, int step)
    {
        VqWav2Vec method = Make(quantizer: quantizer, warm: 0.5);
        method.BeforeStep(step, 100);
        Assert.Equal(Trial.Look(method, WaveTrial.Batch([9600, 7000, 100])).Loss, Trial.Look(method, WaveTrial.Batch([9600, 7000, 100], padding: 3)).Loss, 1e-5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void UtterancesTooShortTeachNothing(int step)
    {
        VqWav2Vec method = Make();
        method.BeforeStep(step, 100);
        Assert.Equal(0, Trial.Look(method, WaveTrial.Batch([300, 100])).Loss);
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), WaveTrial.Batch([9600, 7000]));

    [Fact]
    public void PublishedSizesHaveTheirParameters()
    {
        Backbone backbone = BackboneFactory.Build(new BackboneOptions { Name = BackboneFactory.VqWav2Vec, Dim = 512, Depth = 12, TokenDim = 12, TokenDepth = 1, Heads = 3 });
        var method = new VqWav2Vec(backbone, new VqWav2VecOptions());
        Assert.Equal(34_145_408, method.NamedParameters()
            .Where(p => !p.Key.Contains(".bert.", StringComparison.Ordinal) && !p.Key.StartsWith("token_head", StringComparison.Ordinal)).Sum(p => (long)p.Value.Length));
    }

    [Fact]
    public void TheBertSeesCodesAlone()
    {
        var encoder = (VqWav2VecBackbone)Make().Backbone;
        encoder.Eval();
        Assert.Equal(["encoder", "context", "block1", "block2"], encoder.Layers);
        int[] codes = [0, 1, 4, 2, 3, 3];
        using Scope scope = Scope.NoGradient();
        Tensor both = encoder.Tokens.Forward([.. codes, .. codes[..2]], [3, 1], [3, 1], 3), alone = encoder.Tokens.Forward(codes, [3], [3], 3);
        Oracle.AssertClose(alone.Span, both.Rows(0, 1).Span, 1e-6);
    }

    [Fact]
    public void ItRefusesWhatCannotBe()
    {
        Assert.StartsWith("model.name", Assert.Throws<ConfigurationException>(() => new VqWav2Vec(BackboneFactory.Build(WaveTrial.Wav2Vec), Small)).Message, StringComparison.Ordinal);
        Assert.Contains("no quantiser 'vq'", Assert.Throws<TacitException>(() => BackboneFactory.Build(WaveTrial.VqWav2Vec with { Quantizer = "vq" })).Message, StringComparison.Ordinal);
        Assert.StartsWith("method.warm-share: 1 leaves no step", Assert.Throws<ConfigurationException>(() => new VqWav2VecOptions { WarmShare = 1 }.Validate()).Message, StringComparison.Ordinal);
        Assert.StartsWith("method.mask.length: 10 cannot work", WaveTrial.Refusal(new VqWav2VecOptions(), WaveTrial.VqWav2Vec, 0.3, "method.mask.length"), StringComparison.Ordinal);
    }

    private static Dictionary<string, float[]> Values(Method method) => method.NamedParameters().ToDictionary(p => p.Key, p => p.Value.ToArray());

    private static VqWav2Vec Make(ulong seed = 1, string quantizer = "gumbel", double warm = 0) =>
        Trial.Start(backbone => new VqWav2Vec(backbone, Small with { WarmShare = warm }), WaveTrial.VqWav2Vec with { Quantizer = quantizer }, seed);
}
