using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

public sealed class IJepaTests
{
    private static readonly IJepaOptions Small = new();

    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(Small with { Momentum = 1 }), Trial.Pictures(1, side: 16));
        Assert.True(losses[^1] < losses[0] - 0.05, $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void TheTeacherBeginsEqualAndFollows() => Trial.TeacherFollows(Make(Small), Trial.Pictures(1, side: 16), "teacher.twin.", "backbone.", 0.996);

    /// <summary>As for data2vec: predictions of 0 and β above all targets cost 1/(2β), layer-normalised targets having mean square 1.</summary>
    [Theory]
    [InlineData(50)]
    [InlineData(400)]
    public void APredictorThatSaysNothingPaysTheVarianceOfTheTargets(float beta)
    {
        IJepa method = Make(Small with { Beta = beta });
        Data2VecTests.Silence(method, "predictor.widen");
        var (loss, found) = Trial.Look(method, Trial.Pictures(1, side: 16));
        Assert.Equal(1 / (2 * beta), loss, 1e-3 / beta);
        Assert.InRange(found["target_deviation"]!.Value, 0.1, 1);
        Assert.Equal(0, found["teacher_distance"]);
    }

    /// <summary>PyTorch's predictor takes one block of one picture at a time.</summary>
    [Fact]
    public void ThePredictorIsPyTorchs()
    {
        SafetensorsContent reference = Oracle.Read("bootstrapping.safetensors");
        var predictor = new JepaPredictor(6, 8, 2, 2);
        predictor.Load(reference.Tensors.Where(t => t.Key.StartsWith("jepa.state.", StringComparison.Ordinal)).ToDictionary(t => t.Key["jepa.state.".Length..], t => t.Value));
        var mask = new MultiBlockMask(2, 9, [0, 4, 8, 1, 2, 6], 3, [1, 2, 4, 5, 5, 6, 7, 8, 1, 2, 3, 4]);
        Tensor context = Vectors.Parameter(reference.Tensors["jepa.context"]);
        using Scope scope = Scope.Gradient();
        Tensor answers = predictor.Forward(context, mask, reference.Tensors["jepa.positions"]);
        Oracle.AssertClose(reference.Tensors["jepa.answers"].Span, answers.Span, 1e-5);
        Tensor loss = Ops.Sum(Ops.Multiply(answers, reference.Tensors["jepa.weights"]));
        scope.Backward(loss);
        Assert.Equal(reference.Tensors["jepa.loss"].ToScalar(), loss.ToScalar(), 1e-4f);
        Oracle.AssertClose(reference.Tensors["jepa.context.gradient"].Span, context.GradientSpan, 1e-5);
        Oracle.AssertClose(
            reference.Tensors["jepa.mask_token.gradient"].Span, predictor.NamedParameters().Single(p => p.Key == "mask_token").Value.GradientSpan, 1e-5);
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(Small, seed), Trial.Pictures(1, side: 16));

    [Fact]
    public void ThePredictorIsHalfOfTheEncoderUnlessToldOtherwise()
    {
        Assert.Equal(8, Small.WidthFor(Trial.SmallVit));
        Assert.Equal(96, Small.WidthFor(new() { Dim = 192, Heads = 3 }));
        Assert.Equal(384, Small.WidthFor(new() { Dim = 768, Heads = 12 }));
        Assert.Equal(3, Small.DepthFor(new() { Depth = 6 }));
        Assert.Equal(1, Small.DepthFor(new() { Depth = 1 }));
        Assert.Equal(24, (Small with { PredictorWidth = 24 }).WidthFor(Trial.SmallVit));
    }

    [Fact]
    public void WhatCannotWorkIsRefused()
    {
        Assert.Contains("works with vit", Trial.Refusal(Small, Trial.SmallResNet), StringComparison.Ordinal);
        Assert.Contains("works with vit", Assert.Throws<ConfigurationException>(() => Trial.Start(b => new IJepa(b, Small), Trial.SmallResNet)).Message, StringComparison.Ordinal);
        Assert.Contains("model.patch-size", Trial.Refusal(Small, Trial.SmallVit, side: 4), StringComparison.Ordinal);
        Assert.Contains("multiple of 8", Trial.Refusal(Small with { PredictorWidth = 20 }, Trial.SmallVit, given: "method.predictor-width"), StringComparison.Ordinal);
        Assert.Contains("train.batch-size", Trial.Refusal(Small, Trial.SmallVit, batch: 1), StringComparison.Ordinal);
        Assert.Throws<TacitException>(() => new IJepaOptions { Blocks = new() { MinTarget = 0.4 } }.Validate());
        Assert.IsType<IJepaOptions>(Trial.Fit(Small, Trial.SmallVit, side: 8).Options);
    }

    private static IJepa Make(IJepaOptions options, ulong seed = 1) => Trial.Start(b => new IJepa(b, options), Trial.SmallVit, seed);
}
