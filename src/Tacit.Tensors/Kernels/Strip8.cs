using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>A strip of 8 places and two vectors of outputs: eight rows of two sums, three of two weights and one broadcast. Only with 32 registers.</summary>
internal readonly unsafe struct Strip8<V> : IStrip<V>
    where V : struct, IVec<V>
{
    public static int Places => 8;

    public static int Vectors => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(StripTap* taps, int count, int channels, nint d, float* o, nint step, bool add)
    {
        nint d2 = 2 * d, d3 = 3 * d, next = (nint)channels * Vectors * V.Count;
        Row2<V> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        for (int t = 0; t < count; t++)
        {
            StripTap tap = taps[t];
            float* left = (float*)tap.Left, right = (float*)tap.Right, q0 = (float*)tap.Row, q1 = (float*)tap.Row + (4 * d);
            float* b = (float*)tap.Weights;
            for (float* end = b + next; b < end; b += Vectors * V.Count)
            {
                Row2<V> w0 = Row2<V>.Load(b), w1 = Row2<V>.Load(b + next), w2 = Row2<V>.Load(b + (2 * next));
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
                c7 = c7.Fma(x, w1); c6 = c6.Fma(x, w2);
                x = V.Broadcast(*right++);
                c7 = c7.Fma(x, w2);
                q0++;
                q1++;
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
    }
}
