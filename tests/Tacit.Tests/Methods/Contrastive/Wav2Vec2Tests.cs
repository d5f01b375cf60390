using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class Wav2Vec2Tests
{
    private static readonly Wav2Vec2MethodOptions Small = new()
    {
        NegativeCount = 5, Entries = 6, QuantizedDim = 8, FinalDim = 8, Mask = new SpanMask { Length = 3 },
    };

    [Fact]
    public void StepsOnOneBatchLowerTheLoss()
    {
        var diagnostics = new Diagnostics();
        double[] losses = Trial.Steps(Make(), WaveTrial.Batch([9600, 8000]), 40, found: diagnostics);
        Assert.True(losses[^5..].Average() < losses[..5].Average() - 0.2, $"from {losses[0]} to {losses[^1]}");
        Assert.InRange(diagnostics["masked_share"]!.Value, 0.3, 0.7);
        Assert.InRange(diagnostics["codebook_use"]!.Value, 1 / 6.0, 1);
        Assert.InRange(diagnostics["code_perplexity_2"]!.Value, 1, 6);
        Assert.Equal(2 * Math.Pow(0.25, 39 / 70.0), diagnostics["temperature"]!.Value, 1e-5);
    }

    [Fact]
    public void TheLossIsThatOfTheDefinition()
    {
        Wav2Vec2 method = Make();
        method.Eval();
        Batch batch = WaveTrial.Batch([9600, 8000]);
        using Scope scope = Scope.Gradient(3, 7);
        Wav2Vec2Encoder encoder = ((Wav2Vec2Backbone)method.Backbone).Encoder;
        int[] lengths = encoder.FrameLengths(batch.Lengths!);
        Tensor z = encoder.Features(batch.Views, batch.Lengths);
        int states = z.Shape[1];
        (Tensor projected, Tensor normed) = encoder.Project(z);
        RandomSequence random = Scope.NextRandom("mask", method.Path);
        bool[] mask = Small.Mask.Draw(lengths, states, ref random);
        int[] hidden = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i])];
        Tensor context = encoder.Context(Frames.Replace(projected, mask, encoder.MaskEmbedding), lengths);
        random = Scope.NextRandom("negatives", method.Path);
        int[] lists = NegativeSampler.Draw([.. hidden.Select(i => i / states)], 5, ref random);

        double[][] Weight(string name) => WaveTrial.Rows(method.StateDict()[name]);
        double[][] logits = [.. hidden.Select(i => WaveTrial.Map(Weight("quantizer.weight_proj.weight"), Weight("quantizer.weight_proj.bias")[0], WaveTrial.Rows(normed)[i]))];
        int[][] codes = [.. logits.Select(l => new[] { 0, 6 }.Select(g => g + Array.IndexOf(l[g..(g + 6)], l[g..(g + 6)].Max())).ToArray())];
        double[][] books = Weight("quantizer.codevectors");
        double[][] q = [.. codes.Select(c => WaveTrial.Unit(WaveTrial.Map(Weight("project_q.weight"), Weight("project_q.bias")[0], [.. books[c[0]], .. books[c[1]]])))];
        double[][] h = [.. hidden.Select(i => WaveTrial.Unit(WaveTrial.Map(Weight("project_hid.weight"), Weight("project_hid.bias")[0], WaveTrial.Rows(context)[i])))];
        double contrast = Enumerable.Range(0, hidden.Length).Average(m => WaveTrial.CrossEntropy(
            [.. lists[(m * 6)..((m + 1) * 6)].Where((row, s) => s == 0 || !codes[row].SequenceEqual(codes[m])).Select(row => WaveTrial.Dot(h[m], q[row]) / 0.1)]));
        double perplexity = new[] { 0, 6 }.Sum(g => Math.Exp(-Enumerable.Range(g, 6).Sum(v =>
        {
            double p = logits.Average(l => Math.Exp(l[v]) / l[g..(g + 6)].Sum(Math.Exp));
            return p * Math.Log(p + 1e-7);
        })));
        double penalty = Ops.PackFrames(z, lengths).ToArray().Average(v => (double)v * v);
        Assert.Equal(contrast + (0.1 * (12 - perplexity) / 12) + (10 * penalty), Trial.Look(method, batch).Loss, 2e-5);
    }

    /// <summary>One code for all: no negative differs from the positive, the soft choices are even, and the penalty alone is left.</summary>
    [Fact]
    public void ADeadCodeBookIsSeen()
    {
        Wav2Vec2 method = Make();
        method.Eval();
        Trial.Silence(method, "quantizer.weight_proj");
        (double loss, Diagnostics found) = Trial.Look(method, WaveTrial.Batch([9600, 8000]));
        Assert.Equal(10 * found["feature_penalty"]!.Value, loss, 1e-5);
        Assert.Equal(1, found["identical_negatives"]);
        Assert.Equal(0, found["contrastive_accuracy"]);
        Assert.Equal(1 / 6.0, found["codebook_use"]!.Value, 1e-5);
        Assert.Equal(10, found["dead_codes"]);
    }

    /// <summary>States that are all alike are what the health rules call a collapse.</summary>
    [Fact]
    public void ACollapseIsSeen()
    {
        Wav2Vec2 method = Make();
        Trial.Silence(method, "backbone.encoder.layers.1.final_layer_norm.weight");
        Assert.InRange(Trial.Look(method, WaveTrial.Batch([9600, 8000])).Found[Diagnostics.EmbeddingDeviation]!.Value, 0, 1e-4);
        Assert.InRange(Trial.Look(Make(), WaveTrial.Batch([9600, 8000])).Found[Diagnostics.EmbeddingDeviation]!.Value, 0.05, 1);
    }

    [Fact]
    public void PaddingIsNeverSeen() => Assert.Equal(
        Trial.Look(Make(), WaveTrial.Batch([9600, 8000, 100])).Loss, Trial.Look(Make(), WaveTrial.Batch([9600, 8000, 100], padding: 3)).Loss, 1e-5);

    [Fact]
    public void UtterancesTooShortToHideAnythingLeaveThePenalty()
    {
        (double loss, Diagnostics found) = Trial.Look(Make(), WaveTrial.Batch([500, 100]));
        Assert.Equal(10 * found["feature_penalty"]!.Value, loss, 1e-6);
        Assert.Equal(0, found["masked_share"]);
        Assert.Equal(0, Trial.Look(Make(), WaveTrial.Batch([100, 100])).Loss);
    }

    [Fact]
    public void TheTemperatureFallsWithTheRunOrAsPublished()
    {
        Assert.Equal([2f, 1f, 0.5f, 0.5f], new long[] { 0, 350, 700, 1000 }.Select(step => MathF.Round(Small.TemperatureAt(step, 1000), 5)));
        Wav2Vec2MethodOptions published = Small with { GumbelFall = 0 };
        Assert.Equal(2 * Math.Pow(0.999995, 1000), published.TemperatureAt(1000, 1000), 1e-5);
        Assert.True(published.TemperatureAt(277_258, 1000) > 0.5f);
        Assert.Equal(0.5f, published.TemperatureAt(277_259, 1000));
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(Make, WaveTrial.Batch([9600, 8000]));

    /// <summary>95,044,608 and 317,390,592 published parameters, less the encoders' own.</summary>
    [Theory]
    [InlineData(768, 256, 256, 95_044_608 - 94_371_712)]
    [InlineData(1024, 768, 768, 317_390_592 - 315_438_720)]
    public void PublishedHeadsHaveTheirParameters(int dim, int quantized, int final, long expected)
    {
        Backbone backbone = BackboneFactory.Build(WaveTrial.Wav2Vec2 with { ConvDim = 512, Dim = dim, Heads = 4 });
        var method = new Wav2Vec2(backbone, new Wav2Vec2MethodOptions { QuantizedDim = quantized, FinalDim = final });
        Assert.Equal(expected, method.ParameterCount - backbone.ParameterCount);
    }

    [Fact]
    public void ItFitsShortCropsAndRefusesWhatCannotBe()
    {
        Assert.Equal(7, WaveTrial.Fit(new Wav2Vec2MethodOptions(), WaveTrial.Wav2Vec2, 0.6).Options.Mask.Length);
        Assert.StartsWith("method.mask.length: 10 cannot work", WaveTrial.Refusal(new Wav2Vec2MethodOptions(), WaveTrial.Wav2Vec2, 0.6, "method.mask.length"), StringComparison.Ordinal);
        Assert.StartsWith("method.quantized-dim: 9", Assert.Throws<ConfigurationException>((Small with { QuantizedDim = 9 }).Validate).Message, StringComparison.Ordinal);
        Assert.StartsWith("method.gumbel-floor", Assert.Throws<ConfigurationException>((Small with { GumbelFloor = 3 }).Validate).Message, StringComparison.Ordinal);
        Assert.StartsWith("model.name", Assert.Throws<ConfigurationException>(() => new Wav2Vec2(BackboneFactory.Build(WaveTrial.Cpc), Small)).Message, StringComparison.Ordinal);
    }

    private static Wav2Vec2 Make(ulong seed = 1) => Trial.Start(backbone => new Wav2Vec2(backbone, Small), WaveTrial.Wav2Vec2, seed);
}
