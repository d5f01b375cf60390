using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class TargetsTests
{
    [Fact]
    public void TheTargetsAreTheMeanOfTheNormalisedBlocks()
    {
        SafetensorsContent reference = Oracle.Read("bootstrapping.safetensors");
        foreach (string norm in new[] { "layer", "instance" })
        {
            Tensor sum = Tensor.Lasting(new Shape(2, 5, 8));
            for (int i = 0; i < 3; i++)
            {
                sum = Ops.Add(sum, Targets.Normalised(reference.Tensors[$"targets.block.{i}"], norm));
            }

            Oracle.AssertClose(reference.Tensors[$"targets.{norm}"].Span, Ops.Divide(sum, 3).Span, 1e-5);
        }
    }

    [Fact]
    public void ConstantTargetsAreReportedAsSuch()
    {
        var diagnostics = new Diagnostics();
        Targets.Report(diagnostics, Tensor.Full(new Shape(5, 3), 0.7f));
        Assert.Equal(0, diagnostics["target_deviation"]!.Value, 1e-6);
        diagnostics.Clear();
        Targets.Report(diagnostics, Tensor.From([1, 2, -1, -2], new Shape(2, 2)));
        Assert.Equal(1.5, diagnostics["target_deviation"]!.Value, 1e-6);
    }
}
