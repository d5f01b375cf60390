using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>A strip of 16 places and one vector of outputs: sixteen sums, three weights and one broadcast. Only with 32 registers.</summary>
internal readonly unsafe struct Strip16<V> : IStrip<V>
    where V : struct, IVec<V>
{
    public static int Places => 16;

    public static int Vectors => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(StripTap* taps, int count, int channels, nint d, float* o, nint step, bool add)
    {
        nint d2 = 2 * d, d3 = 3 * d, next = (nint)channels * Vectors * V.Count;
        Row1<V> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default, c12 = default, c13 = default, c14 = default, c15 = default;
        for (int t = 0; t < count; t++)
        {
            StripTap tap = taps[t];
            float* left = (float*)tap.Left, right = (float*)tap.Right, q0 = (float*)tap.Row, q1 = (float*)tap.Row + (4 * d), q2 = (float*)tap.Row + (8 * d), q3 = (float*)tap.Row + (12 * d);
            float* b = (float*)tap.Weights;
            for (float* end = b + next; b < end; b += Vectors * V.Count)
            {
                Row1<V> w0 = Row1<V>.Load(b), w1 = Row1<V>.Load(b + next), w2 = Row1<V>.Load(b + (2 * next));
                V x = V.Broadcast(*left++);
                c0 = c0.Fma(x, w0);
                x = V.Broadcast(q0[0]);
                c1 = c1.Fma(x, w0); c0 = c0.Fma(x, w1);
                x = V.Broadcast(q0[d]);
                c2 = c2.Fma(x, w0); c1 = c1.Fma(x, w1); c0 = c0.Fma(x, w2);
                x = V.Broadcast(q0[d2]);
                c3 = c3.Fma(x, w0); c2 = c2.Fma(x, w1); c1 = c1.Fma(x, w2);
                x = V.Broadcast(q0[d3]);
                c4 = c4.Fma(x, w0); c3 = c3.Fma(x, w1); c2 = c2.Fma(x, w2);
                x = V.Broadcast(q1[0]);
                c5 = c5.Fma(x, w0); c4 = c4.Fma(x, w1); c3 = c3.Fma(x, w2);
                x = V.Broadcast(q1[d]);
                c6 = c6.Fma(x, w0); c5 = c5.Fma(x, w1); c4 = c4.Fma(x, w2);
                x = V.Broadcast(q1[d2]);
                c7 = c7.Fma(x, w0); c6 = c6.Fma(x, w1); c5 = c5.Fma(x, w2);
                x = V.Broadcast(q1[d3]);
                c8 = c8.Fma(x, w0); c7 = c7.Fma(x, w1); c6 = c6.Fma(x, w2);
                x = V.Broadcast(q2[0]);
                c9 = c9.Fma(x, w0); c8 = c8.Fma(x, w1); c7 = c7.Fma(x, w2);
                x = V.Broadcast(q2[d]);
                c10 = c10.Fma(x, w0); c9 = c9.Fma(x, w1); c8 = c8.Fma(x, w2);
                x = V.Broadcast(q2[d2]);
                c11 = c11.Fma(x, w0); c10 = c10.Fma(x, w1); c9 = c9.Fma(x, w2);
                x = V.Broadcast(q2[d3]);
                c12 = c12.Fma(x, w0); c11 = c11.Fma(x, w1); c10 = c10.Fma(x, w2);
                x = V.Broadcast(q3[0]);
                c13 = c13.Fma(x, w0); c12 = c12.Fma(x, w1); c11 = c11.Fma(x, w2);
                x = V.Broadcast(q3[d]);
                c14 = c14.Fma(x, w0); c13 = c13.Fma(x, w1); c12 = c12.Fma(x, w2);
                x = V.Broadcast(q3[d2]);
                c15 = c15.Fma(x, w0); c14 = c14.Fma(x, w1); c13 = c13.Fma(x, w2);
                x = V.Broadcast(q3[d3]);
                c15 = c15.Fma(x, w1); c14 = c14.Fma(x, w2);
                x = V.Broadcast(*right++);
                c15 = c15.Fma(x, w2);
                q0++;
                q1++;
                q2++;
                q3++;
            }
        }

        c0.Store(o, add);
        c1.Store(o + step, add);
        c2.Store(o + (2 * step), add);
        c3.Store(o + (3 * step), add);
        c4.Store(o + (4 * step), add);
        c5.Store(o + (5 * step), add);
        c6.Store(o + (6 * step), add);
        c7.Store(o + (7 * step), add);
        c8.Store(o + (8 * step), add);
        c9.Store(o + (9 * step), add);
        c10.Store(o + (10 * step), add);
        c11.Store(o + (11 * step), add);
        c12.Store(o + (12 * step), add);
        c13.Store(o + (13 * step), add);
        c14.Store(o + (14 * step), add);
        c15.Store(o + (15 * step), add);
    }
}
