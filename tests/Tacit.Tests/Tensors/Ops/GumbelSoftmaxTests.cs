using Tacit.Tensors;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class GumbelSoftmaxTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 7, 0.5)]
    [InlineData(5, 17, 2)]
    [InlineData(700, 31, 1)]
    public void Soft_choice_is_the_softmax_of_noisy_logits(int rows, int n, double temperature)
    {
        double[] noise = [.. Uniform(rows * n).Select(u => -Math.Log(-Math.Log(Math.Max(u, Math.Pow(2, -25)))))];
        new GradCheck { Twice = false, Tolerance = 1e-5, GradientTolerance = 1e-4, Places = 8 }.Run(
            x => Keyed(() => Ops.GumbelSoftmax(x[0], (float)temperature, false, "quantizer")),
            x => Soft(x[0], noise, n, temperature),
            new Shape(rows, n));
    }

    [Fact]
    public void Hard_choice_is_the_largest_place_with_the_soft_gradient()
    {
        Tensor x = Tensor.Parameter(new Shape(50, 9));
        Philox.FillNormal(x.Span, 1, 2, 0);
        (float[] soft, float[] slope) = Run(hard: false);
        (float[] hard, float[] through) = Run(hard: true);
        for (int row = 0; row < 50; row++)
        {
            float[] p = soft[(row * 9)..((row + 1) * 9)];
            Assert.Equal([.. p.Select(v => v == p.Max() ? 1f : 0f)], hard[(row * 9)..((row + 1) * 9)]);
        }

        Assert.Equal(slope, through);

        (float[] Y, float[] Dx) Run(bool hard)
        {
            x.ClearGradient();
            using Scope scope = Scope.Gradient(seed: 5, step: 3);
            Tensor y = Ops.GumbelSoftmax(x, 0.7f, hard, "quantizer");
            float[] weights = Hashed.Singles(y.Length, 4);
            scope.Backward(WeightedSum.Of(weights, y));
            return (y.ToArray(), x.GradientSpan.ToArray());
        }
    }

    [Fact]
    public void Draws_follow_the_softmax_of_the_logits()
    {
        const int Draws = 40_000;
        float[] logits = [1, 0, -1, 2];
        double[] p = [.. logits.Select(v => Math.Exp(v) / logits.Sum(w => Math.Exp(w)))];
        using Scope scope = Scope.NoGradient();
        Tensor x = Tensor.From([.. Enumerable.Range(0, Draws).SelectMany(_ => logits)], new Shape(Draws, 4));
        Tensor y = Ops.GumbelSoftmax(x, 0.3f, true, "quantizer");
        for (int k = 0; k < 4; k++)
        {
            int count = Enumerable.Range(0, Draws).Count(i => y[i, k] == 1);
            double spread = 5 * Math.Sqrt(Draws * p[k] * (1 - p[k]));
            Assert.InRange(count, (Draws * p[k]) - spread, (Draws * p[k]) + spread);
        }

        Assert.NotEqual(y.ToArray(), Ops.GumbelSoftmax(x, 0.3f, true, "quantizer").ToArray());
    }

    [Fact]
    public void A_temperature_of_zero_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Ops.GumbelSoftmax(Tensor.Zeros(new Shape(1, 2)), 0, true, "quantizer"));

    /// <summary>The operator's uniform numbers: those of the first "gumbel" stream of its path.</summary>
    private static float[] Uniform(int count)
    {
        var values = new float[count];
        ulong stream = Keyed(() => Scope.NextStream("gumbel", "quantizer"));
        Philox.FillUniform(values, 0, stream, 0);
        return values;
    }

    /// <summary>GradCheck's own scope has seed and step 0, as here.</summary>
    private static T Keyed<T>(Func<T> draw)
    {
        if (Scope.Current is not null)
        {
            return draw();
        }

        using Scope scope = Scope.Gradient();
        return draw();
    }

    private static double[] Soft(double[] x, double[] noise, int n, double temperature)
    {
        double[] e = [.. x.Select((v, i) => Math.Exp((v + noise[i]) / temperature))];
        return [.. e.Select((v, i) => v / e.Skip(i / n * n).Take(n).Sum())];
    }
}
