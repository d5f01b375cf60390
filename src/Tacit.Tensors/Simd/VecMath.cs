using System.Runtime.CompilerServices;

namespace Tacit.Tensors.Simd;

/// <summary>
/// Elementary functions over a register of lanes, to about two units in the last place where the result is a normal
/// number. NaN stays NaN. The polynomials are our own minimax fits (tests/oracle/fit_polynomials.py prints them).
/// </summary>
public static class VecMath
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;             // few bits: n * Ln2High is exact
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x; 0 below -104, infinity above 89.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, IVec<V> => Exp(x, V.Zero);

    /// <summary>e^(high + low), where low holds what rounding took off high.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V high, V low)
        where V : struct, IVec<V>
    {
        V x = V.Min(V.Max(high, V.Broadcast(-104)), V.Broadcast(89));
        V n = V.Round(x * V.Broadcast(Log2E));
        V r = V.Fma(n, V.Broadcast(-Ln2High), x);
        r = V.Fma(n, V.Broadcast(-Ln2Low), r) + low;
        V p = V.Fma(V.Broadcast(0.0013814613f), r, V.Broadcast(0.00836870984f));
        p = V.Fma(p, r, V.Broadcast(0.0416683874f));
        p = V.Fma(p, r, V.Broadcast(0.166665207f));
        p = V.Fma(p, r, V.Broadcast(0.499999935f));
        p = V.Fma(p, r * r, r) + V.Broadcast(1);
        return V.Scale(p, n);
    }

    /// <summary>The natural logarithm; -infinity at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : struct, IVec<V>
    {
        V small = V.Greater(V.Broadcast(1.17549435e-38f), x);
        V mantissa = V.Split(V.Select(small, x * V.Broadcast(8388608f), x), out V exponent);
        exponent -= V.Select(small, V.Broadcast(23), V.Zero);
        V f = mantissa - V.Broadcast(1);
        V p = V.Fma(V.Broadcast(0.0674663563f), f, V.Broadcast(-0.116756505f));
        p = V.Fma(p, f, V.Broadcast(0.118881638f));
        p = V.Fma(p, f, V.Broadcast(-0.124055892f));
        p = V.Fma(p, f, V.Broadcast(0.142195522f));
        p = V.Fma(p, f, V.Broadcast(-0.166679958f));
        p = V.Fma(p, f, V.Broadcast(0.200021187f));
        p = V.Fma(p, f, V.Broadcast(-0.250000096f));
        p = V.Fma(p, f, V.Broadcast(0.333333126f));
        V square = f * f;
        V y = V.Fma(exponent, V.Broadcast(Ln2Low), p * square * f);
        y = V.Fma(square, V.Broadcast(-0.5f), y) + f;
        y = V.Fma(exponent, V.Broadcast(Ln2High), y);
        y = V.Select(V.Greater(x, V.Broadcast(float.MaxValue)), x, y);
        V unfit = V.Select(V.Greater(V.Zero, x), V.Broadcast(float.NaN), x - V.Broadcast(float.PositiveInfinity));
        return V.Select(V.Greater(x, V.Zero), y, unfit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, IVec<V>
    {
        V u = x * x;
        V p = V.Fma(V.Broadcast(-0.00476948929f), u, V.Broadcast(0.0196649122f));
        p = V.Fma(p, u, V.Broadcast(-0.053390258f));
        p = V.Fma(p, u, V.Broadcast(0.133265212f));
        p = V.Fma(p, u, V.Broadcast(-0.333330684f));
        V near = V.Fma(p * u, x, x);
        V a = V.Abs(x);
        V e = Exp(V.Min(a, V.Broadcast(10)) * V.Broadcast(2));
        V far = V.Broadcast(1) - (V.Broadcast(2) / (e + V.Broadcast(1)));
        far = V.Select(V.Greater(V.Zero, x), V.Zero - far, far);
        return V.Select(V.Greater(a, V.Broadcast(0.75f)), far, near);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, IVec<V> => V.Broadcast(1) / (V.Broadcast(1) + Exp(V.Zero - x));

    /// <summary>The error function 2/√π ∫₀ˣ e^(-t²) dt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : struct, IVec<V>
    {
        V u = x * x;
        V p = V.Fma(V.Broadcast(7.85385856e-05f), u, V.Broadcast(-0.000801019278f));
        p = V.Fma(p, u, V.Broadcast(0.00518832759f));
        p = V.Fma(p, u, V.Broadcast(-0.0268538119f));
        p = V.Fma(p, u, V.Broadcast(0.112835851f));
        p = V.Fma(p, u, V.Broadcast(-0.376126258f));
        p = V.Fma(p, u, V.Broadcast(1.12837917f));
        V a = V.Abs(x);
        V t = V.Min(a, V.Broadcast(10.5f));
        V far = V.Broadcast(1) - Erfc(t, t, t, out _);
        far = V.Select(V.Greater(V.Zero, x), V.Zero - far, far);
        return V.Select(V.Greater(a, V.Broadcast(1)), far, p * x);
    }

    /// <summary>The standard normal distribution function Φ(x), and e^(-x²/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V NormalCdf<V>(V x, out V bell)
        where V : struct, IVec<V>
    {
        V a = V.Min(V.Abs(x), V.Broadcast(15));         // beyond, e^(-x²/2) is 0
        V half = V.Broadcast(0.5f) * Erfc(a * V.Broadcast(0.707106781f), a, a * V.Broadcast(0.5f), out bell);
        return V.Select(V.Greater(x, V.Zero), V.Broadcast(1) - half, half);
    }

    /// <summary>1 - erf(t) for t ≥ 0 to full relative precision, and e^(-t²), where t² = a * b without t's rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Erfc<V>(V t, V a, V b, out V bell)
        where V : struct, IVec<V>
    {
        V square = a * b;
        bell = Exp(V.Zero - square, V.Zero - V.Fma(a, b, V.Zero - square));
        V s = V.Broadcast(1) / V.Fma(t, V.Broadcast(0.3f), V.Broadcast(1));
        V p = V.Fma(V.Broadcast(-0.129522772f), s, V.Broadcast(0.485562575f));
        p = V.Fma(p, s, V.Broadcast(-0.512276798f));
        p = V.Fma(p, s, V.Broadcast(0.547718582f));
        p = V.Fma(p, s, V.Broadcast(-0.0946497494f));
        p = V.Fma(p, s, V.Broadcast(0.214925654f));
        p = V.Fma(p, s, V.Broadcast(0.148339271f));
        p = V.Fma(p, s, V.Broadcast(0.170715213f));
        p = V.Fma(p, s, V.Broadcast(0.169188006f));
        return bell * (s * p);
    }
}
