using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>A tile of 6 rows of four vectors, each row as two halves.</summary>
internal readonly unsafe struct Tile6x4<V> : ITile<V>
    where V : struct, IVec<V>
{
    public static int Rows => 6;

    public static int Vectors => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(float** a, nint* taps, int tapCount, nint inner, float* b, float** o, nint column, bool add)
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5];
        Row2<V> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default;
        Row2<V> h0 = default, h1 = default, h2 = default, h3 = default, h4 = default, h5 = default;
        int width = 4 * V.Count;
        for (int t = 0; t < tapCount; t++)
        {
            nint end = taps[t] + inner;
            for (nint k = taps[t]; k < end; k++)
            {
                Row2<V> bl = Row2<V>.Load(b), bh = Row2<V>.Load(b + (2 * V.Count));
                V x;
                x = V.Broadcast(a0[k]);
                l0 = l0.Fma(x, bl);
                h0 = h0.Fma(x, bh);
                x = V.Broadcast(a1[k]);
                l1 = l1.Fma(x, bl);
                h1 = h1.Fma(x, bh);
                x = V.Broadcast(a2[k]);
                l2 = l2.Fma(x, bl);
                h2 = h2.Fma(x, bh);
                x = V.Broadcast(a3[k]);
                l3 = l3.Fma(x, bl);
                h3 = h3.Fma(x, bh);
                x = V.Broadcast(a4[k]);
                l4 = l4.Fma(x, bl);
                h4 = h4.Fma(x, bh);
                x = V.Broadcast(a5[k]);
                l5 = l5.Fma(x, bl);
                h5 = h5.Fma(x, bh);
                b += width;
            }
        }

        Finish(o[0] + column, l0, h0, add);
        Finish(o[1] + column, l1, h1, add);
        Finish(o[2] + column, l2, h2, add);
        Finish(o[3] + column, l3, h3, add);
        Finish(o[4] + column, l4, h4, add);
        Finish(o[5] + column, l5, h5, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Outer(float** x, nint offset, float* y, nint stride, int count, float* o, nint rowStride, bool add)
    {
        Row2<V> l0 = default, l1 = default, l2 = default, l3 = default, l4 = default, l5 = default;
        Row2<V> h0 = default, h1 = default, h2 = default, h3 = default, h4 = default, h5 = default;
        for (int m = 0; m < count; m++)
        {
            float* p = x[m] + offset;
            Row2<V> bl = Row2<V>.Load(y), bh = Row2<V>.Load(y + (2 * V.Count));
            V v;
            v = V.Broadcast(p[0]);
            l0 = l0.Fma(v, bl);
            h0 = h0.Fma(v, bh);
            v = V.Broadcast(p[1]);
            l1 = l1.Fma(v, bl);
            h1 = h1.Fma(v, bh);
            v = V.Broadcast(p[2]);
            l2 = l2.Fma(v, bl);
            h2 = h2.Fma(v, bh);
            v = V.Broadcast(p[3]);
            l3 = l3.Fma(v, bl);
            h3 = h3.Fma(v, bh);
            v = V.Broadcast(p[4]);
            l4 = l4.Fma(v, bl);
            h4 = h4.Fma(v, bh);
            v = V.Broadcast(p[5]);
            l5 = l5.Fma(v, bl);
            h5 = h5.Fma(v, bh);
            y += stride;
        }

        Finish(o, l0, h0, add);
        Finish(o + rowStride, l1, h1, add);
        Finish(o + (2 * rowStride), l2, h2, add);
        Finish(o + (3 * rowStride), l3, h3, add);
        Finish(o + (4 * rowStride), l4, h4, add);
        Finish(o + (5 * rowStride), l5, h5, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(float* o, Row2<V> low, Row2<V> high, bool add)
    {
        low.Store(o, add);
        high.Store(o + (2 * V.Count), add);
    }
}
