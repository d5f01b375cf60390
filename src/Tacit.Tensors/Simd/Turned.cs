using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Tacit.Tensors.Simd;

/// <summary>Copies an array with its rows as columns, four times four numbers at a time in registers.</summary>
internal static unsafe class Turned
{
    private const int Columns = 8;      // of the source at a time: what is read lies together and what is written stays in cache

    /// <summary>target[j][i] = source[i][j] for an array of rows × columns.</summary>
    /// <param name="stride">Floats between rows of the source; likewise <paramref name="targetStride"/>.</param>
    public static void Write(float* source, nint stride, int rows, int columns, float* target, nint targetStride)
    {
        int j = 0;
        for (; j <= columns - Columns; j += Columns, source += Columns, target += Columns * targetStride)
        {
            int i = 0;
            for (; i <= rows - 4; i += 4)
            {
                Square(source + (i * stride), stride, target + i, targetStride);
                Square(source + (i * stride) + 4, stride, target + i + (4 * targetStride), targetStride);
            }

            for (; i < rows; i++)
            {
                for (int c = 0; c < Columns; c++)
                {
                    target[(c * targetStride) + i] = source[(i * stride) + c];
                }
            }
        }

        for (; j < columns; j++, source++, target += targetStride)
        {
            for (int i = 0; i < rows; i++)
            {
                target[i] = source[i * stride];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(float* source, nint stride, float* target, nint targetStride)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + stride);
        Vector128<float> c = Vector128.Load(source + (2 * stride)), d = Vector128.Load(source + (3 * stride));
        Vector128<float> ac = Low(a, c), bd = Low(b, d), acHigh = High(a, c), bdHigh = High(b, d);      // a0 c0 a1 c1, b0 d0 b1 d1 …
        Low(ac, bd).Store(target);
        High(ac, bd).Store(target + targetStride);
        Low(acHigh, bdHigh).Store(target + (2 * targetStride));
        High(acHigh, bdHigh).Store(target + (3 * targetStride));
    }

    /// <summary>The lower halves, number by number in turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
