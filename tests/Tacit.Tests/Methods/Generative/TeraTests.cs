using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

public sealed class TeraTests
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

    /// <summary>Noise in all items alters every number: telling 0 costs the mean of all real numbers' sizes, and nothing is left visible.</summary>
    [Fact]
    public void AllThatWasAlteredIsTold()
    {
        Tera method = Make(new TeraOptions { NoiseProbability = 1 });
        Trial.Silence(method, "head.output");
        (double loss, Diagnostics found) = Trial.Look(method, Waves);
        double expected = Enumerable.Range(0, 4).SelectMany(n => Waves.Views.Rows(n, 1).ToArray().Take(Waves.Lengths![n] * 10)).Average(x => Math.Abs((double)x));
        Assert.Equal(expected, loss, 1e-5);
        Assert.Null(found["visible_error"]);
    }

    [Fact]
    public void WithoutBandsAndNoiseItIsMockingjay()
    {
        Tera method = Make(new TeraOptions { Band = 0, NoiseProbability = 0 });
        Mockingjay other = Trial.Start(b => new Mockingjay(b, new MockingjayOptions()), FrameTrial.Transformer);
        Assert.Equal(Trial.Look(other, Waves).Loss, Trial.Look(method, Waves).Loss);
        Assert.NotEqual(Trial.Look(other, Waves).Loss, Trial.Look(Make(), Waves).Loss);
    }

    [Fact]
    public void WhatCannotBeAlteredIsRefused()
    {
        Assert.StartsWith(
            "model.name: tera works with fbank-transformer, not with decoar.",
            Assert.Throws<ConfigurationException>(() => Trial.Start(b => new Tera(b, new TeraOptions()), FrameTrial.Decoar)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "method.span: 60 cannot work", FrameTrial.Refusal(new TeraOptions { Span = 60 }, FrameTrial.Transformer, 1, "method.span"), StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => Tera.Entry.Options.Set(Tera.Entry.Defaults, "band", "1.5"));
        Assert.Throws<ConfigurationException>(() => Tera.Entry.Options.Set(Tera.Entry.Defaults, "mask-ratio", "0"));
    }

    private static Tera Make(ulong seed) => Trial.Start(b => new Tera(b, new TeraOptions()), FrameTrial.Transformer, seed);

    private static Tera Make(TeraOptions? options = null) => Trial.Start(b => new Tera(b, options ?? new TeraOptions()), FrameTrial.Transformer);
}
