using Tacit.Nn;
using Tacit.Tensors;
using Xunit;

namespace Tacit.Tests.Nn;

public sealed class InitializerTests
{
    private static readonly Shape Conv = new(64, 24, 5, 5);        // fan-in 600, fan-out 1600

    public static TheoryData<string, double, double> Uniform => new()
    {
        // bound of PyTorch's rule for this shape, worked out by hand: 1/√600, √(6/(600 + 1600)), and twice that with gain 2
        { "kaiming", 1 / Math.Sqrt(600), 0 },
        { "xavier", Math.Sqrt(6 / 2200.0), 0 },
        { "xavier-2", 2 * Math.Sqrt(6 / 2200.0), 0 },
        { "bias", 1 / Math.Sqrt(600), 0 },
    };

    [Theory]
    [MemberData(nameof(Uniform))]
    public void Uniform_rules_have_PyTorchs_bounds(string rule, double bound, double mean)
    {
        Tensor values = Draw(rule switch
        {
            "kaiming" => Initializers.KaimingUniform(),
            "xavier" => Initializers.XavierUniform(),
            "xavier-2" => Initializers.XavierUniform(2),
            _ => Initializers.Bias(600),
        });

        AssertMoments(values, mean, bound / Math.Sqrt(3));
        float min = values.ToArray().Min(), max = values.ToArray().Max();
        Assert.InRange(min, -bound * 1.000001, -bound * 0.999);
        Assert.InRange(max, bound * 0.999, bound * 1.000001);
    }

    [Fact]
    public void Normal_rules_have_PyTorchs_deviation()
    {
        AssertMoments(Draw(Initializers.KaimingNormalFanOut), 0, Math.Sqrt(2 / 1600.0));
        AssertMoments(Draw(Initializers.XavierNormal()), 0, Math.Sqrt(2 / 2200.0));
        AssertMoments(Draw(Initializers.Normal(0.5f, 3)), 3, 0.5);
    }

    [Fact]
    public void A_truncated_normal_is_cut_at_values_not_deviations()
    {
        // Deviations of the standard normal cut to [-2, 2] and [0, 1], from their densities.
        Tensor wide = Draw(Initializers.TruncatedNormal(1));
        AssertMoments(wide, 0, 0.8796256610342398);
        Assert.InRange(wide.ToArray().Max(), 1.99, 2);

        Tensor side = Draw(Initializers.TruncatedNormal(1, low: 0, high: 1));
        AssertMoments(side, 0.4598622, 0.2820216);

        // DINO's and BEiT's 0.02 within ±2 is not cut at all.
        AssertMoments(Draw(Initializers.TruncatedNormal(0.02f)), 0, 0.02);
        Assert.Throws<ArgumentException>(() => Initializers.TruncatedNormal(1, low: 5, high: 6));
        Assert.Throws<ArgumentException>(() => Initializers.TruncatedNormal(1, low: 1, high: -1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Values_do_not_depend_on_threads_or_blocks(int threads)
    {
        WorkerPool.Configure(threads);
        try
        {
            Tensor whole = Draw(Initializers.TruncatedNormal(1));       // 38,400 numbers, one block
            var larger = Tensor.Lasting(new Shape(200_000));            // four blocks, of the same stream
            Initializers.TruncatedNormal(1)(larger, 9, 4);

            Assert.Equal(whole.ToArray(), larger.ToArray()[..whole.Length]);
            Assert.InRange(larger.ToArray().Distinct().Count(), 190_000, 200_000);
        }
        finally
        {
            WorkerPool.Configure(Environment.ProcessorCount);
        }
    }

    [Fact]
    public void Linear_starts_as_PyTorchs()
    {
        var layer = new Linear(100, 300);
        layer.Initialize(1);

        AssertMoments(layer.StateDict()["weight"], 0, 0.1 / Math.Sqrt(3));
        Assert.InRange(layer.StateDict()["bias"].ToArray().Max(), 0.09, 0.1);
        Assert.InRange(layer.StateDict()["bias"].ToArray().Min(), -0.1, -0.09);
    }

    private static Tensor Draw(Initializer initializer)
    {
        var tensor = Tensor.Lasting(Conv);
        initializer(tensor, 9, 4);
        return tensor;
    }

    /// <summary>Mean and deviation within five standard errors (of a normal's, which is at least as wide).</summary>
    private static void AssertMoments(Tensor values, double mean, double deviation)
    {
        double n = values.Length, sum = 0, square = 0;
        foreach (float value in values.Span)
        {
            sum += value;
            square += (value - mean) * (value - mean);
        }

        Assert.InRange(sum / n, mean - (5 * deviation / Math.Sqrt(n)), mean + (5 * deviation / Math.Sqrt(n)));
        Assert.InRange(Math.Sqrt(square / n), deviation * (1 - (5 / Math.Sqrt(2 * n))), deviation * (1 + (5 / Math.Sqrt(2 * n))));
    }
}
