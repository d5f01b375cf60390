using System.Globalization;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class NtXentNegativesTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("contrastive.safetensors");

    private static readonly Dictionary<string, NegativeOptions> Forms = new()
    {
        ["plain"] = new(),
        ["decoupled"] = new() { Decoupled = true },
        ["weighted"] = new() { Decoupled = true, WeightSigma = 0.5f },
        ["hard"] = new() { Beta = 0.5f },
        ["harder"] = new() { Beta = 1.5f },
        ["debiased"] = new() { Debias = 0.1f },
        ["hard-debiased"] = new() { Beta = 1, Debias = 0.1f },
        ["floored"] = new() { Debias = 0.45f },
        ["capped"] = new() { Cap = 0.2f },
        ["all"] = new() { Decoupled = true, WeightSigma = 0.5f, Beta = 1, Debias = 0.05f, Cap = 0.4f },
    };

    public static TheoryData<string, int, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, string>();
            foreach (string form in Forms.Keys)
            {
                foreach (int pairs in new[] { 2, 5, 9 })
                {
                    cases.Add(form, pairs, "0.1");
                    cases.Add(form, pairs, "0.5");
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void LossAndGradientAreThoseOfTheDefinition(string form, int pairs, string temperature)
    {
        string key = $"nt_xent.{form}.{pairs}.{temperature}";
        Tensor z = LossRun.Parameter(Vectors.Tensors[$"{key}.z"]);
        float loss = Run(z, float.Parse(temperature, CultureInfo.InvariantCulture), Forms[form]);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.loss"].Span, [loss], 2e-6);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.d_z"].Span, z.GradientSpan, 1e-5);
    }

    /// <summary>Concentration 0 and debiasing 0 are the plain form, whose kernel is another.</summary>
    [Theory]
    [InlineData(0.07f)]
    [InlineData(0.5f)]
    public void NothingAskedForIsThePlainForm(float temperature)
    {
        Tensor a = LossRun.Parameter(LossRun.Normal(new Shape(40, 12), 1)), b = LossRun.Parameter(LossRun.Normal(new Shape(40, 12), 1));
        float here = Run(a, temperature, new NegativeOptions());
        using Scope scope = Scope.Gradient();
        Tensor plain = NtXent.Loss(b, temperature, out NtXentStatistics expected);
        scope.Backward(plain);
        Assert.Equal(plain.ToScalar(), here, 1e-5f);
        Oracle.AssertClose(b.GradientSpan, a.GradientSpan, 1e-6);
        using Scope after = Scope.NoGradient();
        NtXentNegatives.Loss(a, temperature, new NegativeOptions(), out NtXentStatistics found, out double leftOut);
        Assert.Equal(expected.Positive, found.Positive, 1e-6);
        Assert.Equal(expected.Negative, found.Negative, 1e-6);
        Assert.Equal(expected.Accuracy, found.Accuracy, 1e-9);
        Assert.Equal(0, leftOut, 1e-12);
    }

    /// <summary>All rows alike: 2N - 2 negatives as near as the positive, and importance and debiasing change nothing.</summary>
    [Theory]
    [InlineData("plain", 7)]
    [InlineData("hard-debiased", 7)]
    [InlineData("harder", 7)]
    [InlineData("decoupled", 6)]
    [InlineData("weighted", 6)]
    public void RowsAllAlikeGiveTheLogarithmOfTheirNumber(string form, int count)
    {
        Tensor z = Tensor.Lasting(new Shape(8, 5));
        z.Span.Fill(3);
        using Scope scope = Scope.NoGradient();
        Assert.Equal(Math.Log(count), NtXentNegatives.Loss(z, 0.2f, Forms[form], out _, out _).ToScalar(), 1e-5);
        Assert.Equal(Math.Log(count), NtXentNegatives.Chance(4, Forms[form]), 1e-12);
    }

    [Fact]
    public void SinesAndCosinesGiveTheReferenceValueOfTheDecoupledLoss()
    {
        (Tensor x, Tensor y) = LossRun.SinesAndCosines();
        using Scope scope = Scope.NoGradient();
        Assert.Equal(13.449542, Decoupled(x, y).ToScalar(), 3e-6);
    }

    /// <summary>Reference: lightly's test of forward and backward, with the value of its present formula; see NtXentTests.</summary>
    [Fact]
    public void TenStepsOfDescentEndWhereTheReferenceEnds()
    {
        float[] expected = [0.3288f, 0.4244f, 0.5200f, 0.6155f, 0.7111f, 0.5012f, 0.5941f, 0.6871f, 0.7801f, 0.8731f];
        Oracle.AssertWithin(expected, LossRun.Descend(Decoupled, 0.1f).Span, 2e-4);
    }

    /// <summary>
    /// Pairs of equal rows along x, x turned a little, and y. Rows 0 and 1 are too near each other for the cap of 0.5: each then
    /// has only y's two rows; y has all four. Left out: 2 · 4 of 6 · 4 ordered negatives.
    /// </summary>
    [Fact]
    public void TheCapLeavesOutWhatIsTooNear()
    {
        float[] rows = [1, 0, 0.96f, 0.28f, 0, 1];
        Tensor z = Tensor.From([.. rows, .. rows], new Shape(6, 2));
        using Scope scope = Scope.NoGradient();
        double loss = NtXentNegatives.Loss(z, 1, new NegativeOptions { Cap = 0.5f }, out _, out double leftOut).ToScalar();
        static double Row(params double[] negatives) => -1 + Math.Log(Math.E + negatives.Sum(Math.Exp));
        Assert.Equal((Row(0, 0) + Row(0.28, 0.28) + Row(0, 0, 0.28, 0.28)) / 3, loss, 1e-6);
        Assert.Equal(8.0 / 24, leftOut, 1e-12);
    }

    /// <summary>Two pairs alike and one apart: the cap leaves rows of the first two nothing but the third's.</summary>
    [Theory]
    [InlineData("plain")]
    [InlineData("all")]
    public void ARowWithoutNegativesCountsForNothing(string form)
    {
        // y is above -0.5 for x and for its like; -x is not.
        float[] rows = [1, 0, 0.1f, 1, -1, 0];
        Tensor z = LossRun.Parameter(Tensor.From([.. rows, .. rows], new Shape(6, 2)));
        NegativeOptions options = Forms[form] with { Cap = -0.5f, WeightSigma = 0, Debias = 0 };
        float loss = Run(z, 1, options);
        double expected = options.Decoupled ? -1 - 1 + Math.Log(2) : -1 + Math.Log(Math.E + (2 / Math.E));
        Assert.Equal(expected, loss, 1e-6);
        Assert.All(z.GradientSpan.ToArray(), g => Assert.True(float.IsFinite(g)));
        Assert.Equal([0f, 0f], z.GradientSpan[2..4].ToArray());
    }

    [Fact]
    public void WhatLeavesNoNegativeIsRefused()
    {
        Tensor z = Tensor.Lasting(new Shape(6, 2));
        z.Span.Fill(1);
        Assert.Contains("method.negatives.cap", Assert.Throws<TacitException>(() => Run(z, 1, new NegativeOptions { Cap = 0.5f })).Message, StringComparison.Ordinal);
        Assert.Contains("at least 2", Assert.Throws<TacitException>(() => Run(z.Rows(0, 2), 1, new NegativeOptions { Beta = 1 })).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Run(z.Rows(0, 3), 1, new NegativeOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(z, 0, new NegativeOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(z, float.NaN, new NegativeOptions()));
    }

    /// <summary>The sharpest temperatures and concentrations stay finite in float32.</summary>
    [Theory]
    [InlineData(0.01f, 2f, 0.1f)]
    [InlineData(0.001f, 0f, 0.3f)]
    [InlineData(0.05f, 10f, 0f)]
    public void SharpFormsStayFinite(float temperature, float beta, float debias)
    {
        Tensor z = LossRun.Parameter(LossRun.Normal(new Shape(20, 6), 1));
        float loss = Run(z, temperature, new NegativeOptions { Beta = beta, Debias = debias, Decoupled = true });
        Assert.True(float.IsFinite(loss));
        Assert.All(z.GradientSpan.ToArray(), g => Assert.True(float.IsFinite(g)));
    }

    private static Tensor Decoupled(Tensor x, Tensor y) => NtXentNegatives.Loss(Ops.Concat(0, x, y), 0.1f, Forms["decoupled"], out _, out _);

    private static float Run(Tensor z, float temperature, NegativeOptions negatives) =>
        LossRun.Of(() => NtXentNegatives.Loss(z, temperature, negatives, out _, out _));
}
