using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>A tile of 8 rows.</summary>
internal readonly unsafe struct Tile8<TRow, V> : ITile<V>
    where TRow : struct, IRow<TRow, V>
    where V : struct, IVec<V>
{
    public static int Rows => 8;

    public static int Vectors => TRow.Vectors;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(float** a, nint* taps, int tapCount, nint inner, float* b, float** o, nint column, bool add)
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7];
        TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        int width = TRow.Vectors * V.Count;
        for (int t = 0; t < tapCount; t++)
        {
            nint end = taps[t] + inner;
            for (nint k = taps[t]; k < end; k++)
            {
                TRow row = TRow.Load(b);
                c0 = c0.Fma(V.Broadcast(a0[k]), row);
                c1 = c1.Fma(V.Broadcast(a1[k]), row);
                c2 = c2.Fma(V.Broadcast(a2[k]), row);
                c3 = c3.Fma(V.Broadcast(a3[k]), row);
                c4 = c4.Fma(V.Broadcast(a4[k]), row);
                c5 = c5.Fma(V.Broadcast(a5[k]), row);
                c6 = c6.Fma(V.Broadcast(a6[k]), row);
                c7 = c7.Fma(V.Broadcast(a7[k]), row);
                b += width;
            }
        }

        c0.Store(o[0] + column, add);
        c1.Store(o[1] + column, add);
        c2.Store(o[2] + column, add);
        c3.Store(o[3] + column, add);
        c4.Store(o[4] + column, add);
        c5.Store(o[5] + column, add);
        c6.Store(o[6] + column, add);
        c7.Store(o[7] + column, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Outer(float** x, nint offset, float* y, nint stride, int count, float* o, nint rowStride, bool add)
    {
        TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        for (int m = 0; m < count; m++)
        {
            float* p = x[m] + offset;
            TRow row = TRow.Load(y);
            c0 = c0.Fma(V.Broadcast(p[0]), row);
            c1 = c1.Fma(V.Broadcast(p[1]), row);
            c2 = c2.Fma(V.Broadcast(p[2]), row);
            c3 = c3.Fma(V.Broadcast(p[3]), row);
            c4 = c4.Fma(V.Broadcast(p[4]), row);
            c5 = c5.Fma(V.Broadcast(p[5]), row);
            c6 = c6.Fma(V.Broadcast(p[6]), row);
            c7 = c7.Fma(V.Broadcast(p[7]), row);
            y += stride;
        }

        c0.Store(o, add);
        c1.Store(o + rowStride, add);
        c2.Store(o + (2 * rowStride), add);
        c3.Store(o + (3 * rowStride), add);
        c4.Store(o + (4 * rowStride), add);
        c5.Store(o + (5 * rowStride), add);
        c6.Store(o + (6 * rowStride), add);
        c7.Store(o + (7 * rowStride), add);
    }
}
