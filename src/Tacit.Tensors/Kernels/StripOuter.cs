using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>The source's or dY's side of a weight gradient.</summary>
/// <param name="Address">The first number.</param>
/// <param name="Place">Numbers between places; rows follow each other.</param>
/// <param name="Image">Numbers between images.</param>
internal readonly unsafe record struct StripSide(nint Address, nint Place, nint Image)
{
    public float* At(int image) => (float*)Address + (image * Image);
}

/// <summary>
/// The weight gradient of a kernel row of three columns, for eight input channels and one vector of outputs. Each number of the source serves
/// the three outputs whose sums it goes into, which stay in registers from one place to the next. Only with 32 registers.
/// </summary>
internal static unsafe class StripOuter<V>
    where V : struct, IVec<V>
{
    public const int Channels = 8;

    /// <summary>Places that are added up before they go to a sum, so that long sums keep their accuracy; a row is never cut.</summary>
    public const int Places = 256;

    /// <summary>Whether a convolution can be gone through so.</summary>
    public static bool Fits(CorrelationGrid grid, int outputs) =>
        V.Registers >= 32 && grid.KeepsWidth && grid.Columns <= Places && grid.Channels % Channels == 0 && outputs % V.Count == 0;

    /// <summary>o[k][c][n] (+)= Σ over images, rows and places p of source[p][c] · dY[p + 1 - k][n], where dY has such a place in the row.</summary>
    /// <param name="x">The first place of the first row of the first image.</param>
    /// <param name="dy">The place of dY in whose middle that is.</param>
    /// <param name="images">How many images.</param>
    /// <param name="rows">Rows of each.</param>
    /// <param name="width">Places in a row.</param>
    /// <param name="o">The sums.</param>
    /// <param name="columnRows">Rows of <paramref name="stride"/> numbers between the sums of two kernel columns.</param>
    /// <param name="stride">Numbers between the sums of two channels.</param>
    /// <param name="add">Add to what is there instead of storing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(StripSide x, StripSide dy, int images, int rows, int width, float* o, nint columnRows, nint stride, bool add)
    {
        V a00 = default, a01 = default, a02 = default, a03 = default, a04 = default, a05 = default, a06 = default, a07 = default, a10 = default, a11 = default, a12 = default, a13 = default, a14 = default, a15 = default, a16 = default, a17 = default, a20 = default, a21 = default, a22 = default, a23 = default, a24 = default, a25 = default, a26 = default, a27 = default;
        for (int image = 0; image < images; image++)
        {
            float* p = x.At(image), d = dy.At(image);
            for (int row = 0; row < rows; row++)
            {
                V last = V.Zero, here = V.Load(d);
                for (int i = 1; i <= width; i++)
                {
                    d += dy.Place;
                    V next = i < width ? V.Load(d) : V.Zero;
                    V b = V.Broadcast(p[0]);
                    a00 = V.Fma(b, next, a00);
                    a10 = V.Fma(b, here, a10);
                    a20 = V.Fma(b, last, a20);
                    b = V.Broadcast(p[1]);
                    a01 = V.Fma(b, next, a01);
                    a11 = V.Fma(b, here, a11);
                    a21 = V.Fma(b, last, a21);
                    b = V.Broadcast(p[2]);
                    a02 = V.Fma(b, next, a02);
                    a12 = V.Fma(b, here, a12);
                    a22 = V.Fma(b, last, a22);
                    b = V.Broadcast(p[3]);
                    a03 = V.Fma(b, next, a03);
                    a13 = V.Fma(b, here, a13);
                    a23 = V.Fma(b, last, a23);
                    b = V.Broadcast(p[4]);
                    a04 = V.Fma(b, next, a04);
                    a14 = V.Fma(b, here, a14);
                    a24 = V.Fma(b, last, a24);
                    b = V.Broadcast(p[5]);
                    a05 = V.Fma(b, next, a05);
                    a15 = V.Fma(b, here, a15);
                    a25 = V.Fma(b, last, a25);
                    b = V.Broadcast(p[6]);
                    a06 = V.Fma(b, next, a06);
                    a16 = V.Fma(b, here, a16);
                    a26 = V.Fma(b, last, a26);
                    b = V.Broadcast(p[7]);
                    a07 = V.Fma(b, next, a07);
                    a17 = V.Fma(b, here, a17);
                    a27 = V.Fma(b, last, a27);
                    (last, here) = (here, next);
                    p += x.Place;
                }
            }
        }

        Store(a00, o + (0 * columnRows * stride) + (0 * stride), add);
        Store(a01, o + (0 * columnRows * stride) + (1 * stride), add);
        Store(a02, o + (0 * columnRows * stride) + (2 * stride), add);
        Store(a03, o + (0 * columnRows * stride) + (3 * stride), add);
        Store(a04, o + (0 * columnRows * stride) + (4 * stride), add);
        Store(a05, o + (0 * columnRows * stride) + (5 * stride), add);
        Store(a06, o + (0 * columnRows * stride) + (6 * stride), add);
        Store(a07, o + (0 * columnRows * stride) + (7 * stride), add);
        Store(a10, o + (1 * columnRows * stride) + (0 * stride), add);
        Store(a11, o + (1 * columnRows * stride) + (1 * stride), add);
        Store(a12, o + (1 * columnRows * stride) + (2 * stride), add);
        Store(a13, o + (1 * columnRows * stride) + (3 * stride), add);
        Store(a14, o + (1 * columnRows * stride) + (4 * stride), add);
        Store(a15, o + (1 * columnRows * stride) + (5 * stride), add);
        Store(a16, o + (1 * columnRows * stride) + (6 * stride), add);
        Store(a17, o + (1 * columnRows * stride) + (7 * stride), add);
        Store(a20, o + (2 * columnRows * stride) + (0 * stride), add);
        Store(a21, o + (2 * columnRows * stride) + (1 * stride), add);
        Store(a22, o + (2 * columnRows * stride) + (2 * stride), add);
        Store(a23, o + (2 * columnRows * stride) + (3 * stride), add);
        Store(a24, o + (2 * columnRows * stride) + (4 * stride), add);
        Store(a25, o + (2 * columnRows * stride) + (5 * stride), add);
        Store(a26, o + (2 * columnRows * stride) + (6 * stride), add);
        Store(a27, o + (2 * columnRows * stride) + (7 * stride), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V sum, float* o, bool add) => (add ? V.Load(o) + sum : sum).Store(o);
}
