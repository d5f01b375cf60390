using Tacit.Tensors;
using Tacit.Tensors.Simd;
using Xunit;
using Ops = Tacit.Tensors.Ops;

namespace Tacit.Tests.Tensors;

public sealed class VecMathTests
{
    [Fact]
    public void Exp() => Near(Ops.Exp, Math.Exp, Grid(-87, 88.7), 3e-7);

    [Fact]
    public void Log() => Near(Ops.Log, Math.Log, [.. Grid(-87, 88.7).Select(x => MathF.Exp(x)), .. Grid(0.5, 2), 1e-40f], 3e-7);

    [Fact]
    public void Tanh() => Near(Ops.Tanh, Math.Tanh, [.. Grid(-12, 12), .. Tiny()], 3e-7);

    [Fact]
    public void Sigmoid() => Near(Ops.Sigmoid, x => 1 / (1 + Math.Exp(-x)), Grid(-87, 87), 5e-7);

    [Fact]
    public void Silu() => Near(Ops.Silu, x => x / (1 + Math.Exp(-x)), [.. Grid(-80, 80), .. Tiny()], 6e-7);

    /// <summary>Relative even far in the left tail, where 1 + erf would cancel; without fused multiply-add x² is rounded there.</summary>
    [Fact]
    public void Gelu() => Near(Ops.Gelu, x => x * 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2)), [.. Grid(-13, 13), .. Tiny()], Width.Bits >= 256 ? 1e-6 : 7e-6);

    [Fact]
    public void GeluTanh() =>
        Near(Ops.GeluTanh, x => x / (1 + Math.Exp(-2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))), [.. Grid(-5, 13), .. Tiny()], 3e-6);

    [Fact]
    public void Erf() => Near(x => Map(x, default(ErfKernel)), SpecialFunctions.Erf, [.. Grid(-6, 6), .. Tiny()], 3e-7);

    [Fact]
    public void Ends_of_the_range()
    {
        Assert.Equal([0, 0, float.PositiveInfinity, float.PositiveInfinity, 1], One(Ops.Exp, float.NegativeInfinity, -200, 200, float.PositiveInfinity, 0));
        Assert.Equal([float.NegativeInfinity, float.NaN, float.NaN, float.PositiveInfinity, 0], One(Ops.Log, 0, -1, float.NegativeInfinity, float.PositiveInfinity, 1));
        Assert.Equal([-1, 1, -1, 1, 0], One(Ops.Tanh, float.NegativeInfinity, float.PositiveInfinity, -1e30f, 1e30f, 0));
        Assert.Equal([0, 1, 0, 1, 0.5f], One(Ops.Sigmoid, float.NegativeInfinity, float.PositiveInfinity, -1e30f, 1e30f, 0));
        Assert.Equal([float.PositiveInfinity, 1e30f, 0], One(Ops.Gelu, float.PositiveInfinity, 1e30f, 0));
        Assert.Equal(0, One(Ops.Gelu, -1e30f)[0]);
    }

    [Fact]
    public void Gradients_stay_finite_far_out()
    {
        foreach (Func<Tensor, Tensor> op in (Func<Tensor, Tensor>[])[Ops.Gelu, Ops.GeluTanh, Ops.Silu, Ops.Tanh, Ops.Sigmoid])
        {
            using Scope scope = Scope.Gradient();
            Tensor x = Tensor.Parameter(new Shape(6));
            float[] far = [-1e30f, -1000, -90, 90, 1000, 1e30f];
            far.CopyTo(x.Span);
            scope.Backward(Ops.Sum(Ops.Clamp(op(x), -1, 1)));
            Assert.All(x.GradientSpan.ToArray(), g => Assert.True(float.IsFinite(g)));
        }
    }

    private static float[] Grid(double from, double to) => [.. Enumerable.Range(0, 4001).Select(i => (float)(from + ((to - from) * i / 4000)))];

    private static float[] Tiny() => [1e-30f, -1e-30f, 1e-10f, -1e-10f, 1e-4f, -1e-4f];

    private static float[] One(Func<Tensor, Tensor> op, params float[] x) => op(Tensor.From(x, new Shape(x.Length))).ToArray();

    private static void Near(Func<Tensor, Tensor> op, Func<double, double> f, float[] x, double relative)
    {
        float[] y = One(op, x);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = f(x[i]);
            Assert.True(
                Math.Abs(y[i] - expected) <= Math.Max(relative * Math.Abs(expected), 1.2e-38), $"at {x[i]}: {y[i]}, expected {expected}");
        }
    }

    private static unsafe Tensor Map(Tensor x, ErfKernel kernel)
    {
        Tensor y = Tensor.Empty(x.Shape);
        Blocks.Run(1, kernel with { X = (nint)x.Data, Y = (nint)y.Data, Length = x.Length });
        return y;
    }

    private readonly record struct ErfKernel(nint X, nint Y, int Length) : IBlockKernel
    {
        public unsafe void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            for (int i = 0; i < Length; i += V.Count)
            {
                RowMath.Put(VecMath.Erf(V.Load((float*)X + i)), (float*)Y + i, false, Length - i);
            }
        }
    }
}
