using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Predictive;

public sealed class ColorizationTests
{
    [Fact]
    public void UniformAnswersCostTheLogarithmOfTheirNumber() => Pretext.UniformAnswersCostTheLogarithmOfTheirNumber(Make(), Trial.Pictures(4, 16), "classes", 313);

    /// <summary>Soft targets cost their own entropy at best.</summary>
    [Fact]
    public void AnswersAreLearned()
    {
        Colorization method = Make();
        Assert.Null(Trial.Pass(method, Trial.Pictures(6, 16)).Targets);
        Pretext.AnswersAreLearned(method, Trial.Pictures(6, 16), share: 0.85);
    }

    [Fact]
    public void ItsStateIsAllThereIs()
    {
        Batch batch = Trial.Pictures(6, 16);
        Trial.StateRoundTrips(Counted, batch);

        Colorization Counted(ulong seed)
        {
            Colorization method = Make(seed);
            _ = seed == 1 ? Trial.Pass(method, batch) : default;
            return method;
        }
    }

    /// <summary>What the encoder sees holds no colour: pictures of the same lightness get the same answer.</summary>
    [Fact]
    public void TheEncoderSeesLightnessAlone()
    {
        Colorization method = Make();
        method.Eval();
        Batch batch = Trial.Pictures(2, 16);
        Tensor grey = Tensor.Zeros(batch.Views.Shape);
        for (int i = 0; i < grey.Length; i += 3)
        {
            // The grey of the same lightness, kept within levels that exist.
            ReadOnlySpan<float> pixel = batch.Views.Span.Slice(i, 3);
            Normalization n = batch.Normalization;
            (float l, _, _) = LabColour.FromRgb((pixel[0] * n.Deviation[0]) + n.Mean[0], (pixel[1] * n.Deviation[1]) + n.Mean[1], (pixel[2] * n.Deviation[2]) + n.Mean[2]);
            (float r, float g, float b) = LabColour.ToRgb(l, 0, 0);
            (grey.Span[i], grey.Span[i + 1], grey.Span[i + 2]) = ((r - n.Mean[0]) / n.Deviation[0], (g - n.Mean[1]) / n.Deviation[1], (b - n.Mean[2]) / n.Deviation[2]);
        }

        using Scope scope = Scope.NoGradient();
        Tensor coloured = method.Colorize(batch.Views, batch.Normalization), fromGrey = method.Colorize(grey, batch.Normalization);

        Assert.Equal(batch.Views.Shape, coloured.Shape);
        Oracle.AssertWithin(coloured.Span, fromGrey.Span, 1e-3);
        Assert.All(coloured.ToArray(), level => Assert.InRange(level, 0, 1));
    }

    /// <summary>What is shown is normalised as the data are, which the pass over them learned: grey of the same lightness, and colours.</summary>
    [Fact]
    public void ItShowsOriginalLightnessAndColours()
    {
        Colorization method = Make();
        Batch batch = Trial.Pictures(3, 16);
        Trial.Pass(method, batch);
        method.Eval();
        using Scope scope = Scope.NoGradient();

        IReadOnlyList<ReconstructionColumn> columns = method.Reconstruct(batch.Views);

        Assert.Equal(["original", "lightness", "colourised"], columns.Select(c => c.Name));
        Assert.All(columns, c => Assert.Equal(batch.Views.Shape, c.Pictures.Shape));
        Normalization n = batch.Normalization;
        float[] light = ColourField.Lightness(batch.Views, n).ToArray(), shown = ColourField.Lightness(columns[1].Pictures, n).ToArray();
        Oracle.AssertWithin(light, shown, 1e-3);
        for (int i = 0; i < shown.Length; i += 3)
        {
            ReadOnlySpan<float> pixel = columns[1].Pictures.Span.Slice(i, 3);
            Assert.Equal((pixel[0] * n.Deviation[0]) + n.Mean[0], (pixel[1] * n.Deviation[1]) + n.Mean[1], 1e-3);
        }

        Assert.NotEqual(columns[1].Pictures.ToArray(), columns[2].Pictures.ToArray());
    }

    /// <summary>Two pictures of one colour each, one of them three times as often: their bins' frequencies are ¾ and ¼ of what each spreads to.</summary>
    [Fact]
    public void ThePassCountsColoursAndWeightsTheBins()
    {
        Colorization method = Make();
        (float R, float G, float B)[] colours = [(0.8f, 0.2f, 0.2f), (0.2f, 0.3f, 0.9f)];
        var views = Tensor.Lasting(new Shape(4, 16, 16, 3));
        for (int i = 0; i < views.Length / 3; i++)
        {
            (views.Span[3 * i], views.Span[(3 * i) + 1], views.Span[(3 * i) + 2]) = colours[i < 3 * 256 ? 0 : 1];
        }

        Trial.Pass(method, new Batch(views, 1, [0, 1, 2, 3], null));

        var prior = new double[ColourBins.Count];
        int[] bins = new int[5];
        float[] shares = new float[5];
        for (int c = 0; c < 2; c++)
        {
            (_, float a, float b) = LabColour.FromRgb(colours[c].R, colours[c].G, colours[c].B);
            ColourBins.Encode(a, b, bins, shares);
            for (int i = 0; i < 5; i++)
            {
                prior[bins[i]] += shares[i] * (c == 0 ? 0.75 : 0.25);
            }
        }

        Oracle.AssertClose(ColourBins.Rebalance(prior, 0.5), method.StateDict()["weights"].Span, 1e-4);
    }

    [Fact]
    public void ItReportsHowFarColoursAreOff()
    {
        Diagnostics diagnostics = Trial.Look(Make(), Trial.Pictures(4, 16)).Found;
        Assert.InRange(diagnostics["accuracy"]!.Value, 0, 1);
        Assert.InRange(diagnostics["colour_distance"]!.Value, 1, 200);
        Assert.InRange(diagnostics["colour_distance_of_grey"]!.Value, 1, 200);
    }

    [Fact]
    public void EncodersWithoutPlacesAreRefused()
    {
        Assert.StartsWith("model.name: ", Trial.Refusal(new ColorizationOptions(), Trial.SmallVit), StringComparison.Ordinal);
        Assert.Contains(
            "residual network", Assert.Throws<TacitException>(() => Trial.Start(b => new Colorization(b, new ColorizationOptions()), Trial.SmallVit)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheMapIsWhatIsPooled()
    {
        var network = (ResNet)BackboneFactory.Create(Trial.SmallResNet, 1);
        network.Eval();
        using Scope scope = Scope.NoGradient();
        Tensor pictures = Trial.Pictures(2, 20).Views;
        Tensor map = network.Map(pictures);
        Assert.Equal(new Shape(2, 3, 3, 32), map.Shape);
        Assert.Equal(8, network.Stride);
        Assert.Equal(network.Forward(pictures).ToArray(), Ops.GlobalAveragePool(map).ToArray());
    }

    private static Colorization Make(ulong seed = 1) => Trial.Start(b => new Colorization(b, new ColorizationOptions { Hidden = 16 }), seed: seed);
}
