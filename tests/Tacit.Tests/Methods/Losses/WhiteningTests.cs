using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Tests.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class WhiteningTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("regularized.safetensors");

    [Theory]
    [InlineData("12.1", 0f)]
    [InlineData("20.7", 0f)]
    [InlineData("9.13", 0.1f)]
    public void RowsAndGradientAreThoseOfTheReference(string size, float epsilon)
    {
        string key = $"whitening.{size}";
        Tensor x = LossRun.Parameter(Vectors.Tensors[$"{key}.x"]), weights = Vectors.Tensors[$"{key}.weights"];
        float[] white = [];
        LossRun.Of(() =>
        {
            Tensor z = Whitening.Of(x, epsilon);
            white = z.ToArray();
            return Ops.Sum(Ops.Multiply(z, weights));
        });
        Oracle.AssertClose(Vectors.Tensors[$"{key}.white"].Span, white, 1e-5);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.x_gradient"].Span, x.GradientSpan, 1e-5);
    }

    [Theory]
    [InlineData(2, 1, 0f)]
    [InlineData(9, 4, 0f)]
    [InlineData(33, 17, 0f)]
    [InlineData(5, 7, 0.25f)]
    public void GradientIsTheSlope(int rows, int width, float epsilon) =>
        new GradCheck { Tolerance = 1e-5, GradientTolerance = 1e-4 }.Run(x => Whitening.Of(x[0], epsilon), x => Naive(x[0], rows, width, epsilon), new Shape(rows, width));

    [Fact]
    public void WhatIsWhitenedHasTheIdentityAsCovariance()
    {
        Tensor mixed = Ops.MatMul(Drawn.Normal(3, 40, 6), Drawn.Normal(4, 6, 6));
        Tensor white = Whitening.Of(Ops.Add(mixed, 5), 0, out double condition);
        Tensor covariance = Ops.Divide(Ops.MatMul(white, white, transposeA: true), 39);
        for (int i = 0; i < 6; i++)
        {
            for (int j = 0; j < 6; j++)
            {
                Assert.Equal(i == j ? 1 : 0, covariance[i, j], 1e-4);
            }
        }

        Assert.True(condition > 1.5);
        Whitening.Of(white, 0, out double again);
        Assert.Equal(1, again, 1e-3);
    }

    /// <summary>One dimension is standardised: −1, 0, 1 from any three equidistant numbers (their unbiased deviation is the distance).</summary>
    [Fact]
    public void OneDimensionIsStandardised() =>
        Oracle.AssertWithin([-1, 0, 1], Whitening.Of(Tensor.From([10, 17, 24], new Shape(3, 1))).Span, 1e-6);

    [Fact]
    public void WhatCannotBeWhitenedIsRefusedWithTheWayOut()
    {
        Assert.Contains("does not vary", Assert.Throws<TacitException>(() => Whitening.Of(Tensor.Full(new Shape(8, 3), 2))).Message, StringComparison.Ordinal);
        Assert.Contains("method.epsilon", Assert.Throws<TacitException>(() => Whitening.Of(Drawn.Normal(1, 4, 6))).Message, StringComparison.Ordinal);
        Assert.True(float.IsFinite(Whitening.Of(Tensor.Full(new Shape(8, 3), 2), 0.1f)[0, 0]));
        Assert.Throws<ShapeException>(() => Whitening.Of(Drawn.Normal(1, 1, 2)));
    }

    /// <summary>Centre, covariance, textbook Cholesky, forward substitution.</summary>
    private static double[] Naive(double[] x, int rows, int width, double epsilon)
    {
        epsilon = (float)epsilon;
        var c = new double[rows, width];
        for (int d = 0; d < width; d++)
        {
            double mean = Enumerable.Range(0, rows).Average(n => x[(n * width) + d]);
            for (int n = 0; n < rows; n++)
            {
                c[n, d] = x[(n * width) + d] - mean;
            }
        }

        var l = new double[width, width];
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = i == j ? epsilon : 0;
                for (int n = 0; n < rows; n++)
                {
                    sum += (1 - epsilon) * c[n, i] * c[n, j] / (rows - 1);
                }

                for (int k = 0; k < j; k++)
                {
                    sum -= l[i, k] * l[j, k];
                }

                l[i, j] = i == j ? Math.Sqrt(sum) : sum / l[j, j];
            }
        }

        var z = new double[rows * width];
        for (int n = 0; n < rows; n++)
        {
            for (int i = 0; i < width; i++)
            {
                double rest = c[n, i];
                for (int k = 0; k < i; k++)
                {
                    rest -= l[i, k] * z[(n * width) + k];
                }

                z[(n * width) + i] = rest / l[i, i];
            }
        }

        return z;
    }
}
