using Tacit.Data.Augment;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class ColourBinsTests
{
    private static readonly OrderedDictionary<string, Tensor> Expected = Oracle.Read("predictive.safetensors").Tensors;

    /// <summary>The published values of the primaries (white D65), to the digits given there.</summary>
    [Theory]
    [InlineData(1, 1, 1, 100, 0, 0)]
    [InlineData(0, 0, 0, 0, 0, 0)]
    [InlineData(1, 0, 0, 53.24, 80.09, 67.20)]
    [InlineData(0, 1, 0, 87.73, -86.18, 83.18)]
    [InlineData(0, 0, 1, 32.30, 79.19, -107.86)]
    public void ThePrimariesAreWhereTheyAre(float r, float g, float b, double l, double a, double blue)
    {
        (float foundL, float foundA, float foundB) = LabColour.FromRgb(r, g, b);
        Assert.Equal(l, foundL, 0.01);
        Assert.Equal(a, foundA, 0.01);
        Assert.Equal(blue, foundB, 0.01);
    }

    [Fact]
    public void ColoursGoToLabAndBack()
    {
        float[] levels = [.. Hashed.Singles(40 * 3, 22).Select(v => (v + 1) / 2)];
        for (int i = 0; i < levels.Length; i += 3)
        {
            (float l, float a, float b) = LabColour.FromRgb(levels[i], levels[i + 1], levels[i + 2]);
            Oracle.AssertWithin(Expected["lab"].Span.Slice(i, 3), [l, a, b], 1e-4);
            (float red, float green, float blue) = LabColour.ToRgb(l, a, b);
            Oracle.AssertWithin(levels.AsSpan(i, 3), [red, green, blue], 1e-5);
        }
    }

    [Fact]
    public void ThereAre313BinsAndEachIsItsOwnNearest()
    {
        Assert.Equal(313, ColourBins.All.Count);
        Assert.Equal(Expected["bins"].ToArray(), ColourBins.All.SelectMany(c => (float[])[c.A, c.B]));
        Span<int> bins = stackalloc int[5];
        Span<float> weights = stackalloc float[5];
        for (int q = 0; q < 313; q++)
        {
            ColourBins.Encode(ColourBins.All[q].A, ColourBins.All[q].B, bins, weights);
            Assert.Equal(q, bins[0]);
        }
    }

    /// <summary>The paper's premise: no colour that sRGB can show is farther from a bin than half a cell's diagonal.</summary>
    [Fact]
    public void EveryColourHasABinWithinHalfADiagonal()
    {
        for (int i = 0; i < 16 * 16 * 16; i++)
        {
            (_, float a, float b) = LabColour.FromRgb(i / 256 / 15f, i / 16 % 16 / 15f, i % 16 / 15f);
            double nearest = ColourBins.All.Min(c => Math.Sqrt(Math.Pow(a - c.A, 2) + Math.Pow(b - c.B, 2)));
            Assert.InRange(nearest, 0, Math.Sqrt(50) + 1e-4);
        }
    }

    [Fact]
    public void SoftEncodingsAreThoseOfTheDefinition()
    {
        var colours = Tensor.From([.. Hashed.Singles(60 * 2, 23, 90)], new Shape(60, 2));

        Tensor targets = ColourField.Targets(colours);

        Oracle.AssertWithin(Expected["encoded"].Span, targets.Rows(0, 10).Span, 1e-5);
        for (int row = 0; row < 60; row++)
        {
            Assert.Equal(1, targets.Rows(row, 1).ToArray().Sum(), 1e-5);
        }
    }

    [Fact]
    public void RebalancingIsThatOfTheDefinitionAndItsLimits()
    {
        double[] prior = [.. Hashed.Doubles(313, 24).Select(v => Math.Pow(Math.Abs(v), 3))];
        Oracle.AssertClose(Expected["rebalanced"].Span, ColourBins.Rebalance(prior, 0.5), 1e-5);

        // λ = 1 leaves all alike; λ = 0 undoes the frequencies: p · w is the same for all.
        Assert.All(ColourBins.Rebalance(prior, 1), w => Assert.Equal(1, w, 1e-5));
        float[] inverse = ColourBins.Rebalance([1, 2, 5], 0);
        Assert.Equal(inverse[0], 2 * inverse[1], 1e-5);
        Assert.Equal(inverse[0], 5 * inverse[2], 1e-5);
        Assert.Equal(0, ColourBins.Rebalance([1, 0], 0)[1]);
    }

    [Fact]
    public void TheAnnealedMeanGoesFromTheMeanToTheLikeliest()
    {
        var logits = new float[ColourBins.Count];
        Array.Fill(logits, -50);
        (logits[10], logits[200]) = (0, (float)Math.Log(3));
        ((float a, float b), (float c, float d)) = (ColourBins.All[10], ColourBins.All[200]);

        Near(ColourBins.AnnealedMean(logits, 1), (0.25f * a) + (0.75f * c), (0.25f * b) + (0.75f * d));
        Near(ColourBins.AnnealedMean(logits, 0.5f), (0.1f * a) + (0.9f * c), (0.1f * b) + (0.9f * d));      // 1 : 3²
        Near(ColourBins.AnnealedMean(logits, 1e-3f), c, d);

        static void Near((float A, float B) found, float a, float b)
        {
            Assert.Equal(a, found.A, 1e-3);
            Assert.Equal(b, found.B, 1e-3);
        }
    }

    [Fact]
    public void PicturesComeApartAndTogetherAgain()
    {
        // Each quarter of one colour, so that a cell's mean is its pixels' colour.
        (float R, float G, float B)[] colours = [(0.9f, 0.1f, 0.2f), (0.1f, 0.7f, 0.3f), (0.2f, 0.3f, 0.8f), (0.6f, 0.6f, 0.6f)];
        var pictures = Tensor.Zeros(new Shape(1, 6, 6, 3));
        for (int i = 0; i < 36; i++)
        {
            (float r, float g, float b) = colours[(i / 18 * 2) + (i % 6 / 3)];
            (pictures.Span[3 * i], pictures.Span[(3 * i) + 1], pictures.Span[(3 * i) + 2]) = ((r - 0.5f) * 2, (g - 0.4f) * 4, (b - 0.3f) * 5);
        }

        var normalization = new Normalization([0.5f, 0.4f, 0.3f], [0.5f, 0.25f, 0.2f]);
        Tensor found = ColourField.Colours(pictures, normalization, 3);
        Tensor light = ColourField.Lightness(pictures, normalization);
        Tensor painted = ColourField.Paint(pictures, normalization, ColourField.Colours(pictures, normalization, 1));

        Assert.Equal(new Shape(1, 2, 2, 2), found.Shape);
        for (int q = 0; q < 4; q++)
        {
            (float l, float a, float b) = LabColour.FromRgb(colours[q].R, colours[q].G, colours[q].B);
            Oracle.AssertWithin([a, b], found.Span.Slice(2 * q, 2), 1e-3);
            int pixel = (q / 2 * 18) + (q % 2 * 3);
            Oracle.AssertWithin([(l - 50) / 25, (l - 50) / 25, (l - 50) / 25], light.Span.Slice(3 * pixel, 3), 1e-4);
            Oracle.AssertWithin([colours[q].R, colours[q].G, colours[q].B], painted.Span.Slice(3 * pixel, 3), 1e-4);
        }

        Assert.Equal(new Shape(1, 2, 2, 2), ColourField.Colours(pictures, normalization, 4).Shape);
    }
}
