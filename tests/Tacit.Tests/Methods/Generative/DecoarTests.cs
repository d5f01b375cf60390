using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

public sealed class DecoarTests
{
    private static readonly Batch Waves = FrameTrial.Waves(5, false, 60, 60, 44, 52, 3);

    /// <summary>Items of 12, 9 and 3 frames, the last too short for a slice of 5; padding holds numbers that must not count.</summary>
    [Fact]
    public void LossAndGradientsAreTorchs() => FrameTrial.IsThatOfTheScript(Make(new DecoarOptions { Slice = 4, Hidden = 3 }), "decoar");

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(), Waves);
        Assert.True(losses[^1] < 0.8 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed: seed), Waves);

    [Fact]
    public void PaddingChangesNothing() => FrameTrial.PaddingChangesNothing(() => Make(), 5);

    /// <summary>
    /// Frame t is t, 10 frames, slices of 4 from 0 … 6: telling 0 costs 3 + i at the i-th frame of a slice, 4.5 on average.
    /// </summary>
    [Fact]
    public void EachFrameOfASliceHasANetworkOfItsOwn()
    {
        Decoar method = Make(new DecoarOptions { Slice = 3 });
        Trial.Silence(method, "head");
        Tensor x = Tensor.Lasting(new Shape(1, 10, 5));
        for (int i = 0; i < x.Length; i++)
        {
            x.Span[i] = i / 5;
        }

        Batch batch = FrameTrial.Of(x, [10]);
        (double loss, Diagnostics found) = Trial.Look(method, batch);
        Assert.Equal(4.5, loss, 1e-5);
        method.NamedParameters().First(p => p.Key == "head0.2.bias").Value.Span.Fill(-1);       // 1 more, at the first frame alone
        (loss, found) = Trial.Look(method, batch);
        Assert.Equal(4.75, loss, 1e-5);
        Assert.Equal(4.5, found["masked_error"]!.Value, 1e-5);
        Assert.Equal(5, found["visible_error"]!.Value, 1e-5);
    }

    [Fact]
    public void ABatchThatIsTooShortCostsNothing() => FrameTrial.ABatchThatIsTooShortCostsNothing(Make(), FrameTrial.Waves(5, false, 8, 6, 4, 1));

    [Fact]
    public void WhatCannotBeToldIsRefused()
    {
        Assert.Equal(
            "model.name: decoar works with decoar, not with gru.",
            Assert.Throws<ConfigurationException>(() => Trial.Start(b => new Decoar(b, new DecoarOptions()), FrameTrial.Gru)).Message);
        Assert.StartsWith(
            "method.slice: 98 cannot work because the longest view has 98 frames", FrameTrial.Refusal(new DecoarOptions { Slice = 98 }, FrameTrial.Decoar, 1, "method.slice"), StringComparison.Ordinal);
        Assert.Equal(7, FrameTrial.Fit(new DecoarOptions(), FrameTrial.Decoar, 0.1).Options.Slice);
    }

    /// <summary>
    /// By hand: Linear 80 → 1,024 and eight LSTM layers of 4 · 1024 · (1024 + 1024 + 2); 18 networks of Linear 2,048 → 512 and 512 → 80.
    /// </summary>
    [Fact]
    public void ItsSizeIsThePapers()
    {
        Method method = FrameTrial.Published("decoar");
        long encoder = (81 * 1024) + (8L * 4 * 1024 * 2050);
        Assert.Equal(encoder, method.Backbone.ParameterCount);
        Assert.Equal(encoder + (18L * ((2049 * 512) + (513 * 80))), method.ParameterCount);
    }

    private static Decoar Make(DecoarOptions? options = null, ulong seed = 1) =>
        Trial.Start(b => new Decoar(b, options ?? new DecoarOptions { Slice = 6, Hidden = 8 }), FrameTrial.Decoar, seed);
}
