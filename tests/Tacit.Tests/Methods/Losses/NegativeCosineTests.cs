using Tacit.Methods;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Methods.Losses;

public sealed class NegativeCosineTests
{
    private static readonly SafetensorsContent Reference = Oracle.Read("bootstrapping.safetensors");

    public static TheoryData<string> Sizes => ["1.3", "4.32", "19.5"];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void TheSymmetricLossStopsAtTheTargets(string size)
    {
        Tensor[] x = Inputs($"simsiam.{size}");
        Check($"simsiam.{size}", x, () => NegativeCosine.Symmetric(x[0], x[1], x[2].Detach(), x[3].Detach()));
        Assert.False(x[2].HasGradient);
        Assert.False(x[3].HasGradient);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void SquaredDistancesAreThoseOfUnitVectors(string size)
    {
        Tensor[] x = Inputs($"byol.{size}");
        Check($"byol.{size}", x, () => NegativeCosine.SquaredDistances(x[0], x[1], x[2], x[3]));
    }

    [Fact]
    public void SinesAndCosinesGiveTheReferenceValue()
    {
        (Tensor x, Tensor y) = LossRun.SinesAndCosines();
        using Scope scope = Scope.NoGradient();
        Assert.Equal(0.435269, NegativeCosine.Loss(x, y).ToScalar(), 1e-6);
        Assert.Equal(0.435269, NegativeCosine.Symmetric(x, y, x, y).ToScalar(), 1e-6);
        Assert.Equal(2 * 2.870538, NegativeCosine.SquaredDistances(x, y, x, y).ToScalar(), 2e-6);
    }

    /// <summary>The same way: −1 and 0. The opposite way: 1 and 4 a direction. At right angles: 0 and 2 a direction.</summary>
    [Theory]
    [InlineData(2, 0, -1, 0)]
    [InlineData(-3, 0, 1, 8)]
    [InlineData(0, 5, 0, 4)]
    public void DirectionsAloneCount(float u, float v, float cosine, float distance)
    {
        Tensor p = Tensor.From([1, 0, 7, 0], new Shape(2, 2)), z = Tensor.From([u, v, u, v], new Shape(2, 2));
        Assert.Equal(cosine, NegativeCosine.Loss(p, z).ToScalar(), 1e-6f);
        Assert.Equal(distance, NegativeCosine.SquaredDistances(p, p, z, z).ToScalar(), 1e-6f);
    }

    [Fact]
    public void NothingToCompareIsRefused()
    {
        Assert.Throws<ShapeException>(() => NegativeCosine.Loss(Tensor.Lasting(new Shape(0, 4)), Tensor.Lasting(new Shape(0, 4))));
        Assert.Throws<ShapeException>(() => NegativeCosine.Loss(Tensor.Lasting(new Shape(4)), Tensor.Lasting(new Shape(4))));
        Assert.Throws<ShapeException>(() => NegativeCosine.Loss(Tensor.Lasting(new Shape(2, 4)), Tensor.Lasting(new Shape(2, 5))));
    }

    private static Tensor[] Inputs(string key) =>
        [.. new[] { "p1", "p2", "z1", "z2" }.Select(name => LossRun.Parameter(Reference.Tensors[$"{key}.{name}"]))];

    private static void Check(string key, Tensor[] x, Func<Tensor> run)
    {
        using Scope scope = Scope.Gradient();
        Tensor loss = run();
        scope.Backward(loss);
        Assert.Equal(Reference.Tensors[$"{key}.loss"].ToScalar(), loss.ToScalar(), 1e-5f);
        foreach ((Tensor tensor, string name) in x.Zip(["p1", "p2", "z1", "z2"]))
        {
            if (Reference.Tensors.TryGetValue($"{key}.{name}.gradient", out Tensor? gradient))
            {
                Oracle.AssertClose(gradient.Span, tensor.GradientSpan, 2e-6);
            }
        }
    }
}
