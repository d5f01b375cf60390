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
        V c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default, c12 = default, c13 = default, c14 = default, c15 = default, c16 = default, c17 = default, c18 = default, c19 = default, c20 = default, c21 = default, c22 = default, c23 = default;
        for (int t = 0; t < tapCount; t++)
        {
            nint tap = taps[t];
            float* q0 = a[0] + tap, q1 = a[4] + tap, q2 = a[8] + tap, q3 = a[12] + tap, q4 = a[16] + tap, q5 = a[20] + tap;
            for (float* end = b + (inner * V.Count); b < end; b += V.Count)
            {
                V row = V.Load(b);
                c0 = V.Fma(row, V.Broadcast(q0[0]), c0);
                c1 = V.Fma(row, V.Broadcast(q0[d]), c1);
                c2 = V.Fma(row, V.Broadcast(q0[d2]), c2);
                c3 = V.Fma(row, V.Broadcast(q0[d3]), c3);
                c4 = V.Fma(row, V.Broadcast(q1[0]), c4);
                c5 = V.Fma(row, V.Broadcast(q1[d]), c5);
                c6 = V.Fma(row, V.Broadcast(q1[d2]), c6);
                c7 = V.Fma(row, V.Broadcast(q1[d3]), c7);
                c8 = V.Fma(row, V.Broadcast(q2[0]), c8);
                c9 = V.Fma(row, V.Broadcast(q2[d]), c9);
                c10 = V.Fma(row, V.Broadcast(q2[d2]), c10);
                c11 = V.Fma(row, V.Broadcast(q2[d3]), c11);
                c12 = V.Fma(row, V.Broadcast(q3[0]), c12);
                c13 = V.Fma(row, V.Broadcast(q3[d]), c13);
                c14 = V.Fma(row, V.Broadcast(q3[d2]), c14);
                c15 = V.Fma(row, V.Broadcast(q3[d3]), c15);
                c16 = V.Fma(row, V.Broadcast(q4[0]), c16);
                c17 = V.Fma(row, V.Broadcast(q4[d]), c17);
                c18 = V.Fma(row, V.Broadcast(q4[d2]), c18);
                c19 = V.Fma(row, V.Broadcast(q4[d3]), c19);
                c20 = V.Fma(row, V.Broadcast(q5[0]), c20);
                c21 = V.Fma(row, V.Broadcast(q5[d]), c21);
                c22 = V.Fma(row, V.Broadcast(q5[d2]), c22);
                c23 = V.Fma(row, V.Broadcast(q5[d3]), c23);
                q0++;
                q1++;
                q2++;
                q3++;
                q4++;
                q5++;
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
        Finish(o[12] + column, c12, add);
        Finish(o[13] + column, c13, add);
        Finish(o[14] + column, c14, add);
        Finish(o[15] + column, c15, add);
        Finish(o[16] + column, c16, add);
        Finish(o[17] + column, c17, add);
        Finish(o[18] + column, c18, add);
        Finish(o[19] + column, c19, add);
        Finish(o[20] + column, c20, add);
        Finish(o[21] + column, c21, add);
        Finish(o[22] + column, c22, add);
        Finish(o[23] + column, c23, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Outer(float** x, nint offset, float* y, nint stride, int count, float* o, nint rowStride, bool add)
    {
        V c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default, c8 = default, c9 = default, c10 = default, c11 = default, c12 = default, c13 = default, c14 = default, c15 = default, c16 = default, c17 = default, c18 = default, c19 = default, c20 = default, c21 = default, c22 = default, c23 = default;
        for (int m = 0; m < count; m++)
        {
            float* p = x[m] + offset;
            V row = V.Load(y);
            c0 = V.Fma(row, V.Broadcast(p[0]), c0);
            c1 = V.Fma(row, V.Broadcast(p[1]), c1);
            c2 = V.Fma(row, V.Broadcast(p[2]), c2);
            c3 = V.Fma(row, V.Broadcast(p[3]), c3);
            c4 = V.Fma(row, V.Broadcast(p[4]), c4);
            c5 = V.Fma(row, V.Broadcast(p[5]), c5);
            c6 = V.Fma(row, V.Broadcast(p[6]), c6);
            c7 = V.Fma(row, V.Broadcast(p[7]), c7);
            c8 = V.Fma(row, V.Broadcast(p[8]), c8);
            c9 = V.Fma(row, V.Broadcast(p[9]), c9);
            c10 = V.Fma(row, V.Broadcast(p[10]), c10);
            c11 = V.Fma(row, V.Broadcast(p[11]), c11);
            c12 = V.Fma(row, V.Broadcast(p[12]), c12);
            c13 = V.Fma(row, V.Broadcast(p[13]), c13);
            c14 = V.Fma(row, V.Broadcast(p[14]), c14);
            c15 = V.Fma(row, V.Broadcast(p[15]), c15);
            c16 = V.Fma(row, V.Broadcast(p[16]), c16);
            c17 = V.Fma(row, V.Broadcast(p[17]), c17);
            c18 = V.Fma(row, V.Broadcast(p[18]), c18);
            c19 = V.Fma(row, V.Broadcast(p[19]), c19);
            c20 = V.Fma(row, V.Broadcast(p[20]), c20);
            c21 = V.Fma(row, V.Broadcast(p[21]), c21);
            c22 = V.Fma(row, V.Broadcast(p[22]), c22);
            c23 = V.Fma(row, V.Broadcast(p[23]), c23);
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
        Finish(o + (12 * rowStride), c12, add);
        Finish(o + (13 * rowStride), c13, add);
        Finish(o + (14 * rowStride), c14, add);
        Finish(o + (15 * rowStride), c15, add);
        Finish(o + (16 * rowStride), c16, add);
        Finish(o + (17 * rowStride), c17, add);
        Finish(o + (18 * rowStride), c18, add);
        Finish(o + (19 * rowStride), c19, add);
        Finish(o + (20 * rowStride), c20, add);
        Finish(o + (21 * rowStride), c21, add);
        Finish(o + (22 * rowStride), c22, add);
        Finish(o + (23 * rowStride), c23, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(float* o, V row, bool add) => (add ? row + V.Load(o) : row).Store(o);
}
