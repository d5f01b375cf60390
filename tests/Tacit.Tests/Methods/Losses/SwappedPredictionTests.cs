using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class SwappedPredictionTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("contrastive.safetensors");

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void LossAndGradientsAreThoseOfThePapersListing(int count)
    {
        Tensor[] views = [.. Enumerable.Range(0, count).Select(i => LossRun.Parameter(Vectors.Tensors[$"swav.{count}.view{i}"]))];
        using Scope scope = Scope.Gradient();
        Tensor loss = SwappedPrediction.Loss(views, Codes(views[0], views[1]), 0.1f);
        scope.Backward(loss);
        Oracle.AssertClose(Vectors.Tensors[$"swav.{count}.loss"].Span, loss.Span, 2e-6);
        for (int i = 0; i < count; i++)
        {
            Oracle.AssertClose(Vectors.Tensors[$"swav.{count}.d_view{i}"].Span, views[i].GradientSpan, 5e-6, $"view {i}");
        }
    }

    [Fact]
    public void SinesAndCosinesGiveTheReferenceValue()
    {
        (Tensor x, Tensor y) = LossRun.SinesAndCosines();
        using Scope scope = Scope.NoGradient();
        Assert.Equal(5.018252, SwappedPrediction.Loss([x, y], Codes(x, y), 0.1f).ToScalar(), 5e-6);
    }

    /// <summary>
    /// Reference: lightly's case of 32 items at 32 prototypes. By hand: a code keeps all but 31·e^-20 of itself, and its loss is
    /// ln(1 + 31·e^-10) = 0.001406, plus 10 for what the code gives away.
    /// </summary>
    [Fact]
    public void ItemsAtTheirPrototypesCostNextToNothing()
    {
        Tensor eye = Tensor.Lasting(new Shape(32, 32));
        for (int i = 0; i < 32; i++)
        {
            eye[i, i] = 1;
        }

        Assert.Equal(0.001407, SwappedPrediction.Loss([eye, eye], Codes(eye, eye), 0.1f).ToScalar(), 2e-6);
        Assert.Equal(0.001407, SwappedPrediction.Loss([eye, eye, eye, eye], Codes(eye, eye), 0.1f).ToScalar(), 2e-6);
    }

    [Fact]
    public void OnePrototypeCostsNothingAndNoneToldApartCostsItsLogarithm()
    {
        Tensor one = Tensor.From([0.3f, -0.2f], new Shape(2, 1)), flat = Tensor.Lasting(new Shape(3, 7));
        Assert.Equal(0, SwappedPrediction.Loss([one, one], Codes(one, one), 0.1f).ToScalar(), 1e-6);
        Assert.Equal(Math.Log(7), SwappedPrediction.Loss([flat, flat], Codes(flat, flat), 0.1f).ToScalar(), 1e-6);
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        Tensor x = Tensor.Lasting(new Shape(3, 4));
        Assert.Throws<ArgumentException>(() => SwappedPrediction.Loss([x], [x], 0.1f));
        Assert.Throws<ArgumentException>(() => SwappedPrediction.Loss([x, x], [], 0.1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => SwappedPrediction.Loss([x, x], [x, x], 0));
    }

    private static Tensor[] Codes(Tensor a, Tensor b) => [Sinkhorn.Assign(a, 0.05, 3), Sinkhorn.Assign(b, 0.05, 3)];
}
