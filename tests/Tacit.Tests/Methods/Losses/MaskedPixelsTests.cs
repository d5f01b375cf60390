using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class MaskedPixelsTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("generative.safetensors");

    [Theory]
    [InlineData("masked.1.4.12")]
    [InlineData("masked.3.9.48")]
    [InlineData("masked.2.16.27")]
    public void LossesAndGradientsAreThoseOfThePapersMasksOfZerosAndOnes(string key)
    {
        Tensor target = Vectors.Tensors[$"{key}.target"];
        float[] mask = Vectors.Tensors[$"{key}.mask"].ToArray();
        int[] masked = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] > 0)];
        Tensor normalised = MaskedPixels.Normalize(target);
        Assert.Equal(target.Shape, normalised.Shape);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.normalised"].Span, normalised.Span, 1e-5);

        Tensor prediction = LossRun.Parameter(Vectors.Tensors[$"{key}.prediction"]);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.mae"].Span, [LossRun.Of(() => MaskedPixels.MeanSquare(prediction, normalised, masked))], 1e-5);
        Oracle.AssertWithin(Vectors.Tensors[$"{key}.mae_gradient"].Span, prediction.GradientSpan, 1e-6);
        prediction.ClearGradient();
        Oracle.AssertClose(Vectors.Tensors[$"{key}.simmim"].Span, [LossRun.Of(() => MaskedPixels.MeanAbsolute(prediction, target, masked))], 1e-5);
        Oracle.AssertWithin(Vectors.Tensors[$"{key}.simmim_gradient"].Span, prediction.GradientSpan, 1e-6);
    }

    /// <summary>Off by 3 on the one masked patch, by much more on the visible one, which does not count.</summary>
    [Fact]
    public void OnlyMaskedPatchesCount()
    {
        Tensor target = Tensor.Zeros(new Shape(1, 2, 4));
        Tensor prediction = Tensor.From([90, 90, 90, 90, 3, -3, 3, -3], new Shape(1, 2, 4));
        Assert.Equal(9f, MaskedPixels.MeanSquare(prediction, target, [1]).ToScalar());
        Assert.Equal(3f, MaskedPixels.MeanAbsolute(prediction, target, [1]).ToScalar());
    }

    /// <summary>1, 1, 3, 3: mean 2, unbiased variance 4/3, so ±√¾; a flat patch becomes 0.</summary>
    [Fact]
    public void PatchesAreNormalisedByThemselves()
    {
        Tensor patches = Tensor.From([1, 1, 3, 3, 5, 5, 5, 5], new Shape(2, 4));
        float high = (float)Math.Sqrt(0.75);
        Oracle.AssertWithin([-high, -high, high, high, 0, 0, 0, 0], MaskedPixels.Normalize(patches).Span, 1e-6);
    }

    [Fact]
    public void ALossOverNoPatchesIsAnError()
    {
        Tensor x = Tensor.Zeros(new Shape(1, 2, 4));
        Assert.Contains("mask ratio", Assert.Throws<TacitException>(() => MaskedPixels.MeanSquare(x, x, [])).Message, StringComparison.Ordinal);
        Assert.Throws<TacitException>(() => MaskedPixels.MeanAbsolute(x, x, []));
        Assert.Throws<ShapeException>(() => MaskedPixels.MeanSquare(x, Tensor.Zeros(new Shape(1, 2, 5)), [0]));
    }
}
