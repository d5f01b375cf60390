using Tacit.Data.Augment;
using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Models;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class ColorizationTests
{
    private static readonly OrderedDictionary<string, Tensor> Expected = Oracle.Read("predictive.safetensors").Tensors;

    [Fact]
    public void TheLossAndItsGradientAreThoseOfAnIndependentImplementation()
    {
        double[] prior = [.. Hashed.Doubles(313, 24).Select(v => Math.Pow(Math.Abs(v), 3))];
        var logits = Tensor.Parameter(new Shape(60, 313));
        Hashed.Singles(60 * 313, 25, 3).CopyTo(logits.Span);
        using Scope scope = Scope.Gradient();
        Tensor targets = ColourField.Targets(Tensor.From(Hashed.Singles(60 * 2, 23, 90), new Shape(60, 2)), ColourBins.Rebalance(prior, 0.5));

        Tensor loss = WeightedEntropy.Loss(logits, targets);
        scope.Backward(loss);

        Oracle.AssertClose(Expected["weighted_entropy.loss"].Span, loss.Span, 1e-5);
        Oracle.AssertClose(Expected["weighted_entropy.gradient"].Span, logits.GradientSpan[..(3 * 313)], 1e-5);
    }

    [Fact]
    public void UniformAnswersCostTheLogarithmOfTheBins()
    {
        Colorization method = Make();
        Assert.Equal(Math.Log(313), PretextRun.LossOfUniformAnswers(method, PretextRun.Batch(4, 16), "classes"), 1e-5);
        Assert.Equal(Math.Log(313), method.ChanceLoss(4)!.Value, 1e-12);
    }

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLossAndStateRoundTrips()
    {
        Batch batch = PretextRun.Batch(6, 16);
        Colorization method = Make(), fresh = Make(seed: 2);
        Count(method, batch);

        (double first, double last) = PretextRun.Learn(method, batch);

        // Soft targets cost their own entropy at best.
        Assert.True(last < 0.85 * first, $"from {first} to {last}");
        PretextRun.AssertStateRoundTrips(method, fresh, batch);
    }

    /// <summary>What the encoder sees holds no colour: pictures of the same lightness get the same answer.</summary>
    [Fact]
    public void TheEncoderSeesLightnessAlone()
    {
        Colorization method = Make();
        method.Eval();
        Batch batch = PretextRun.Batch(2, 16);
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
        Batch batch = PretextRun.Batch(3, 16);
        Count(method, batch);
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

        Count(method, new Batch(views, 1, [0, 1, 2, 3], null));

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
        var diagnostics = new Diagnostics();
        using Scope scope = Scope.Gradient();
        _ = Make().Loss(PretextRun.Batch(4, 16), diagnostics);
        Assert.InRange(diagnostics["accuracy"]!.Value, 0, 1);
        Assert.InRange(diagnostics["colour_distance"]!.Value, 1, 200);
        Assert.InRange(diagnostics["colour_distance_of_grey"]!.Value, 1, 200);
    }

    [Fact]
    public void EncodersWithoutPlacesAreRefused()
    {
        var vit = new BackboneOptions { Name = BackboneFactory.Vit, Dim = 16, Depth = 1, Heads = 2 };
        var fit = new DataFit(_ => false, _ => { }) { Items = 10, BatchSize = 2, Side = 32, Model = vit };
        Assert.StartsWith("model.name: ", Assert.Throws<ConfigurationException>(() => new ColorizationOptions().FitTo(fit)).Message, StringComparison.Ordinal);
        Assert.Contains("residual network", Assert.Throws<TacitException>(() => new Colorization(BackboneFactory.Build(vit), new ColorizationOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheMapIsWhatIsPooled()
    {
        var network = (ResNet)BackboneFactory.Create(new BackboneOptions { Width = 4 }, 1);
        network.Eval();
        using Scope scope = Scope.NoGradient();
        Tensor pictures = PretextRun.Batch(2, 20).Views;
        Tensor map = network.Map(pictures);
        Assert.Equal(new Shape(2, 3, 3, 32), map.Shape);
        Assert.Equal(8, network.Stride);
        Assert.Equal(network.Forward(pictures).ToArray(), Ops.GlobalAveragePool(map).ToArray());
    }

    private static void Count(Colorization method, Batch batch)
    {
        using Scope scope = Scope.NoGradient();
        Tensor rows = Tensor.Lasting(new Shape(batch.Size, method.Stage.Width));
        method.Stage.Look(batch, rows);
        Assert.Null(method.Stage.Fit(rows, batch.Items, batch.Size, new StageContext(0, 0, _ => { })));
    }

    private static Colorization Make(ulong seed = 1)
    {
        var method = new Colorization(BackboneFactory.Build(new BackboneOptions { Width = 4 }), new ColorizationOptions { Hidden = 16 });
        method.Initialize(seed);
        return method;
    }
}
