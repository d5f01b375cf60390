using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>Reductions of one contiguous row. Sums run in float32 for 2,048 terms at a time and in double across them.</summary>
internal static unsafe class RowMath
{
    private const int Run = 2048;

    /// <summary>The largest number; NaN where there is one.</summary>
    public static float Max<V>(float* x, int n)
        where V : struct, IVec<V>
    {
        V m0 = V.Broadcast(float.NegativeInfinity), m1 = m0, m2 = m0, m3 = m0;
        int i = 0;
        for (; i <= n - (4 * V.Count); i += 4 * V.Count)
        {
            m0 = V.Max(m0, V.Load(x + i));
            m1 = V.Max(m1, V.Load(x + i + V.Count));
            m2 = V.Max(m2, V.Load(x + i + (2 * V.Count)));
            m3 = V.Max(m3, V.Load(x + i + (3 * V.Count)));
        }

        for (; i <= n - V.Count; i += V.Count)
        {
            m0 = V.Max(m0, V.Load(x + i));
        }

        float result = V.Max(V.Max(m0, m1), V.Max(m2, m3)).MaxLane();
        for (; i < n; i++)
        {
            result = MathF.Max(result, x[i]);
        }

        return result;
    }

    public static double Dot<V>(float* a, float* b, int n)
        where V : struct, IVec<V>
    {
        double total = 0;
        for (int start = 0; start < n; start += Run)
        {
            int end = Math.Min(n, start + Run);
            V s0 = V.Zero, s1 = V.Zero;
            int i = start;
            for (; i <= end - (2 * V.Count); i += 2 * V.Count)
            {
                s0 = V.Fma(V.Load(a + i), V.Load(b + i), s0);
                s1 = V.Fma(V.Load(a + i + V.Count), V.Load(b + i + V.Count), s1);
            }

            double rest = 0;
            for (; i < end; i++)
            {
                rest += (double)a[i] * b[i];
            }

            total += (s0 + s1).Sum() + rest;
        }

        return total;
    }

    /// <summary>Σ (x - center)².</summary>
    public static double Squares<V>(float* x, float center, int n)
        where V : struct, IVec<V>
    {
        double total = 0;
        V middle = V.Broadcast(center);
        for (int start = 0; start < n; start += Run)
        {
            int end = Math.Min(n, start + Run);
            V s0 = V.Zero, s1 = V.Zero;
            int i = start;
            for (; i <= end - (2 * V.Count); i += 2 * V.Count)
            {
                V d0 = V.Load(x + i) - middle, d1 = V.Load(x + i + V.Count) - middle;
                s0 = V.Fma(d0, d0, s0);
                s1 = V.Fma(d1, d1, s1);
            }

            double rest = 0;
            for (; i < end; i++)
            {
                double d = x[i] - center;
                rest += d * d;
            }

            total += (s0 + s1).Sum() + rest;
        }

        return total;
    }

    /// <summary>Σ e^(x - max), each term stored too where asked.</summary>
    public static double SumExp<V>(float* x, float max, float* terms, int n)
        where V : struct, IVec<V>
    {
        double total = 0;
        V top = V.Broadcast(max);
        for (int start = 0; start < n; start += Run)
        {
            int end = Math.Min(n, start + Run);
            V sum = V.Zero;
            int i = start;
            for (; i <= end - V.Count; i += V.Count)
            {
                V e = VecMath.Exp(V.Load(x + i) - top);
                sum += e;
                if (terms != null)
                {
                    e.Store(terms + i);
                }
            }

            if (i < end)
            {
                // Lanes behind the end hold -infinity and add e^-infinity = 0.
                V e = VecMath.Exp(V.LoadFirst(x + i, end - i, V.Broadcast(float.NegativeInfinity)) - top);
                sum += e;
                if (terms != null)
                {
                    e.StoreFirst(terms + i, end - i);
                }
            }

            total += sum.Sum();
        }

        return total;
    }

    /// <summary>y = x * scale + shift.</summary>
    public static void Affine<V>(float* x, float scale, float shift, float* y, int n)
        where V : struct, IVec<V>
    {
        V k = V.Broadcast(scale), s = V.Broadcast(shift);
        for (int i = 0; i < n; i += V.Count)
        {
            Put(V.Fma(V.Load(x + i), k, s), y + i, false, n - i);
        }
    }

    /// <summary>Stores to, or adds to, a gradient: whole registers directly, the row's end lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<V>(V v, float* target, bool add, int room)
        where V : struct, IVec<V>
    {
        v = add ? v + V.Load(target) : v;
        if (room >= V.Count)
        {
            v.Store(target);
        }
        else
        {
            v.StoreFirst(target, room);
        }
    }
}
