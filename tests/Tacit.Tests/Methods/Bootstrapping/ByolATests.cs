using Tacit.Data.Loading;
using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Bootstrapping;

public sealed class ByolATests
{
    [Fact]
    public void TwentyStepsOnOneBatchLowerTheLoss()
    {
        double[] losses = Trial.Steps(Make(), Hearing.Pictures(), optimizer: Trial.Adam(0.003));
        Assert.True(losses[^1] < 0.8 * losses[0], $"from {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ItsStateIsAllThereIs() => Trial.StateRoundTrips(seed => Make(seed), Hearing.Pictures());

    [Fact]
    public void TheTeacherKeepsNinetyNineHundredths() => Trial.TeacherFollows(Make(), Hearing.Pictures(), "branches.slow_backbone.twin.", "backbone.", 0.99);

    /// <summary>The same weights and views, normalised beforehand, cost what BYOL's method says.</summary>
    [Fact]
    public void ItIsByolOnNormalisedViews()
    {
        Batch batch = Hearing.Pictures();
        Tensor scaled = Tensor.Lasting(batch.Views.Shape);
        using (Scope.NoGradient())
        {
            BatchScale.Of(batch.Views, null).Span.CopyTo(scaled.Span);
        }

        var byol = Trial.Start(b => new Byol(b, new ByolOptions { Projector = [16, 8], PredictorHidden = 16 }), Hearing.Ntt);
        Assert.Equal(Trial.Look(byol, batch with { Views = scaled }).Loss, Trial.Look(Make(), batch).Loss, 1e-6);
    }

    [Fact]
    public void ViewsAreScaledTogetherWithoutTheirPadding()
    {
        using Scope scope = Scope.NoGradient();
        Tensor views = Tensor.From([1, 2, 3, 4, 5, 6, 9, 9], new Shape(2, 2, 2, 1));
        Tensor scaled = BatchScale.Of(views, [2, 1]);

        // 1 … 6 have the mean 3.5 and the variance 35 / 12.
        double deviation = Math.Sqrt(35 / 12.0);
        Oracle.AssertWithin([.. new[] { 1, 2, 3, 4, 5, 6 }.Select(x => (float)((x - 3.5) / deviation)), 9, 9], scaled.Span, 1e-6);
    }

    private static ByolA Make(ulong seed = 1) => Trial.Start(b => new ByolA(b, new ByolAOptions { Projector = [16, 8], PredictorHidden = 16 }), Hearing.Ntt, seed);
}
