using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// A tile of 24 rows of a single vector, for results of few columns: of so small a row most of the work is to fetch the other factor, and
/// a tall tile shares what is fetched. Only with 32 registers.
/// </summary>
internal readonly unsafe struct Tile24<V> : ITile<V>
    where V : struct, IVec<V>
{
    public static int Rows => 24;

    public static int Vectors => 1;

    /// <summary>Whether rows lie in fours equally far apart, which <see cref="Product"/> needs: there are not registers for 24 pointers.</summary>
    public static bool Fits(float** a)
    {
        nint d = (nint)(a[1] - a[0]);
        bool even = true;
        for (int r = 0; r < Rows; r += 4)
        {
            even &= a[r + 1] - a[r] == d && a[r + 2] - a[r + 1] == d && a[r + 3] - a[r + 2] == d;
        }

        return even;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Product(float** a, nint* taps, int tapCount, nint inner, float* b, float** o, nint column, bool add)
    {
        nint d = (nint)(a[1] - a[0]), d2 = 2 * d, d3 = 3 * d;
        Row1<V> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default, c12 = default, c13 = default, c14 = default, c15 = default, c16 = default, c17 = default, c18 = default, c19 = default, c20 = default, c21 = default, c22 = default, c23 = default;
        for (int t = 0; t < tapCount; t++)
        {
            nint tap = taps[t];
            float* q0 = a[0] + tap, q1 = a[4] + tap, q2 = a[8] + tap, q3 = a[12] + tap, q4 = a[16] + tap, q5 = a[20] + tap;
            for (float* end = b + (inner * V.Count); b < end; b += V.Count)
            {
                Row1<V> row = Row1<V>.Load(b);
                c0 = c0.Fma(V.Broadcast(q0[0]), row);
                c1 = c1.Fma(V.Broadcast(q0[d]), row);
                c2 = c2.Fma(V.Broadcast(q0[d2]), row);
                c3 = c3.Fma(V.Broadcast(q0[d3]), row);
                c4 = c4.Fma(V.Broadcast(q1[0]), row);
                c5 = c5.Fma(V.Broadcast(q1[d]), row);
                c6 = c6.Fma(V.Broadcast(q1[d2]), row);
                c7 = c7.Fma(V.Broadcast(q1[d3]), row);
                c8 = c8.Fma(V.Broadcast(q2[0]), row);
                c9 = c9.Fma(V.Broadcast(q2[d]), row);
                c10 = c10.Fma(V.Broadcast(q2[d2]), row);
                c11 = c11.Fma(V.Broadcast(q2[d3]), row);
                c12 = c12.Fma(V.Broadcast(q3[0]), row);
                c13 = c13.Fma(V.Broadcast(q3[d]), row);
                c14 = c14.Fma(V.Broadcast(q3[d2]), row);
                c15 = c15.Fma(V.Broadcast(q3[d3]), row);
                c16 = c16.Fma(V.Broadcast(q4[0]), row);
                c17 = c17.Fma(V.Broadcast(q4[d]), row);
                c18 = c18.Fma(V.Broadcast(q4[d2]), row);
                c19 = c19.Fma(V.Broadcast(q4[d3]), row);
                c20 = c20.Fma(V.Broadcast(q5[0]), row);
                c21 = c21.Fma(V.Broadcast(q5[d]), row);
                c22 = c22.Fma(V.Broadcast(q5[d2]), row);
                c23 = c23.Fma(V.Broadcast(q5[d3]), row);
                q0++;
                q1++;
                q2++;
                q3++;
                q4++;
                q5++;
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
        c8.Store(o[8] + column, add);
        c9.Store(o[9] + column, add);
        c10.Store(o[10] + column, add);
        c11.Store(o[11] + column, add);
        c12.Store(o[12] + column, add);
        c13.Store(o[13] + column, add);
        c14.Store(o[14] + column, add);
        c15.Store(o[15] + column, add);
        c16.Store(o[16] + column, add);
        c17.Store(o[17] + column, add);
        c18.Store(o[18] + column, add);
        c19.Store(o[19] + column, add);
        c20.Store(o[20] + column, add);
        c21.Store(o[21] + column, add);
        c22.Store(o[22] + column, add);
        c23.Store(o[23] + column, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Outer(float** x, nint offset, float* y, nint stride, int count, float* o, nint rowStride, bool add)
    {
        Row1<V> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default, c12 = default, c13 = default, c14 = default, c15 = default, c16 = default, c17 = default, c18 = default, c19 = default, c20 = default, c21 = default, c22 = default, c23 = default;
        for (int m = 0; m < count; m++)
        {
            float* p = x[m] + offset;
            Row1<V> row = Row1<V>.Load(y);
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
            c12 = c12.Fma(V.Broadcast(p[12]), row);
            c13 = c13.Fma(V.Broadcast(p[13]), row);
            c14 = c14.Fma(V.Broadcast(p[14]), row);
            c15 = c15.Fma(V.Broadcast(p[15]), row);
            c16 = c16.Fma(V.Broadcast(p[16]), row);
            c17 = c17.Fma(V.Broadcast(p[17]), row);
            c18 = c18.Fma(V.Broadcast(p[18]), row);
            c19 = c19.Fma(V.Broadcast(p[19]), row);
            c20 = c20.Fma(V.Broadcast(p[20]), row);
            c21 = c21.Fma(V.Broadcast(p[21]), row);
            c22 = c22.Fma(V.Broadcast(p[22]), row);
            c23 = c23.Fma(V.Broadcast(p[23]), row);
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
        c8.Store(o + (8 * rowStride), add);
        c9.Store(o + (9 * rowStride), add);
        c10.Store(o + (10 * rowStride), add);
        c11.Store(o + (11 * rowStride), add);
        c12.Store(o + (12 * rowStride), add);
        c13.Store(o + (13 * rowStride), add);
        c14.Store(o + (14 * rowStride), add);
        c15.Store(o + (15 * rowStride), add);
        c16.Store(o + (16 * rowStride), add);
        c17.Store(o + (17 * rowStride), add);
        c18.Store(o + (18 * rowStride), add);
        c19.Store(o + (19 * rowStride), add);
        c20.Store(o + (20 * rowStride), add);
        c21.Store(o + (21 * rowStride), add);
        c22.Store(o + (22 * rowStride), add);
        c23.Store(o + (23 * rowStride), add);
    }
}
