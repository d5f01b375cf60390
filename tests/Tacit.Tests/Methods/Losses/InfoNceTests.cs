using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class InfoNceTests
{
    private static readonly SafetensorsContent Vectors = Oracle.Read("contrastive.safetensors");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void LossAndGradientsAreThoseOfTheDefinition(int items)
    {
        string key = $"info_nce.{items}";
        Tensor q = LossRun.Parameter(Vectors.Tensors[$"{key}.q"]), k = LossRun.Parameter(Vectors.Tensors[$"{key}.k"]);
        using Scope scope = Scope.Gradient();
        Tensor loss = InfoNce.Loss(q, k, Vectors.Tensors.GetValueOrDefault($"{key}.queue"), 0.2f, out _);
        scope.Backward(loss);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.loss"].Span, loss.Span, 2e-6);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.d_q"].Span, q.GradientSpan, 2e-6);
        Oracle.AssertClose(Vectors.Tensors[$"{key}.d_k"].Span, k.GradientSpan, 2e-6);
    }

    /// <summary>Reference: lightly's cases of a memory bank filled with the keys' own direction.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 17)]
    [InlineData(2, 16)]
    [InlineData(8, 15)]
    [InlineData(16, 2)]
    public void AQueueOfTheSameDirectionGivesTheLogarithmOfItsSizeAndOne(int items, int size)
    {
        Tensor q = Filled(new Shape(items, 4), 2), queue = Filled(new Shape(size, 4), 0.5f);
        Assert.Equal(Math.Log(size + 1), InfoNce.Loss(q, q, queue, 0.3f, out NtXentStatistics found).ToScalar(), 1e-5);
        Assert.Equal(Math.Log(size + 1), InfoNce.Chance(size), 1e-12);
        Assert.Equal(1, found.Positive, 1e-6);
        Assert.Equal(1, found.Negative, 1e-6);
    }

    [Fact]
    public void KeysAllAlikeGiveTheLogarithmOfTheBatch() =>
        Assert.Equal(Math.Log(6), InfoNce.Loss(Filled(new Shape(6, 3), 1), Filled(new Shape(6, 3), 2), null, 0.1f, out _).ToScalar(), 1e-5);

    /// <summary>Reference: MoCo v3's contrastive loss, which is this times 2T.</summary>
    [Fact]
    public void SinesAndCosinesGiveTheReferenceValue()
    {
        (Tensor x, Tensor y) = LossRun.SinesAndCosines();
        using Scope scope = Scope.NoGradient();
        Assert.Equal(2.613367, 2 * 0.2 * InfoNce.Loss(x, y, null, 0.2f, out _).ToScalar(), 2e-6);
    }

    /// <summary>Query 0 is its key; query 1's key is at a right angle, and one of the two others is nearer.</summary>
    [Fact]
    public void StatisticsTellHowWellKeysWereFound()
    {
        Tensor q = Tensor.From([1, 0, 0, 1], new Shape(2, 2)), k = Tensor.From([2, 0, 3, 0], new Shape(2, 2));
        Tensor queue = Tensor.From([0, 1, -1, 0], new Shape(2, 2));
        InfoNce.Loss(q, k, queue, 0.2f, out NtXentStatistics found);
        Assert.Equal(0.5, found.Positive, 1e-6);
        Assert.Equal((0 - 1 + 1 + 0) / 4.0, found.Negative, 1e-6);
        Assert.Equal(0.5, found.Accuracy);
    }

    [Fact]
    public void AnEmptyQueueTakesTheBatch()
    {
        Tensor q = Tensor.From([1, 0, 0.6f, 0.8f], new Shape(2, 2));
        float batch = InfoNce.Loss(q, q, null, 0.5f, out _).ToScalar();
        Assert.Equal(batch, InfoNce.Loss(q, q, new FeatureQueue(4, 2).Rows, 0.5f, out _).ToScalar());
        Assert.Equal(-2 + Math.Log(Math.Exp(2) + Math.Exp(1.2)), batch, 1e-6);
    }

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        Tensor one = Filled(new Shape(1, 3), 1), two = Filled(new Shape(2, 3), 1);
        Assert.Contains("at least 2", Assert.Throws<TacitException>(() => InfoNce.Loss(one, one, null, 1, out _)).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => InfoNce.Loss(one, two, null, 1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => InfoNce.Loss(two, two, null, 0, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => InfoNce.Loss(two, two, null, float.NaN, out _));
    }

    private static Tensor Filled(Shape shape, float value)
    {
        Tensor x = Tensor.Lasting(shape);
        x.Span.Fill(value);
        return x;
    }
}
