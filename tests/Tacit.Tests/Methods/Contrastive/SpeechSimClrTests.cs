using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Contrastive;

public sealed class SpeechSimClrTests
{
    private static readonly int[] Lengths = [40, 33, 40, 12, 5, 1];

    [Fact]
    public void ThirtyStepsOnOneBatchLowerBothLosses()
    {
        SpeechSimClr method = Make();
        Batch batch = Hearing.Frames(Lengths);
        Diagnostics before = Trial.Look(method, batch).Found;
        Trial.Steps(method, batch, 30, Trial.Adam(0.003));
        Diagnostics after = Trial.Look(method, batch).Found;
        Assert.True(after["reconstruction_loss"] < before["reconstruction_loss"]);
        Assert.True(after["contrastive_loss"] < before["contrastive_loss"]);
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Hearing.Frames(Lengths));

    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(1f)]
    public void TheLossIsTheWeightedSumOfItsParts(float weight)
    {
        (double loss, Diagnostics found) = Trial.Look(Make(weight: weight), Hearing.Frames(Lengths));
        Assert.Equal(((1 - weight) * found["reconstruction_loss"]!.Value) + (weight * found["contrastive_loss"]!.Value), loss, 1e-5);
    }

    /// <summary>A head that says 0 misses by the mean of what is hidden; with everything hidden that is the mean over all real frames.</summary>
    [Fact]
    public void WhatIsHiddenIsWhatMustBeSaid()
    {
        SpeechSimClr method = Make(ratio: 0.999f, span: 1);
        Trial.Silence(method, "reconstruction");
        Batch batch = Hearing.Frames(Lengths);
        double sum = 0;
        foreach (float x in batch.Views.Span)
        {
            sum += Math.Abs(x);
        }

        Assert.Equal(sum / (2 * Lengths.Sum() * 8), Trial.Look(method, batch).Found["reconstruction_loss"]!.Value, 1e-4);
    }

    /// <summary>More padding changes neither loss: it is hidden nowhere, and no state of it is looked at.</summary>
    [Fact]
    public void PaddingChangesNothing()
    {
        Batch batch = Hearing.Frames(Lengths);
        Tensor longer = Tensor.Lasting(new Shape(12, 64, 8));
        longer.Span.Fill(7);
        for (int row = 0; row < 12; row++)
        {
            batch.Views.Rows(row, 1).Span.CopyTo(longer.Rows(row, 1).Span);
        }

        (double loss, _) = Trial.Look(Make(), batch);
        (double padded, _) = Trial.Look(Make(), new Batch(longer, 2, batch.Items, null) { Lengths = batch.Lengths });
        Assert.Equal(loss, padded, 1e-5);
    }

    [Fact]
    public void SpansAreHiddenWithinLengths()
    {
        var random = new RandomSequence(1, 2, 3);
        int[] lengths = [.. Enumerable.Repeat(400, 50), 3, 7, 1];
        int[] rows = SpeechSimClr.HiddenFrames(lengths, 400, 0.2f, 7, ref random);

        Assert.Equal(rows.Distinct().Order(), rows);
        Assert.All(rows, row => Assert.True(row % 400 < lengths[row / 400]));
        Assert.All(Enumerable.Range(0, lengths.Length), n => Assert.Contains(rows, row => row / 400 == n));

        // 11 spans of 7 among 394 starts: a frame stays in sight when none of the 7 starts before it is drawn, C(387, 11) / C(394, 11).
        double seen = Enumerable.Range(0, 11).Aggregate(1.0, (p, i) => p * (387 - i) / (394 - i));
        Assert.Equal(1 - seen, rows.Count(r => r / 400 < 50) / 20000.0, 0.01);
    }

    [Fact]
    public void EncodersWithoutAStateForEachFrameAreRefused()
    {
        Assert.Contains("has no state for each", Assert.Throws<ConfigurationException>(() => new SpeechSimClr(BackboneFactory.Build(Hearing.Ntt), new SpeechSimClrOptions())).Message, StringComparison.Ordinal);
        Assert.Contains("has no state for each", Assert.Throws<ConfigurationException>(() => new SpeechSimClr(BackboneFactory.Build(Trial.SmallResNet), new SpeechSimClrOptions())).Message, StringComparison.Ordinal);
    }

    private static SpeechSimClr Make(ulong seed = 1, float weight = 0.5f, float ratio = 0.2f, int span = 3) =>
        Trial.Start(b => new SpeechSimClr(b, new SpeechSimClrOptions { Projector = [16, 8], ContrastiveWeight = weight, MaskRatio = ratio, MaskSpan = span }), Hearing.Bert, seed);
}
