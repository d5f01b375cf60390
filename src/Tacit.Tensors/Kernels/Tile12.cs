using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>A tile of 12 rows.</summary>
internal readonly unsafe struct Tile12<TRow, V> : ITile<V>
    where TRow : struct, IRow<TRow, V>
    where V : struct, IVec<V>
{
    public static int Rows => 12;

    public static int Vectors => TRow.Vectors;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(float** a, nint* taps, int tapCount, nint inner, float* b, float** o, nint column, bool add)
    {
        float* a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7], a8 = a[8], a9 = a[9], a10 = a[10], a11 = a[11];
        TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
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
                c8 = c8.Fma(V.Broadcast(a8[k]), row);
                c9 = c9.Fma(V.Broadcast(a9[k]), row);
                c10 = c10.Fma(V.Broadcast(a10[k]), row);
                c11 = c11.Fma(V.Broadcast(a11[k]), row);
                b += width;
            }
        }

        Finish(o[0] + column, c0, add);
        Finish(o[1] + column, c1, add);
        Finish(o[2] + column, c2, add);
        Finish(o[3] + column, c3, add);
        Finish(o[4] + column, c4, add);
        Finish(o[5] + column, c5, add);
        Finish(o[6] + column, c6, add);
        Finish(o[7] + column, c7, add);
        Finish(o[8] + column, c8, add);
        Finish(o[9] + column, c9, add);
        Finish(o[10] + column, c10, add);
        Finish(o[11] + column, c11, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Outer(float** x, nint offset, float* y, nint stride, int count, float* o, nint rowStride, bool add)
    {
        TRow c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default;
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
            c8 = c8.Fma(V.Broadcast(p[8]), row);
            c9 = c9.Fma(V.Broadcast(p[9]), row);
            c10 = c10.Fma(V.Broadcast(p[10]), row);
            c11 = c11.Fma(V.Broadcast(p[11]), row);
            y += stride;
        }

        Finish(o, c0, add);
        Finish(o + rowStride, c1, add);
        Finish(o + (2 * rowStride), c2, add);
        Finish(o + (3 * rowStride), c3, add);
        Finish(o + (4 * rowStride), c4, add);
        Finish(o + (5 * rowStride), c5, add);
        Finish(o + (6 * rowStride), c6, add);
        Finish(o + (7 * rowStride), c7, add);
        Finish(o + (8 * rowStride), c8, add);
        Finish(o + (9 * rowStride), c9, add);
        Finish(o + (10 * rowStride), c10, add);
        Finish(o + (11 * rowStride), c11, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(float* o, TRow row, bool add) => (add ? row.Add(TRow.Load(o)) : row).Store(o);
}
