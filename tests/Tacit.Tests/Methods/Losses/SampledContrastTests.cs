using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class SampledContrastTests
{
    private static readonly OrderedDictionary<string, Tensor> Vectors = Oracle.Read("sampled.safetensors").Tensors;

    [Theory]
    [InlineData("info_nce")]
    [InlineData("plain")]
    [InlineData("binary")]
    public void LossAndGradientsAreThoseOfTheDefinition(string name)
    {
        Tensor q = LossRun.Parameter(Vectors["q"]), k = LossRun.Parameter(Vectors["k"]);
        int[] lists = [.. Vectors["lists"].ToArray().Select(row => (int)row)];
        bool[] same = [.. Vectors["same"].ToArray().Select(flag => flag > 0)];
        using Scope scope = Scope.Gradient();
        Tensor products = Ops.SampledProducts(q, k, lists, 5), cosines = Ops.SampledProducts(Ops.L2Normalize(q), Ops.L2Normalize(k), lists, 5);
        Tensor loss = name switch
        {
            "info_nce" => SampledContrast.InfoNce(cosines, 0.1f, same),
            "plain" => SampledContrast.InfoNce(cosines, 0.5f),
            _ => SampledContrast.Binary(products),
        };
        scope.Backward(loss);
        Oracle.AssertClose(Vectors[$"{name}.loss"].Span, loss.Span, 2e-6);
        Oracle.AssertClose(Vectors[$"{name}.d_q"].Span, q.GradientSpan, 1e-5);
        Oracle.AssertClose(Vectors[$"{name}.d_k"].Span, k.GradientSpan, 1e-5);
    }

    [Fact]
    public void ScoresThatAreAlikeAreChance()
    {
        Tensor alike = Tensor.Full(new Shape(3, 11), 0.7f);
        Assert.Equal(Math.Log(11), SampledContrast.InfoNce(alike, 0.1f).ToScalar(), 1e-5);
        Assert.Equal(Math.Log(11), SampledContrast.Chance(10), 1e-12);
        Assert.Equal(0, SampledContrast.Accuracy(alike));

        // The best answer of one who knows nothing: each is the positive with odds 1 to 10.
        Assert.Equal(SampledContrast.BinaryChance(10), SampledContrast.Binary(Tensor.Full(new Shape(3, 11), -MathF.Log(10))).ToScalar(), 1e-6);
        Assert.True(SampledContrast.Binary(Tensor.Full(new Shape(3, 11), -2)).ToScalar() > SampledContrast.BinaryChance(10));
    }

    [Fact]
    public void NegativesWithThePositivesCodesAreLeftOut()
    {
        int[] codes = [1, 2, 1, 3, 1, 2, 0, 2], lists = [0, 1, 2, 1, 0, 2, 2, 2, 0, 3, 1, 2];
        Assert.Equal([false, false, true, false, true, true], SampledContrast.Same(lists, [0, 2], 3, codes, 2));
        Assert.Equal([false, false, false], SampledContrast.Same(lists, [1], 3, codes, 2));
        Tensor scores = Tensor.From([0.1f, 0.9f, 0.3f, 0.9f, 0.2f, 0.3f], new Shape(2, 3));
        Assert.Equal(1, SampledContrast.Accuracy(scores, [false, true, true, false, false, true]) * 2);
        Assert.Equal(0.5, SampledContrast.Accuracy(scores));
        Assert.Equal(0, SampledContrast.InfoNce(scores, 0.1f, [false, true, true, false, true, true]).ToScalar());
    }
}
