using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Generative;

public sealed class IGptTests
{
    private const int Side = 16;

    private static readonly BackboneOptions Model = new() { Name = BackboneFactory.PixelTransformer, Dim = 16, Depth = 2, Heads = 2, Side = Side, Colours = 8 };

    public static TheoryData<PixelObjective> Objectives => [PixelObjective.Next, PixelObjective.Masked];

    [Theory]
    [MemberData(nameof(Objectives))]
    public void TwentyStepsOnOneBatchLowerTheLoss(PixelObjective objective)
    {
        double[] losses = Trial.Steps(Make(objective), Trial.Pictures(6, Side, noise: 0.01f));
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Theory]
    [MemberData(nameof(Objectives))]
    public void ItsStateIsAllThereIs(PixelObjective objective) => Trial.StateRoundTrips(seed => Make(objective, seed: seed), Trial.Pictures(6, Side));

    [Theory]
    [MemberData(nameof(Objectives))]
    public void OneThatTellsNothingPaysTheLogarithmOfItsColours(PixelObjective objective)
    {
        IGpt method = Make(objective);
        Trial.Silence(method, "backbone.head");
        (double loss, Diagnostics found) = Trial.Look(method, Trial.Pictures(6, Side));
        Assert.Equal(Math.Log(8), loss, 1e-5);
        Assert.Equal(3, found["bits_per_pixel"]!.Value, 1e-5);
        Assert.Equal(Math.Log(8), method.ChanceLoss(6)!.Value, 1e-12);
        Assert.InRange(found["palette_use"]!.Value, 1.0 / 8, 1);
        Assert.True(found["palette_error"]!.Value > 0);
    }

    /// <summary>Four colours in the pictures, four in the palette: they are found, and pictures are told without error.</summary>
    [Fact]
    public void ThePaletteIsThatOfThePictures()
    {
        IGpt method = Make(colours: 4);
        Batch batch = Trial.Pictures(6, Side);
        float[][] colours = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, -1, -1]];
        for (int i = 0; i < batch.Views.Length; i++)
        {
            batch.Views.Span[i] = colours[i / 3 * 7 % 11 % 4][i % 3];
        }

        Assert.Null(Trial.Pass(method, batch).Targets);
        Tensor palette = ((PixelTransformer)method.Backbone).Palette;
        Assert.Equal(colours.Select(c => string.Join(' ', c)).Order(), Enumerable.Range(0, 4).Select(k => string.Join(' ', palette.Rows(k, 1).ToArray())).Order());
        Diagnostics found = Trial.Look(method, batch).Found;
        Assert.Equal(0, found["palette_error"]!.Value, 1e-10);
        Assert.Equal(1, found["palette_use"]);
    }

    [Fact]
    public void FewerColoursThanThePaletteHasAreSaid()
    {
        Batch batch = Trial.Pictures(6, Side);
        for (int i = 0; i < batch.Views.Length; i++)
        {
            batch.Views.Span[i] = i / 3 % 2;
        }

        var notes = new List<string>();
        Trial.Pass(Make(), batch, notes: notes);
        Assert.Contains("2 different colours", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Contains("model.colours", Assert.Throws<ConfigurationException>(() => Trial.Pass(Make(colours: 300), Trial.Pictures(1, Side))).Message, StringComparison.Ordinal);
    }

    /// <summary>The upper half of a completed picture is what was given, whatever is drawn below; another seed draws another lower half.</summary>
    [Fact]
    public void CompletionsKeepWhatWasGiven()
    {
        IGpt method = Make();
        Tensor pictures = Trial.Pictures(6, Side).Views;
        (float[] known, float[] first, float[] free) = Draw(1);
        (_, float[] second, _) = Draw(2);
        (_, float[] same, _) = Draw(1);
        int half = Side * Side * 3 / 2, differ = 0, alike = 0;
        for (int i = 0; i < known.Length; i++)
        {
            bool above = i % (2 * half) < half;
            Assert.True(!above || (first[i] == known[i] && second[i] == known[i]), $"the given half changed at {i}");
            differ += first[i] == second[i] ? 0 : 1;
            alike += !above && first[i] == free[i] ? 1 : 0;
        }

        Assert.True(differ > 0);
        Assert.Equal(first, same);
        Assert.True(alike < known.Length / 4, "what is drawn from nothing should be drawn by numbers of its own");

        (float[], float[], float[]) Draw(ulong seed)
        {
            IReadOnlyList<ReconstructionColumn> columns = Shown.Columns(method, pictures, seed);
            Assert.Equal(["original", "in palette", "upper half", "completed", "from nothing"], columns.Select(c => c.Name));
            return (columns[1].Pictures.ToArray(), columns[3].Pictures.ToArray(), columns[4].Pictures.ToArray());
        }
    }

    [Fact]
    public void FeaturesAreThoseOfTheObjective()
    {
        Assert.True(((PixelTransformer)Make().Backbone).Causal);
        IGpt masked = Make(PixelObjective.Masked);
        Assert.False(((PixelTransformer)masked.Backbone).Causal);
        Assert.Equal(["original", "in palette", "masked", "reconstruction"], Shown.Columns(masked, Trial.Pictures(6, Side).Views).Select(c => c.Name));
    }

    [Fact]
    public void WhatCannotBeToldIsRefused()
    {
        Assert.StartsWith("model.name: igpt tells a picture pixel by pixel, which vit cannot", Trial.Refusal(new IGptOptions(), Trial.SmallVit), StringComparison.Ordinal);
        Assert.StartsWith("data.size: views of 32 pixels do not fit the model, whose sequences are pictures of 16", Trial.Refusal(new IGptOptions(), Model), StringComparison.Ordinal);
        Assert.StartsWith(
            "model.colours: a palette of 512 colours cannot be found among 256 pixels", Trial.Refusal(new IGptOptions(), Model with { Colours = 512 }, [Side], items: 1), StringComparison.Ordinal);
        Assert.StartsWith("method.mask-ratio", Trial.Refusal(new IGptOptions { Objective = PixelObjective.Masked, MaskRatio = 1 }, Model, [Side]), StringComparison.Ordinal);
    }

    private static IGpt Make(PixelObjective objective = PixelObjective.Next, int colours = 8, ulong seed = 1) =>
        Trial.Start(b => new IGpt(b, new IGptOptions { Objective = objective }), Model with { Colours = colours }, seed);
}
