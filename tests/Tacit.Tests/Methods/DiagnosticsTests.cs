using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods;

public sealed class DiagnosticsTests
{
    [Fact]
    public void ValuesOfOneStepAreAveragedAndForgotten()
    {
        var diagnostics = new Diagnostics();
        diagnostics.Report("a", 1);
        diagnostics.Report("b", 5);
        diagnostics.Report("a", 2);
        Assert.Equal([("a", 1.5), ("b", 5.0)], diagnostics.Values);
        Assert.Equal(1.5, diagnostics["a"]);
        diagnostics.Clear();
        Assert.Empty(diagnostics.Values);
        Assert.Null(diagnostics["a"]);
        diagnostics.Report("b", 3);
        Assert.Equal([("b", 3.0)], diagnostics.Values);
    }

    [Fact]
    public void ReportingAgainAllocatesNothing()
    {
        var diagnostics = new Diagnostics();
        diagnostics.Report("a", 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            diagnostics.Clear();
            diagnostics.Report("a", i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Rows ±e₁ and ±e₂ spread alike in two of four dimensions: deviations √½, √½, 0, 0, so (√½ + √½)/4 · √4, and rank 2.</summary>
    [Fact]
    public void TheSpreadOfEmbeddingsByHand()
    {
        var diagnostics = new Diagnostics();
        diagnostics.Embedding(Rows(4, [3, 0, 0, 0, -1, 0, 0, 0, 0, 2, 0, 0, 0, -5, 0, 0]));
        Assert.Null(diagnostics[Diagnostics.EmbeddingScale]);
        Assert.Equal(Math.Sqrt(0.5), diagnostics[Diagnostics.EmbeddingDeviation]!.Value, 1e-6);
        Assert.Equal(2, diagnostics[Diagnostics.EmbeddingRank]!.Value, 1e-6);
    }

    /// <summary>Columns 0, 2 and 0, 6: deviations 1 and 3.</summary>
    [Fact]
    public void TheScaleIsOfTheEmbeddingsAsTheyAre()
    {
        var diagnostics = new Diagnostics();
        diagnostics.Embedding(Rows(2, [0, 6, 2, 0]), sized: true);
        Assert.Equal(2, diagnostics[Diagnostics.EmbeddingScale]!.Value, 1e-6);
    }

    [Fact]
    public void OnePointHasNoDeviationAndOneLineHasRankOne()
    {
        var point = new Diagnostics();
        point.Embedding(Rows(2, [1, 2, 2, 4, 3, 6]));
        Assert.Equal(0, point[Diagnostics.EmbeddingDeviation]!.Value, 1e-6);
        var line = new Diagnostics();
        line.Embedding(Rows(2, [1, 2, -2, -4, 3, 6]));
        Assert.Equal(1, line[Diagnostics.EmbeddingRank]!.Value, 1e-5);
    }

    [Fact]
    public void HistogramsCountAndAreMadeOnLoggedStepsOnly()
    {
        var diagnostics = new Diagnostics();
        diagnostics.Histogram("x", [-1f, -0.95f, 0f, 0.99f, 7f], -1, 1);
        diagnostics.Histogram("x", [0.05f], -1, 1);
        (string name, double[] counts) = Assert.Single(diagnostics.Histograms);
        Assert.Equal("x", name);
        Assert.Equal(new double[] { 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 2 }, counts);
        diagnostics.Clear();
        Assert.Empty(diagnostics.Histograms);
        diagnostics.Detailed = false;
        diagnostics.Histogram("x", [0f], -1, 1);
        Assert.Empty(diagnostics.Histograms);
    }

    private static Tensor Rows(int width, float[] values)
    {
        Tensor rows = Tensor.Lasting(new Shape(values.Length / width, width));
        values.CopyTo(rows.Span);
        return rows;
    }
}
