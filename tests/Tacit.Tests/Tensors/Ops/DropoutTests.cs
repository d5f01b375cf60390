using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class DropoutTests
{
    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    public void Keeps_the_expectation(float p)
    {
        using Scope scope = Scope.NoGradient();
        float[] y = Ops.Dropout(Tensor.Full(new Shape(100_003), 2), p, "layer").ToArray();
        int dropped = y.Count(v => v == 0);
        // five standard deviations of a binomial
        Assert.InRange(dropped, (100_003 * p) - (5 * Math.Sqrt(100_003 * p * (1 - p))), (100_003 * p) + (5 * Math.Sqrt(100_003 * p * (1 - p))));
        Assert.All(y, v => Assert.True(v == 0 || Math.Abs(v - (2 / (1 - p))) < 1e-4));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(17)]
    [InlineData(16_400)]
    public void The_gradient_passes_where_the_numbers_did(int n)
    {
        using Scope scope = Scope.Gradient(seed: 5);
        Tensor x = Tensor.Parameter(new Shape(n));
        x.Span.Fill(1);
        Tensor y = Ops.Dropout(x, 0.3f, "layer");
        scope.Backward(Ops.Sum(y));
        Assert.Equal(y.ToArray(), x.GradientSpan.ToArray());
    }

    [Fact]
    public void Masks_depend_on_seed_step_path_and_call_alone()
    {
        float[] first = Mask(1, 1, "a", 0);
        Assert.Equal(first, Mask(1, 1, "a", 0));
        foreach (float[] other in (float[][])[Mask(2, 1, "a", 0), Mask(1, 2, "a", 0), Mask(1, 1, "b", 0), Mask(1, 1, "a", 1)])
        {
            int agree = first.Zip(other).Count(pair => pair.First == pair.Second);
            Assert.InRange(agree, 900, 1100);       // 2,000 fair coins agree 1,000 ± 22 times
        }

        static float[] Mask(ulong seed, long step, string path, int call)
        {
            using Scope scope = Scope.Gradient(seed, step);
            for (int i = 0; i < call; i++)
            {
                Ops.Dropout(Tensor.Full(new Shape(1), 1), 0.5f, path);
            }

            return Ops.Dropout(Tensor.Full(new Shape(2000), 1), 0.5f, path).ToArray();
        }
    }

    [Fact]
    public void Nothing_is_dropped_at_zero_and_one_is_refused()
    {
        Tensor x = Tensor.Full(new Shape(3), 1);
        Assert.Same(x, Ops.Dropout(x, 0, "layer"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ops.Dropout(x, 1, "layer"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ops.Dropout(x, -0.1f, "layer"));
    }
}
