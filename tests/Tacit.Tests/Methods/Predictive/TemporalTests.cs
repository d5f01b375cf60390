using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

/// <summary>Temporal order and temporal gap.</summary>
public sealed class TemporalTests
{
    private static readonly Batch Ramps = Ramp(80, 80, 64, 72, 80, 70, 66, 20);

    private static readonly TemporalOrderOptions OrderOptions = new() { Piece = 16, MinGap = 2, MaxGap = 8, Hidden = 16 };

    private static readonly TemporalGapOptions GapOptions = new() { Piece = 16, MinGap = 2, MaxGap = 33, Classes = 4, Hidden = 16 };

    [Fact]
    public void UniformAnswersCostTheLogarithmOfTheirNumber()
    {
        Pretext.UniformAnswersCostTheLogarithmOfTheirNumber(Order(), Ramps, "head", 2);
        Pretext.UniformAnswersCostTheLogarithmOfTheirNumber(Gap(), Ramps, "head", 4);
    }

    /// <summary>What grows with time tells which piece came first, and by how much it grew how far they are apart.</summary>
    [Fact]
    public void AnswersAreLearned()
    {
        Pretext.AnswersAreLearned(Order(), Ramps);
        Pretext.AnswersAreLearned(Gap(), Ramps);
    }

    [Fact]
    public void QuestionsAreAFunctionOfSeedAndStep()
    {
        Pretext.QuestionsAreAFunctionOfSeedAndStep(Order(), Ramps);
        Pretext.QuestionsAreAFunctionOfSeedAndStep(Gap(), Ramps);
    }

    [Fact]
    public void TheirStateIsAllThereIs()
    {
        Trial.StateRoundTrips(seed => Order(seed), Ramps);
        Trial.StateRoundTrips(seed => Gap(seed), Ramps);
    }

    /// <summary>Encoders that see pieces of pictures and of FBANK frames both work, and neither sees padding.</summary>
    [Fact]
    public void PaddingChangesNothing()
    {
        FrameTrial.PaddingChangesNothing(() => Order(), 8, picture: true);
        FrameTrial.PaddingChangesNothing(() => Gap(), 8, picture: true);
        FrameTrial.PaddingChangesNothing(() => Order(model: FrameTrial.Gru), 5);
        FrameTrial.PaddingChangesNothing(() => Gap(model: FrameTrial.Transformer), 10);
    }

    /// <summary>Six of the seven ramps hold a pair. Both orders are asked, and a classifier that always says the first is right in half of the cases.</summary>
    [Fact]
    public void BothOrdersAreAsked()
    {
        TemporalOrder method = Order();
        Trial.Silence(method, "head");
        method.NamedParameters().Last(p => p.Key.EndsWith("bias", StringComparison.Ordinal)).Value.Span[0] = 1;
        double[] right = [.. Enumerable.Range(0, 200).Select(step => Trial.Look(method, Ramps, step: step).Found["accuracy"]!.Value)];
        Assert.Equal(0.5, right.Average(), 0.05);
        Assert.All(right, accuracy => Assert.Equal(Math.Round(accuracy * 6), accuracy * 6, 1e-9));
    }

    /// <summary>Gaps of 2 … 33 in four ranges of 8; no range is cut short, none overlap.</summary>
    [Fact]
    public void ClassesAreRangesOfGaps()
    {
        Assert.Equal([(2, 9), (10, 17), (18, 25), (26, 33)], Enumerable.Range(0, 4).Select(GapOptions.Range));
        Assert.Equal([(1, 3), (4, 6), (7, 10)], Enumerable.Range(0, 3).Select(new TemporalGapOptions { MinGap = 1, MaxGap = 10, Classes = 3 }.Range));
    }

    /// <summary>An item of 50 frames holds 32 of two pieces, 8 at its edges and gaps up to 10: those of the first class alone.</summary>
    [Fact]
    public void AnItemIsAskedOnlyForGapsThatItHolds()
    {
        TemporalGap method = Gap();
        Trial.Silence(method, "head");
        method.NamedParameters().Last(p => p.Key.EndsWith("bias", StringComparison.Ordinal)).Value.Span[0] = 1;
        for (int step = 0; step < 20; step++)
        {
            Assert.Equal(1, Trial.Look(method, Ramp(50, 50, 50, 49), step: step).Found["accuracy"]);
        }
    }

    [Fact]
    public void ABatchThatIsTooShortCostsNothing()
    {
        FrameTrial.ABatchThatIsTooShortCostsNothing(Order(), Ramp(41, 30, 9, 41));
        FrameTrial.ABatchThatIsTooShortCostsNothing(Gap(), Ramp(48, 30, 9, 48));
    }

    [Fact]
    public void WhatCannotBeAskedIsRefused()
    {
        BackboneOptions waves = new() { Name = BackboneFactory.Wav2Vec2 };
        Assert.Equal(
            "model.name: temporal-order cuts pieces out of frames or log-mel pictures, which wav2vec2 does not take; it works with audiontt.",
            FrameTrial.Refusal(new TemporalOrderOptions(), waves, 2));
        Assert.StartsWith("model.name: temporal-gap cuts pieces", FrameTrial.Refusal(new TemporalGapOptions(), waves, 2), StringComparison.Ordinal);
        Assert.StartsWith("data.crop: a view of 31 frames does not hold two pieces", FrameTrial.Refusal(new TemporalOrderOptions(), FrameTrial.AudioNtt, 0.3), StringComparison.Ordinal);
        Assert.StartsWith(
            "method.piece: 64 cannot work because the longest view has 101 frames",
            FrameTrial.Refusal(new TemporalOrderOptions(), FrameTrial.AudioNtt, 1, "method.piece"),
            StringComparison.Ordinal);
        Assert.Equal(42, FrameTrial.Fit(new TemporalOrderOptions(), FrameTrial.AudioNtt, 1).Options.Piece);
        Assert.StartsWith("method.max-gap: 240 cannot work", FrameTrial.Refusal(new TemporalGapOptions(), FrameTrial.AudioNtt, 2, "method.max-gap"), StringComparison.Ordinal);
        Assert.Contains("not 4 gaps", Assert.Throws<ConfigurationException>(new TemporalGapOptions { MaxGap = 10 }.Validate).Message, StringComparison.Ordinal);
        Assert.Contains("above method.max-gap", Assert.Throws<ConfigurationException>(new TemporalOrderOptions { MinGap = 50 }.Validate).Message, StringComparison.Ordinal);
    }

    /// <summary>A second of sound: pieces of 21 frames, (101 − 8 − 50) / 2, and gaps up to what they leave.</summary>
    [Fact]
    public void DefaultsFitShortRecordings()
    {
        (TemporalGapOptions options, List<string> notes) = FrameTrial.Fit(new TemporalGapOptions(), FrameTrial.AudioNtt, 1);
        Assert.Equal((21, 51), (options.Piece, options.MaxGap));
        Assert.Equal(2, notes.Count);
        options.Validate();
        Assert.Equal(new TemporalGapOptions(), FrameTrial.Fit(new TemporalGapOptions(), FrameTrial.AudioNtt, 4).Options);
    }

    private static TemporalOrder Order(ulong seed = 1, BackboneOptions? model = null) =>
        Trial.Start(b => new TemporalOrder(b, OrderOptions), model ?? FrameTrial.AudioNtt, seed);

    private static TemporalGap Gap(ulong seed = 1, BackboneOptions? model = null) =>
        Trial.Start(b => new TemporalGap(b, GapOptions), model ?? FrameTrial.AudioNtt, seed);

    /// <summary>Log-mel pictures whose bins grow with time at a pace of their own.</summary>
    private static Batch Ramp(int frames, params int[] lengths)
    {
        Batch batch = FrameTrial.Waves(8, true, frames, lengths);
        for (int i = 0; i < batch.Views.Length; i++)
        {
            int t = i / 8 % frames, n = i / 8 / frames;
            batch.Views.Span[i] = t < lengths[n] ? (0.3f * batch.Views.Span[i]) + (((0.05f * t) - 2) * (1 + (0.1f * (i % 8)))) : 0;
        }

        return batch;
    }
}
