using Tacit.Methods;
using Tacit.Tensors;
using Tacit.Tests.Methods.Losses;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class JepaPredictorTests
{
    /// <summary>PyTorch's predictor takes one block of one picture at a time.</summary>
    [Fact]
    public void ThePredictorIsPyTorchs()
    {
        SafetensorsContent reference = Oracle.Read("bootstrapping.safetensors");
        var predictor = new JepaPredictor(6, 8, 2, 2);
        predictor.Load(reference.Tensors.Where(t => t.Key.StartsWith("jepa.state.", StringComparison.Ordinal)).ToDictionary(t => t.Key["jepa.state.".Length..], t => t.Value));
        var mask = new MultiBlockMask(2, 9, [0, 4, 8, 1, 2, 6], 3, [1, 2, 4, 5, 5, 6, 7, 8, 1, 2, 3, 4]);
        Tensor context = LossRun.Parameter(reference.Tensors["jepa.context"]);
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
}
