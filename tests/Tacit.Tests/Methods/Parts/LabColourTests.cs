using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class LabColourTests
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
}
