using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

public sealed class ApcTests
{
    private static readonly Batch Waves = FrameTrial.Waves(5, false, 60, 60, 44, 52, 3);

    /// <summary>Items of 12, 9 and 3 frames, the last too short for 4 steps ahead; padding holds numbers that must not count.</summary>
    [Fact]
    public void LossAndGradientsAreTorchs() => FrameTrial.IsThatOfTheScript(Make(4), "apc");

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(5), Waves);
        Assert.True(losses[^1] < 0.7 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(5, seed), Waves);

    [Fact]
    public void PaddingChangesNothing() => FrameTrial.PaddingChangesNothing(() => Make(5), 5);

    /// <summary>Frame t is t in all bins. Telling 0 at 3 steps ahead costs the mean of 3 … 9 (6), against its own frame 0 … 6 (3); a copy is 3 off.</summary>
    [Fact]
    public void ErrorsAreOfTheFrameAhead()
    {
        Apc method = Make(3);
        Trial.Silence(method, "head");
        Tensor x = Tensor.Lasting(new Shape(1, 10, 5));
        for (int i = 0; i < x.Length; i++)
        {
            x.Span[i] = i / 5;
        }

        (double loss, Diagnostics found) = Trial.Look(method, FrameTrial.Of(x, [10]));
        Assert.Equal(6, loss, 1e-5);
        Assert.Equal(6, found["masked_error"]!.Value, 1e-5);
        Assert.Equal(3, found["visible_error"]!.Value, 1e-5);
        Assert.Equal(3, found["copy_error"]!.Value, 1e-5);
    }

    [Fact]
    public void ABatchThatIsTooShortCostsNothing() => FrameTrial.ABatchThatIsTooShortCostsNothing(Make(5), FrameTrial.Waves(5, false, 8, 5, 4, 1));

    [Fact]
    public void WhatCannotBeToldIsRefused()
    {
        Assert.Equal(
            "model.name: apc works with gru, not with decoar.",
            Assert.Throws<ConfigurationException>(() => Trial.Start(b => new Apc(b, new ApcOptions()), FrameTrial.Decoar)).Message);
        Assert.StartsWith(
            "method.n-future: 98 cannot work because the longest view has 98 frames; give at most 97",
            FrameTrial.Refusal(new ApcOptions { NFuture = 98 }, FrameTrial.Gru, 1, "method.n-future"),
            StringComparison.Ordinal);
        Assert.Equal(97, FrameTrial.Fit(new ApcOptions { NFuture = 97 }, FrameTrial.Gru, 1, "method.n-future").Options.NFuture);
        (ApcOptions options, List<string> notes) = FrameTrial.Fit(new ApcOptions(), FrameTrial.Gru, 0.06);
        Assert.Equal(3, options.NFuture);
        Assert.StartsWith("method.n-future is 3 instead of 5", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Contains("give longer recordings", FrameTrial.Refusal(new ApcOptions(), FrameTrial.Gru, 0.03), StringComparison.Ordinal);
    }

    /// <summary>The leaderboard's figure, with the head.</summary>
    [Fact]
    public void ItsSizeIsThePublishedOne() => Assert.Equal(4_105_296, FrameTrial.Published("apc").ParameterCount);

    private static Apc Make(int ahead, ulong seed = 1) => Trial.Start(b => new Apc(b, new ApcOptions { NFuture = ahead }), FrameTrial.Gru, seed);
}
