using Tacit.Evaluation;
using Tacit.Nn;
using Tacit.Tensors;

namespace Tacit.Tests.Evaluation;

public class SupervisedFitTests
{
    private static FitOptions Options(int steps, int batch) => new()
    {
        Steps = steps,
        BatchSize = batch,
        Optimizer = new OptimizerOptions { Name = "sgd", Lr = 0.5, Momentum = 0, WeightDecay = 0 },
    };

    private static (Tensor Weight, SupervisedFit Fit) Of(float start, FitOptions options)
    {
        Tensor weight = Tensor.Parameter(new Shape(1), "w");
        weight.Span[0] = start;
        return (weight, new SupervisedFit([new ParameterGroup([weight])], options));
    }

    [Fact]
    public void EveryItemComesOnceBeforeAnyComesAgain()
    {
        var (weight, fit) = Of(0, Options(6, 4));
        var seen = new List<int>();
        while (!fit.Finished)
        {
            seen.AddRange(fit.Next(8));
            fit.Step(() => Ops.Sum(Ops.Multiply(weight, weight)));
        }

        Assert.Equal(24, seen.Count);
        Assert.All(seen.Chunk(8), epoch => Assert.Equal(Enumerable.Range(0, 8), epoch.Order()));
        Assert.NotEqual(seen[..8], seen[8..16]);
    }

    [Fact]
    public void AStepOfGradientDescentOnASquare()
    {
        // d/dw w² = 2w, so w - 0.5 · 0.5 · 2w halves it where the rate is scaled to a half: a cosine's middle.
        var (weight, fit) = Of(4, Options(2, 1) with { Schedule = new ScheduleOptions { Name = "cosine" } });
        Assert.Equal(16, fit.Step(() => Ops.Sum(Ops.Multiply(weight, weight))));
        Assert.Equal(0, weight.Span[0], 1e-6);      // the first step, at the full rate of 0.5, lands at the bottom
        weight.Span[0] = 4;
        fit.Step(() => Ops.Sum(Ops.Multiply(weight, weight)));
        Assert.Equal(2, weight.Span[0], 1e-6);
    }

    [Fact]
    public void ALossThatIsNoNumberChangesNothing()
    {
        var (weight, fit) = Of(-1, Options(1, 1));
        TacitException error = Assert.Throws<TacitException>(() => fit.Step(() => Ops.Sum(Ops.Log(weight))));
        Assert.Contains("lower learning rate", error.Message, StringComparison.Ordinal);
        Assert.Equal(-1, weight.Span[0]);
        Assert.Equal(0, fit.Done);
    }
}
