using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Parts;

public sealed class PrototypesTests
{
    [Fact]
    public void DirectionsHaveLengthOneFromTheBeginning()
    {
        var prototypes = new Prototypes(3, 4);
        prototypes.Initialize(7);
        Tensor weight = prototypes.StateDict()["weight"];
        AssertUnit(weight);

        weight.Span.Fill(2);
        prototypes.Normalize();
        AssertUnit(weight);
        Assert.Equal(1 / Math.Sqrt(3), weight[2, 1], 1e-6);
    }

    [Fact]
    public void ScoresAreCosines()
    {
        var prototypes = new Prototypes(2, 3);
        prototypes.Initialize(0);
        Tensor weight = prototypes.StateDict()["weight"];
        new[] { 1f, 0, 0, 1, 0.6f, 0.8f }.CopyTo(weight.Span);
        Oracle.AssertWithin([0.8f, 0.6f, 0.96f], prototypes.Forward(Tensor.From([0.8f, 0.6f], new Shape(1, 2))).Span, 1e-6);
    }

    private static void AssertUnit(Tensor weight)
    {
        for (int k = 0; k < weight.Shape[0]; k++)
        {
            Assert.Equal(1, weight.Rows(k, 1).ToArray().Sum(v => (double)v * v), 1e-6);
        }
    }
}
