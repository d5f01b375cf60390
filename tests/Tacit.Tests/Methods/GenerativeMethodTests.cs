using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

/// <summary>MAE, SimMIM and iGPT as methods; their losses have tests of their own.</summary>
public sealed class GenerativeMethodTests
{
    private const int Pictures = 6, Side = 16;

    public static TheoryData<string> Names => ["mae", "mae with a class token", "simmim", "igpt", "igpt masked"];

    [Theory]
    [MemberData(nameof(Names))]
    public void TwentyStepsOnOneBatchLowerTheLoss(string name)
    {
        Method method = Make(name);
        var optimizer = Optimizer.Create(new OptimizerOptions { Name = "adam", Lr = 0.01, WeightDecay = 0 }, method);
        List<double> losses = MethodRun.Steps(method, optimizer, Smooth(), 20, 0.01);
        Assert.True(losses[^1] < 0.9 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ItGoesOnFromItsState(string name) =>
        MethodRun.ResumesExactly(() => Make(name), new OptimizerOptions { Name = "adam", Lr = 0.003 }, Smooth());

    /// <summary>The hidden patches' pixels may be anything: what the network makes of the others stays the same to the last bit.</summary>
    [Theory]
    [InlineData("mae of plain pixels")]
    [InlineData("simmim")]
    public void HiddenPatchesAreNotSeen(string name)
    {
        var method = (IReconstructs)Make(name);
        Tensor pictures = Smooth().Views, other = pictures.ToLasting();
        (float[] masked, float[] painted) = Shown(method, pictures);
        int hidden = 0;
        for (int i = 0; i < other.Length; i++)
        {
            if (masked[i] == 0)
            {
                other.Span[i] = 9;
                hidden++;
            }
        }

        // MAE keeps 4 of 16 patches, SimMIM ⌊4 · 0.4⌋ = 1 of 4 squares.
        Assert.Equal(0.75, (double)hidden / other.Length);
        (float[] again, float[] repainted) = Shown(method, other);
        for (int i = 0; i < painted.Length; i++)
        {
            Assert.Equal(masked[i], again[i]);
            Assert.Equal(painted[i], repainted[i]);
        }
    }

    /// <summary>With a decoder that tells nothing, normalised targets of deviation 1 (unbiased, of 48 numbers) cost 47/48 a number.</summary>
    [Fact]
    public void AMaeThatTellsNothingPaysTheVarianceOfItsTargets()
    {
        Method method = Make("mae");
        method.StateDict()["decoder.predict.weight"].Span.Clear();
        var diagnostics = new Diagnostics();
        Batch batch = MethodRun.Views(Pictures, Side, 1);
        using Scope scope = Scope.Gradient(1);
        Assert.Equal(47.0 / 48, method.Loss(batch, diagnostics).ToScalar(), 1e-4);
        Assert.Equal(47.0 / 48, diagnostics["visible_error"]!.Value, 1e-4);
        Assert.Equal(47.0 / 48, diagnostics["masked_error"]!.Value, 1e-4);
    }

    /// <summary>A SimMIM that tells 0 of pictures that are 3 and −3 in turn is 3 off everywhere.</summary>
    [Fact]
    public void ASimMimThatTellsNothingPaysThePixelsThemselves()
    {
        Method method = Make("simmim");
        method.StateDict()["predict.weight"].Span.Clear();
        method.StateDict()["predict.bias"].Span.Clear();
        Batch batch = Smooth();
        for (int i = 0; i < batch.Views.Length; i++)
        {
            batch.Views.Span[i] = i % 2 == 0 ? 3 : -3;
        }

        using Scope scope = Scope.Gradient(1);
        Assert.Equal(3f, method.Loss(batch, new Diagnostics()).ToScalar(), 1e-5f);
    }

    /// <summary>Masked squares of SimMIM lie on a grid of two by two patches.</summary>
    [Fact]
    public void SimMimHidesWholeSquares()
    {
        (float[] masked, _) = Shown((IReconstructs)Make("simmim"), Tensor.Full(new Shape(Pictures, Side, Side, 3), 1));
        const int Square = 8;
        for (int i = 0; i < masked.Length; i += 3)
        {
            int picture = i / (Side * Side * 3), y = i / 3 / Side % Side, x = i / 3 % Side;
            Assert.Equal(masked[((((picture * Side) + (y / Square * Square)) * Side) + (x / Square * Square)) * 3] == 0, masked[i] == 0);
        }
    }

    [Theory]
    [InlineData("igpt")]
    [InlineData("igpt masked")]
    public void AnIGptThatTellsNothingPaysTheLogarithmOfItsColours(string name)
    {
        Method method = Make(name);
        method.StateDict()["backbone.head.weight"].Span.Clear();
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.Gradient(1);
        Assert.Equal(Math.Log(8), method.Loss(Smooth(), diagnostics).ToScalar(), 1e-5);
        Assert.Equal(3, diagnostics["bits_per_pixel"]!.Value, 1e-5);
        Assert.Equal(Math.Log(8), method.ChanceLoss(Pictures)!.Value, 1e-12);
        Assert.InRange(diagnostics["palette_use"]!.Value, 1.0 / 8, 1);
        Assert.True(diagnostics["palette_error"]!.Value > 0);
    }

    /// <summary>Four colours in the pictures, four in the palette: they are found, and pictures are told without error.</summary>
    [Fact]
    public void ThePaletteIsThatOfThePictures()
    {
        var method = (IGpt)Make("igpt", colours: 4);
        Batch batch = Smooth();
        float[][] colours = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, -1, -1]];
        for (int i = 0; i < batch.Views.Length; i++)
        {
            batch.Views.Span[i] = colours[i / 3 * 7 % 11 % 4][i % 3];
        }

        Fit(method, batch, []);
        var found = ((PixelTransformer)method.Backbone).Palette;
        Assert.Equal(colours.Select(c => string.Join(' ', c)).Order(), Enumerable.Range(0, 4).Select(k => string.Join(' ', found.Rows(k, 1).ToArray())).Order());
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.Gradient(1);
        method.Loss(batch, diagnostics);
        Assert.Equal(0, diagnostics["palette_error"]!.Value, 1e-10);
        Assert.Equal(1, diagnostics["palette_use"]);
    }

    [Fact]
    public void FewerColoursThanThePaletteHasAreSaid()
    {
        var method = (IGpt)Make("igpt", colours: 8);
        Batch batch = Smooth();
        for (int i = 0; i < batch.Views.Length; i++)
        {
            batch.Views.Span[i] = i / 3 % 2;
        }

        var notes = new List<string>();
        Fit(method, batch, notes);
        Assert.Contains("2 different colours", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Contains("model.colours", Assert.Throws<ConfigurationException>(() => Fit((IGpt)Make("igpt", colours: 300), new Batch(batch.View(0).Rows(0, 1), 1, [0], null), [])).Message, StringComparison.Ordinal);
    }

    /// <summary>The upper half of a completed picture is what was given, whatever is drawn below; another seed draws another lower half.</summary>
    [Fact]
    public void CompletionsKeepWhatWasGiven()
    {
        var method = (IGpt)Make("igpt");
        method.Eval();
        Tensor pictures = Smooth().Views;
        (float[] known, float[] first, float[] free) = Draw(1);
        (_, float[] second, _) = Draw(2);
        (_, float[] same, _) = Draw(1);
        int half = Side * Side * 3 / 2, differ = 0;
        for (int i = 0; i < known.Length; i++)
        {
            bool above = i % (2 * half) < half;
            Assert.True(!above || (first[i] == known[i] && second[i] == known[i]), $"the given half changed at {i}");
            differ += first[i] == second[i] ? 0 : 1;
        }

        Assert.True(differ > 0);
        Assert.Equal(first, same);
        Assert.NotEqual(first, free);

        (float[], float[], float[]) Draw(ulong seed)
        {
            using Scope chance = Scope.Gradient(seed);
            using Scope scope = Scope.NoGradient();
            IReadOnlyList<ReconstructionColumn> columns = method.Reconstruct(pictures);
            Assert.Equal(["original", "in palette", "upper half", "completed", "from nothing"], columns.Select(c => c.Name));
            return (columns[1].Pictures.ToArray(), columns[3].Pictures.ToArray(), columns[4].Pictures.ToArray());
        }
    }

    [Fact]
    public void FeaturesAreThoseOfTheObjective()
    {
        Assert.True(((PixelTransformer)Make("igpt").Backbone).Causal);
        Assert.False(((PixelTransformer)Make("igpt masked").Backbone).Causal);
        Assert.Equal(["original", "in palette", "masked", "reconstruction"], Columns((IReconstructs)Make("igpt masked"), Smooth().Views).Select(c => c.Name));
    }

    [Fact]
    public void WhatCannotBeHiddenIsRefused()
    {
        Assert.Equal("model.name: mae hides patches, which resnet18 does not have; it works with vit.", Refused(new MaeOptions(), "resnet18"));
        Assert.Equal("model.name: simmim hides patches, which resnet18 does not have; it works with vit.", Refused(new SimMimOptions(), "resnet18"));
        Assert.StartsWith("model.name: igpt tells a picture pixel by pixel, which vit cannot", Refused(new IGptOptions(), "vit"), StringComparison.Ordinal);
        Assert.StartsWith("model.name: mae", Assert.Throws<ConfigurationException>(() => new Mae(BackboneFactory.Build(new BackboneOptions()), new MaeOptions())).Message, StringComparison.Ordinal);
        Assert.StartsWith("method.mask-ratio: a mask ratio of 0.99 leaves nothing", Refused(new MaeOptions { MaskRatio = 0.99 }, "vit"), StringComparison.Ordinal);
        Assert.StartsWith("method.mask-ratio: a mask ratio of 0 masks none", Refused(new MaeOptions { MaskRatio = 0 }, "vit"), StringComparison.Ordinal);
        Assert.StartsWith("method.mask-ratio: a mask ratio of 0.9 leaves nothing", Refused(new SimMimOptions { MaskRatio = 0.9 }, "vit"), StringComparison.Ordinal);
        Assert.StartsWith("model.patch-size: a picture of 4 pixels is one patch of 4", Refused(new MaeOptions(), "vit", side: 4), StringComparison.Ordinal);
        Assert.StartsWith("model.patch-size: a picture of 3 pixels is less than a patch of 4", Refused(new MaeOptions(), "vit", side: 3), StringComparison.Ordinal);
        Assert.StartsWith("method.mask-block: 3 cannot work because a picture of 16 pixels is 4 patches across", Refused(new SimMimOptions { MaskBlock = 3 }, "vit", "method.mask-block"), StringComparison.Ordinal);
        Assert.StartsWith("data.size: views of 16 pixels do not fit the model, whose sequences are pictures of 32", Refused(new IGptOptions(), "pixel-transformer"), StringComparison.Ordinal);
        Assert.StartsWith("model.colours: a palette of 512 colours cannot be found among 256 pixels", Refused(new IGptOptions(), "pixel-transformer", side: 32, items: 1), StringComparison.Ordinal);
        Assert.StartsWith("method.mask-ratio", Refused(new IGptOptions { Objective = PixelObjective.Masked, MaskRatio = 1 }, "pixel-transformer", side: 32), StringComparison.Ordinal);
        Assert.Throws<TacitException>(() => new MaeOptions { DecoderDim = 90 }.Validate());

        (SimMimOptions options, List<string> notes) = MethodRun.Fit(new SimMimOptions(), 8, [], side: 12, model: "vit");
        Assert.Equal(1, options.MaskBlock);
        Assert.Single(notes);

        static string Refused<T>(T options, string model, string? given = null, int side = Side, int items = 1000)
            where T : MethodOptions =>
            Assert.Throws<ConfigurationException>(() => MethodRun.Fit(options, 8, given is null ? [] : [given], side, model, items)).Message;
    }

    private static void Fit(IGpt method, Batch batch, List<string> notes)
    {
        Stage stage = method.Stage!;
        Tensor rows = Tensor.Lasting(new Shape(batch.Size, stage.Width));
        stage.Look(batch, rows);
        Assert.Null(stage.Fit(rows, batch.Items, batch.Size, new StageContext(1, 0, notes.Add)));
    }

    private static IReadOnlyList<ReconstructionColumn> Columns(IReconstructs method, Tensor pictures)
    {
        ((Method)method).Eval();
        using Scope chance = Scope.Gradient(1);
        using Scope scope = Scope.NoGradient();
        return [.. method.Reconstruct(pictures).Select(c => c with { Pictures = c.Pictures.ToLasting() })];
    }

    private static (float[] Masked, float[] Painted) Shown(IReconstructs method, Tensor pictures)
    {
        IReadOnlyList<ReconstructionColumn> columns = Columns(method, pictures);
        Assert.Equal(["original", "masked", "reconstruction"], columns.Select(c => c.Name));
        return (columns[1].Pictures.ToArray(), columns[2].Pictures.ToArray());
    }

    /// <summary>Pictures of one view whose neighbouring pixels are alike, so that there is something to tell.</summary>
    private static Batch Smooth()
    {
        Tensor pixels = Tensor.Lasting(new Shape(Pictures, Side, Side, 3));
        for (int i = 0; i < pixels.Length; i++)
        {
            int picture = i / (Side * Side * 3), y = i / 3 / Side % Side, x = i / 3 % Side, channel = i % 3;
            pixels.Span[i] = (float)(Math.Sin((0.3 * x) + picture) + Math.Cos((0.2 * y) + channel) + (0.01 * channel) + 0.005);
        }

        return new Batch(pixels, 1, [.. Enumerable.Range(0, Pictures)], null);
    }

    private static Method Make(string name, int colours = 8)
    {
        var vit = new BackboneOptions { Name = "vit", Dim = 16, Depth = 2, Heads = 2, Side = Side };
        var pixels = new BackboneOptions { Name = "pixel-transformer", Dim = 16, Depth = 2, Heads = 2, Side = Side, Colours = colours };
        var mae = new MaeOptions { DecoderDim = 16, DecoderDepth = 1, DecoderHeads = 2 };
        Method method = name switch
        {
            "mae" => new Mae(BackboneFactory.Build(vit), mae),
            "mae with a class token" => new Mae(BackboneFactory.Build(vit with { Pool = "token", Positions = "learned" }), mae),
            "mae of plain pixels" => new Mae(BackboneFactory.Build(vit), mae with { NormPix = false }),
            "simmim" => new SimMim(BackboneFactory.Build(vit), new SimMimOptions()),
            "igpt" => new IGpt(BackboneFactory.Build(pixels), new IGptOptions()),
            _ => new IGpt(BackboneFactory.Build(pixels), new IGptOptions { Objective = PixelObjective.Masked }),
        };
        method.Initialize(1);
        return method;
    }
}
