using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class ColourBinsTests
{
    private static readonly OrderedDictionary<string, Tensor> Expected = Oracle.Read("predictive.safetensors").Tensors;

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
}
