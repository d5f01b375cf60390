using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class WeightedEntropyTests
{
    private static readonly OrderedDictionary<string, Tensor> Expected = Oracle.Read("predictive.safetensors").Tensors;

    [Fact]
    public void TheLossAndItsGradientAreThoseOfAnIndependentImplementation()
    {
        double[] prior = [.. Hashed.Doubles(313, 24).Select(v => Math.Pow(Math.Abs(v), 3))];
        var logits = Tensor.Parameter(new Shape(60, 313));
        Hashed.Singles(60 * 313, 25, 3).CopyTo(logits.Span);
        using Scope scope = Scope.Gradient();
        Tensor targets = ColourField.Targets(Tensor.From(Hashed.Singles(60 * 2, 23, 90), new Shape(60, 2)), ColourBins.Rebalance(prior, 0.5));

        Tensor loss = WeightedEntropy.Loss(logits, targets);
        scope.Backward(loss);

        Oracle.AssertClose(Expected["weighted_entropy.loss"].Span, loss.Span, 1e-5);
        Oracle.AssertClose(Expected["weighted_entropy.gradient"].Span, logits.GradientSpan[..(3 * 313)], 1e-5);
    }
}
