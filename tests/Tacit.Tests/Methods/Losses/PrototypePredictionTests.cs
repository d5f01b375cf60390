using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class PrototypePredictionTests
{
    [Fact]
    public void TheLossAndItsGradientAreThoseOfPyTorch()
    {
        OrderedDictionary<string, Tensor> expected = Oracle.Read("predictive.safetensors").Tensors;
        var x = Tensor.Parameter(new Shape(14, 6));
        Hashed.Singles(14 * 6, 26).CopyTo(x.Span);
        var prototypes = new Tensor[2];
        var targets = new int[2][];
        for (int head = 0; head < 2; head++)
        {
            int k = head == 0 ? 5 : 8;
            prototypes[head] = Ops.L2Normalize(Tensor.From(Hashed.Singles(k * 6, 27 + head), new Shape(k, 6)));
            targets[head] = [.. Enumerable.Range(0, 14).Select(i => i % 5 == head ? -1 : i * 3 % k)];
        }

        using Scope scope = Scope.Gradient();
        Tensor loss = PrototypePrediction.Loss(Ops.L2Normalize(x), prototypes, targets, 0.1f, out double accuracy);
        scope.Backward(loss);

        Oracle.AssertClose(expected["prototypes.loss"].Span, loss.Span, 1e-5);
        Oracle.AssertClose(expected["prototypes.gradient"].Span, x.GradientSpan, 1e-5);
        Assert.InRange(accuracy, 0, 1);
    }
}
