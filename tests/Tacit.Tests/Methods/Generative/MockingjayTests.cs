using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

public sealed class MockingjayTests
{
    private static readonly Batch Waves = FrameTrial.Waves(10, false, 60, 60, 44, 52, 6);

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(), Waves, still: true);
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Waves);

    [Fact]
    public void PaddingChangesNothing() => FrameTrial.PaddingChangesNothing(() => Make(), 10);

    /// <summary>One that tells 0 of frames that are 3 and −3 in turn is 3 off everywhere, hidden or not, whatever lies in padding.</summary>
    [Fact]
    public void OneThatTellsNothingPaysTheFramesThemselves()
    {
        Mockingjay method = Make();
        Trial.Silence(method, "head.output");
        Tensor x = Tensor.Lasting(new Shape(2, 40, 10));
        for (int i = 0; i < x.Length; i++)
        {
            x.Span[i] = i >= 700 ? 99 : i % 2 == 0 ? 3 : -3;
        }

        (double loss, Diagnostics found) = Trial.Look(method, FrameTrial.Of(x, [40, 30]));
        Assert.Equal(3, loss, 1e-5);
        Assert.Equal(3, found["masked_error"]!.Value, 1e-5);
        Assert.Equal(3, found["visible_error"]!.Value, 1e-5);
    }

    /// <summary>Other numbers in the frames that are told change what the encoder sees where they stay as they are, and nothing where they become zeros.</summary>
    [Fact]
    public void HiddenFramesDoNotReachTheEncoder()
    {
        int zeroed = 0, kept = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            AlteredFrames first = Alter(Waves.Views, seed);
            Tensor other = Ops.Add(Waves.Views, Ops.Multiply(first.Mask, 5f));
            AlteredFrames second = Alter(other, seed);
            Assert.Equal(first.Mask.ToArray(), second.Mask.ToArray());
            for (int n = 0; n < 4; n++)
            {
                float[] shown = first.Input.Rows(n, 1).ToArray(), whole = Waves.Views.Rows(n, 1).ToArray(), mask = first.Mask.Rows(n, 1).ToArray();
                bool same = shown.SequenceEqual(second.Input.Rows(n, 1).ToArray());
                if (shown.SequenceEqual(whole))
                {
                    kept++;
                    Assert.False(same);
                }
                else if (shown.Zip(mask).All(p => p.Second == 0 || p.First == 0))
                {
                    zeroed++;
                    Assert.True(same);
                }
            }
        }

        Assert.True(kept > 0 && zeroed > 40, $"{kept} kept, {zeroed} zeroed");

        static AlteredFrames Alter(Tensor frames, ulong seed)
        {
            var random = new RandomSequence(seed, 1, 1);
            return new FrameAlteration(0.15, 7, 10).Draw(frames, Waves.Lengths!, ref random);
        }
    }

    [Fact]
    public void WhatCannotBeHiddenIsRefused()
    {
        Assert.Equal(
            "model.name: mockingjay works with fbank-transformer, not with gru.",
            Assert.Throws<ConfigurationException>(() => Trial.Start(b => new Mockingjay(b, new MockingjayOptions()), FrameTrial.Gru)).Message);
        Assert.StartsWith(
            "method.span: 50 cannot work because the longest view has 98 frames; give at most 49",
            FrameTrial.Refusal(new MockingjayOptions { Span = 50 }, FrameTrial.Transformer, 1, "method.span"),
            StringComparison.Ordinal);
        (MockingjayOptions options, List<string> notes) = FrameTrial.Fit(new MockingjayOptions(), FrameTrial.Transformer, 0.1);
        Assert.Equal(4, options.Span);
        Assert.StartsWith("method.span is 4 instead of 7 because the longest view has 8 frames", Assert.Single(notes), StringComparison.Ordinal);
    }

    /// <summary>
    /// s3prl's sizes without a head, at 80 and 240 numbers a frame; the head is Linear 768 → 768 (590,592), a norm (1,536) and Linear 768 →
    /// 240 (184,560) or 80 (61,520).
    /// </summary>
    [Fact]
    public void SizesAreThePublishedOnes()
    {
        Assert.Equal(21_327_360, FrameTrial.Published("mockingjay", deltas: false).Backbone.ParameterCount);
        Assert.Equal(85_118_208, FrameTrial.Published("mockingjay", "large", deltas: false).Backbone.ParameterCount);
        Method method = FrameTrial.Published("mockingjay");
        Assert.Equal(21_450_240, method.Backbone.ParameterCount);
        Assert.Equal(21_450_240 + 590_592 + 1_536 + 184_560, method.ParameterCount);
        Assert.Equal(21_327_360, FrameTrial.Published("tera").Backbone.ParameterCount);
        Assert.Equal(21_327_360 + 590_592 + 1_536 + 61_520, FrameTrial.Published("tera").ParameterCount);
    }

    private static Mockingjay Make(ulong seed = 1) => Trial.Start(b => new Mockingjay(b, new MockingjayOptions()), FrameTrial.Transformer, seed);
}
