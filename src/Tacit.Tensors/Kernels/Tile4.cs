using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>A tile of 4 rows.</summary>
internal readonly unsafe struct Tile4<TRow, V> : ITile<V>
    where TRow : struct, IRow<TRow, V>
    where V : struct, IVec<V>
{
    public static int Rows => 4;

    public static int Vectors => TRow.Vectors;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(float** a, nint* taps, int tapCount, nint inner, float* b, float** o, nint column, bool add)
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3];
        TRow c0 = default, c1 = default, c2 = default, c3 = default;
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
                b += width;
            }
        }

        c0.Store(o[0] + column, add);
        c1.Store(o[1] + column, add);
        c2.Store(o[2] + column, add);
        c3.Store(o[3] + column, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Outer(float** x, nint offset, float* y, nint stride, int count, float* o, nint rowStride, bool add)
    {
        TRow c0 = default, c1 = default, c2 = default, c3 = default;
        for (int m = 0; m < count; m++)
        {
            float* p = x[m] + offset;
            TRow row = TRow.Load(y);
            c0 = c0.Fma(V.Broadcast(p[0]), row);
            c1 = c1.Fma(V.Broadcast(p[1]), row);
            c2 = c2.Fma(V.Broadcast(p[2]), row);
            c3 = c3.Fma(V.Broadcast(p[3]), row);
            y += stride;
        }

        c0.Store(o, add);
        c1.Store(o + rowStride, add);
        c2.Store(o + (2 * rowStride), add);
        c3.Store(o + (3 * rowStride), add);
    }
}
