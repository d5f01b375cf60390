using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

public sealed class Data2Vec2AudioTests
{
    private static readonly Data2Vec2AudioOptions Options = new()
    {
        Clones = 2, MaskLength = 3, Noise = 0, DecoderDim = 6, DecoderKernel = 3, DecoderLayers = 2, Teacher = new SpeechTeacherOptions { TargetLayers = 2 },
    };

    /// <summary>Positions of what is seen, transformer, decoder, targets and error put together from torch's functions, for each mask of each recording alone.</summary>
    [Fact]
    public void LossAndGradientsAreTorchs()
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("speech-hidden.safetensors").Tensors;
        Data2Vec2Audio method = Make(Options);
        HiddenFrames.FillWithTwin(method, "teacher.average.twin.");
        HiddenFrames.Fill(method, 650, "decoder.0.weight", "decoder.0.bias", "decoder.1.weight", "decoder.1.bias", "decoder.proj.weight", "decoder.proj.bias");
        Assert.Equal(string.Concat(expected["hidden"].ToArray()), string.Concat(Hidden()));
        Diagnostics found = HiddenFrames.AssertLoss(
            method, HiddenFrames.Batch(), expected, "data2vec2",
            ("decoder.0.weight", "weight0_gradient"), ("decoder.1.weight", "weight1_gradient"), ("decoder.proj.weight", "weight2_gradient"));
        Assert.Equal(0.5, found["masked_share"]!.Value, 1e-12);
    }

    /// <summary>Each utterance hides the very share, at least one frame and never all, whatever its length; padding is not hidden.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.02)]
    [InlineData(0.99)]
    public void TheVeryShareIsHidden(double ratio)
    {
        int[] lengths = [0, 1, 2, 3, 7, 49, 100];
        var random = new RandomSequence(1, 2, 3);
        bool[] hidden = (new Data2Vec2AudioOptions() with { MaskRatio = ratio }).Draw(lengths, 100, ref random);
        for (int n = 0; n < lengths.Length; n++)
        {
            int count = hidden[(n * 100)..((n * 100) + lengths[n])].Count(h => h);
            Assert.Equal(lengths[n] < 2 ? 0 : Math.Clamp((int)Math.Round(ratio * lengths[n]), 1, lengths[n] - 1), count);
            Assert.DoesNotContain(true, hidden[((n * 100) + lengths[n])..((n + 1) * 100)]);
        }
    }

    /// <summary>All frames kept: the encoder's own context.</summary>
    [Fact]
    public void AContextOfAllFramesIsTheContext()
    {
        var encoder = ((Wav2Vec2Backbone)Make(Options).Backbone).Encoder;
        using Scope scope = Scope.NoGradient();
        Tensor x = Tensor.From(Hashed.Singles(2 * 12 * 12, 5), new Shape(2, 12, 12));
        int[] kept = [.. Enumerable.Range(0, 24).Where(i => i < 12 || i < 20)];
        Tensor some = encoder.ContextOfSome(x, HiddenFrames.Counts, kept, HiddenFrames.Counts), all = encoder.Context(x, HiddenFrames.Counts);
        Assert.Equal(Ops.PackFrames(all, HiddenFrames.Counts).ToArray(), Ops.PackFrames(some, HiddenFrames.Counts).ToArray());
    }

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(Options with { Teacher = Options.Teacher with { Momentum = 1, FinalMomentum = 1 } }), HiddenFrames.Batch(), still: true);
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void TheTeacherBeginsEqualAndFollows() => Trial.TeacherFollows(Make(Options), HiddenFrames.Batch(), "teacher.average.twin.", "backbone.", 0.99);

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Options with { Noise = 0.01f }, seed), HiddenFrames.Batch());

    [Fact]
    public void WhatCannotWorkIsRefusedAndDefaultsAdapt()
    {
        Assert.Contains("train.batch-size", Assert.Throws<ConfigurationException>(() => Options.FitTo(HiddenFrames.Fit(batch: 1))).Message, StringComparison.Ordinal);
        Assert.Contains("model.relative-buckets", Assert.Throws<ConfigurationException>(() => Options.FitTo(HiddenFrames.Fit(model: HiddenFrames.Layer with { RelativeBuckets = 16 }))).Message, StringComparison.Ordinal);
        Assert.Contains("decoder-kernel", Assert.Throws<ConfigurationException>((Options with { DecoderKernel = 4 }).Validate).Message, StringComparison.Ordinal);
        var notes = new List<string>();
        var fitted = (Data2Vec2AudioOptions)new Data2Vec2AudioOptions().FitTo(HiddenFrames.Fit(seconds: 0.3, notes: notes));
        Assert.Equal((3, 3), (fitted.Teacher.TargetLayers, fitted.MaskLength));
        Assert.Equal(2, notes.Count);
    }

    private static Data2Vec2Audio Make(Data2Vec2AudioOptions options, ulong seed = 1) => Trial.Start(b => new Data2Vec2Audio(b, options), HiddenFrames.Layer, seed);

    /// <summary>The masks of <see cref="HiddenFrames.AssertLoss"/>, 12 marks each.</summary>
    private static float[] Hidden()
    {
        using Scope scope = Scope.Gradient(3, 7);
        RandomSequence random = Scope.NextRandom("mask", "");
        return [.. Options.Draw([.. HiddenFrames.Counts, .. HiddenFrames.Counts], 12, ref random).Select(h => h ? 1f : 0)];
    }
}
