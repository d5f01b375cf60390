using Tacit.Data;
using Tacit.Data.Loading;
using Tacit.Data.Pictures;
using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Training;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

public sealed class SimMimTests
{
    private const string BlockKey = "method.mask-block";

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(), Trial.Pictures(6, 16, noise: 0.01f));
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Trial.Pictures(6, 16));

    /// <summary>⌊4 · 0.4⌋ = 1 of 4 squares is kept.</summary>
    [Fact]
    public void HiddenPatchesAreNotSeen() => Shown.HiddenPatchesAreNotSeen(Make(), Trial.Pictures(6, 16).Views, 0.75);

    /// <summary>One that tells 0 of pictures that are 3 and −3 in turn is 3 off everywhere.</summary>
    [Fact]
    public void OneThatTellsNothingPaysThePixelsThemselves()
    {
        SimMim method = Make();
        Trial.Silence(method, "predict");
        Batch batch = Trial.Pictures(6, 16);
        for (int i = 0; i < batch.Views.Length; i++)
        {
            batch.Views.Span[i] = i % 2 == 0 ? 3 : -3;
        }

        Assert.Equal(3, Trial.Look(method, batch).Loss, 1e-5);
    }

    /// <summary>Masked squares lie on a grid of two by two patches.</summary>
    [Fact]
    public void WholeSquaresAreHidden()
    {
        const int Side = 16, Square = 8;
        (float[] masked, _) = Shown.Masked(Make(), Tensor.Full(new Shape(6, Side, Side, 3), 1));
        for (int i = 0; i < masked.Length; i += 3)
        {
            int picture = i / (Side * Side * 3), y = i / 3 / Side % Side, x = i / 3 % Side;
            Assert.Equal(masked[((((picture * Side) + (y / Square * Square)) * Side) + (x / Square * Square)) * 3] == 0, masked[i] == 0);
        }
    }

    [Fact]
    public void WhatCannotBeHiddenIsRefused()
    {
        Assert.Equal("model.name: simmim hides patches, which resnet18 does not have; it works with vit.", Trial.Refusal(new SimMimOptions()));
        Assert.StartsWith("method.mask-ratio: a mask ratio of 0.9 leaves nothing", Trial.Refusal(new SimMimOptions { MaskRatio = 0.9 }, Trial.SmallVit, [16]), StringComparison.Ordinal);
    }

    /// <summary>All sides of a run count, not the smallest alone: 24 pixels are 6 patches and 3 squares, 20 are 5 patches.</summary>
    [Fact]
    public void SquaresDivideThePicturesOfEverySide()
    {
        Assert.Equal(2, Trial.Fit(new SimMimOptions(), Trial.SmallVit, [16, 24, 32], given: BlockKey).Options.MaskBlock);
        Assert.StartsWith(
            "method.mask-block: 3 cannot work because a picture of 16 pixels is 4 patches across",
            Trial.Refusal(new SimMimOptions { MaskBlock = 3 }, Trial.SmallVit, [16], given: BlockKey),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "method.mask-block: 2 cannot work because a picture of 20 pixels is 5 patches across",
            Trial.Refusal(new SimMimOptions(), Trial.SmallVit, [16, 20, 32], given: BlockKey),
            StringComparison.Ordinal);

        (SimMimOptions options, List<string> notes) = Trial.Fit(new SimMimOptions(), Trial.SmallVit, [16, 20, 32]);
        Assert.Equal(1, options.MaskBlock);
        Assert.StartsWith("method.mask-block is 1 instead of 2 because a picture of 20 pixels", Assert.Single(notes), StringComparison.Ordinal);

        using Scope scope = Scope.Gradient(1);
        Assert.Contains("squares of 2", Assert.Throws<TacitException>(() => Make().Loss(Trial.Pictures(2, 20), new Diagnostics())).Message, StringComparison.Ordinal);
    }

    /// <summary>The stages of a run's sides, and the side that evaluation shows, are all looked at before the first step.</summary>
    [Theory]
    [InlineData("16,20@0.5", 16)]
    [InlineData("16,24@0.5", 20)]
    public void ARunWithAStageThatSquaresDoNotDivideIsRefused(string sizes, int size)
    {
        using var data = PictureDataset.Of("squares", [.. Enumerable.Range(0, 4).Select(i => new Picture(24, 24, 3, new byte[24 * 24 * 3]))]);
        RunConfig config = ConfigBinder.Bind("simmim", null, ["method.mask-block=2", $"data.size={size}", $"data.sizes={sizes}"]);
        string refusal = Assert.Throws<ConfigurationException>(() => ConfigResolver.ForData(config, data, _ => { })).Message;
        Assert.StartsWith("method.mask-block: 2 cannot work because a picture of 20 pixels", refusal, StringComparison.Ordinal);
    }

    private static SimMim Make(ulong seed = 1) => Trial.Start(b => new SimMim(b, new SimMimOptions()), Trial.SmallVit, seed);
}
