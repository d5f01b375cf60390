using Tacit.Methods;
using Tacit.Models;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

public sealed class MaeTests
{
    private static readonly MaeOptions Small = new() { DecoderDim = 16, DecoderDepth = 1, DecoderHeads = 2 };

    public static TheoryData<string> Pools => [.. BackboneFactory.Pools];

    [Theory]
    [MemberData(nameof(Pools))]
    public void TwentyStepsOnOneBatchLowerTheLoss(string pool)
    {
        double[] losses = Trial.Steps(Make(Small, pool), Trial.Pictures(6, 16, noise: 0.01f));
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public void ItsStateIsAllThereIs(string pool) => Trial.StateRoundTrips(seed => Make(Small, pool, seed), Trial.Pictures(6, 16));

    /// <summary>4 of 16 patches are kept.</summary>
    [Fact]
    public void HiddenPatchesAreNotSeen() => Shown.HiddenPatchesAreNotSeen(Make(Small with { NormPix = false }), Trial.Pictures(6, 16).Views, 0.75);

    /// <summary>With a decoder that tells nothing, normalised targets of deviation 1 (unbiased, of 48 numbers) cost 47/48 a number.</summary>
    [Fact]
    public void OneThatTellsNothingPaysTheVarianceOfItsTargets()
    {
        Mae method = Make(Small);
        Trial.Silence(method, "decoder.predict");
        (double loss, Diagnostics found) = Trial.Look(method, Trial.Views(1, side: 16));
        Assert.Equal(47.0 / 48, loss, 1e-4);
        Assert.Equal(47.0 / 48, found["visible_error"]!.Value, 1e-4);
        Assert.Equal(47.0 / 48, found["masked_error"]!.Value, 1e-4);
    }

    [Fact]
    public void WhatCannotBeHiddenIsRefused()
    {
        const string NoPatches = "model.name: mae hides patches, which resnet18 does not have; it works with vit.";
        Assert.Equal(NoPatches, Trial.Refusal(Small));
        Assert.Equal(NoPatches, Assert.Throws<ConfigurationException>(() => Trial.Start(b => new Mae(b, Small))).Message);
        Assert.StartsWith("method.mask-ratio: a mask ratio of 0.99 leaves nothing", Trial.Refusal(Small with { MaskRatio = 0.99 }, Trial.SmallVit), StringComparison.Ordinal);
        Assert.StartsWith("method.mask-ratio: a mask ratio of 0 masks none", Trial.Refusal(Small with { MaskRatio = 0 }, Trial.SmallVit), StringComparison.Ordinal);
        Assert.StartsWith("model.patch-size: a picture of 4 pixels is one patch of 4", Trial.Refusal(Small, Trial.SmallVit, [4]), StringComparison.Ordinal);
        Assert.StartsWith("model.patch-size: a picture of 3 pixels is less than a patch of 4", Trial.Refusal(Small, Trial.SmallVit, [3]), StringComparison.Ordinal);
        Assert.Throws<TacitException>(() => new MaeOptions { DecoderDim = 90 }.Validate());
    }

    private static Mae Make(MaeOptions options, string pool = "mean", ulong seed = 1) =>
        Trial.Start(b => new Mae(b, options), Trial.SmallVit with { Pool = pool, Positions = pool == "token" ? "learned" : "sincos" }, seed);
}
