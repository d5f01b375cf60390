using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Tacit.Data.Pictures.Jpeg;

/// <summary>The 8 × 8 inverse DCT in whole numbers, with the precision and rounding that libjpeg calls "islow".</summary>
/// <remarks>
/// Loeffler, Ligtenberg, Moschytz 1989, "Practical fast 1-D DCT algorithms with 11 multiplications", figure 1 read
/// backwards, with 13-bit constants: a pass over the columns that keeps 2 extra bits, then one over the rows. Eight
/// columns are computed at once, one in each lane of a 256-bit vector (two 128-bit ones where that is what there is).
/// </remarks>
internal static class InverseDct
{
    private const int ConstantBits = 13;
    private const int ExtraBits = 2;

    /// <summary>Dequantises and transforms one block and writes its 8 × 8 samples, level-shifted by 128 and clamped.</summary>
    /// <param name="coefficients">64 coefficients in natural order.</param>
    /// <param name="quantization">64 steps in natural order.</param>
    /// <param name="samples">The block's first sample; rows are <paramref name="stride"/> apart.</param>
    public static void Transform(ReadOnlySpan<short> coefficients, ReadOnlySpan<short> quantization, Span<byte> samples, int stride)
    {
        ref short c = ref MemoryMarshal.GetReference(coefficients[..64]);
        ref short q = ref MemoryMarshal.GetReference(quantization[..64]);
        ref byte s = ref MemoryMarshal.GetReference(samples[..((7 * stride) + 8)]);

        // Columns: vector = vertical frequency, lane = column.
        Pass(
            Load(ref c, ref q, 0), Load(ref c, ref q, 1), Load(ref c, ref q, 2), Load(ref c, ref q, 3),
            Load(ref c, ref q, 4), Load(ref c, ref q, 5), Load(ref c, ref q, 6), Load(ref c, ref q, 7),
            ConstantBits - ExtraBits,
            out Vector128<short> v0, out Vector128<short> v1, out Vector128<short> v2, out Vector128<short> v3,
            out Vector128<short> v4, out Vector128<short> v5, out Vector128<short> v6, out Vector128<short> v7);
        Transpose(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);

        // Rows: vector = horizontal frequency, lane = row. The 3 bits are the transform's division by 8.
        Pass(
            Widen(v0), Widen(v1), Widen(v2), Widen(v3), Widen(v4), Widen(v5), Widen(v6), Widen(v7),
            ConstantBits + ExtraBits + 3,
            out v0, out v1, out v2, out v3, out v4, out v5, out v6, out v7);
        Transpose(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);

        Store(v0, ref s, 0);
        Store(v1, ref s, stride);
        Store(v2, ref s, 2 * stride);
        Store(v3, ref s, 3 * stride);
        Store(v4, ref s, 4 * stride);
        Store(v5, ref s, 5 * stride);
        Store(v6, ref s, 6 * stride);
        Store(v7, ref s, 7 * stride);
    }

    /// <summary>The same for a block whose only coefficient is the first: every sample has one value.</summary>
    public static void TransformFlat(int coefficient, int quantization, Span<byte> samples, int stride)
    {
        int dequantized = (short)(coefficient * quantization);
        byte value = (byte)Math.Clamp((((dequantized << ExtraBits) + (1 << (ExtraBits + 2))) >> (ExtraBits + 3)) + 128, 0, 255);
        ulong eight = value * 0x0101010101010101UL;
        ref byte s = ref MemoryMarshal.GetReference(samples[..((7 * stride) + 8)]);
        for (int row = 0; row < 8; row++)
        {
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref s, row * stride), eight);
        }
    }

    /// <summary>A one-dimensional transform in each lane: out[x] = (Σ scale(u) in[u] cos((2x + 1) u π / 16)) rounded, without <paramref name="shift"/> bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pass(
        Vector256<int> in0, Vector256<int> in1, Vector256<int> in2, Vector256<int> in3,
        Vector256<int> in4, Vector256<int> in5, Vector256<int> in6, Vector256<int> in7,
        int shift,
        out Vector128<short> out0, out Vector128<short> out1, out Vector128<short> out2, out Vector128<short> out3,
        out Vector128<short> out4, out Vector128<short> out5, out Vector128<short> out6, out Vector128<short> out7)
    {
        // Even half: a butterfly of 0 and 4, and a rotation of 2 and 6 by 3π/8. The rounding term rides along with it.
        Vector256<int> rounding = Vector256.Create(1 << (shift - 1));
        Vector256<int> sum04 = ((in0 + in4) << ConstantBits) + rounding;
        Vector256<int> difference04 = ((in0 - in4) << ConstantBits) + rounding;
        Vector256<int> rotation26 = (in2 + in6) * 4433;              // √2 cos 3π/8 = 0.541196100
        Vector256<int> low26 = rotation26 + (in2 * 6270);            // √2 (sin 3π/8 − cos 3π/8) = 0.765366865
        Vector256<int> high26 = rotation26 - (in6 * 15137);          // √2 (sin 3π/8 + cos 3π/8) = 1.847759065
        Vector256<int> even0 = sum04 + low26;
        Vector256<int> even3 = sum04 - low26;
        Vector256<int> even1 = difference04 + high26;
        Vector256<int> even2 = difference04 - high26;

        // Odd half: the paper's four-point network; each product is one of its rotations' constants × 2^13.
        Vector256<int> all = (in1 + in3 + in5 + in7) * 9633;         // 1.175875602
        Vector256<int> sum37 = all - ((in3 + in7) * 16069);          // 1.961570560
        Vector256<int> sum15 = all - ((in1 + in5) * 3196);           // 0.390180644
        Vector256<int> sum17 = (in1 + in7) * 7373;                   // 0.899976223
        Vector256<int> sum35 = (in3 + in5) * 20995;                  // 2.562915447
        Vector256<int> odd0 = (in1 * 12299) - sum17 + sum15;         // 1.501321110
        Vector256<int> odd1 = (in3 * 25172) - sum35 + sum37;         // 3.072711026
        Vector256<int> odd2 = (in5 * 16819) - sum35 + sum15;         // 2.053119869
        Vector256<int> odd3 = (in7 * 2446) - sum17 + sum37;          // 0.298631336

        out0 = Narrow((even0 + odd0) >> shift);
        out7 = Narrow((even0 - odd0) >> shift);
        out1 = Narrow((even1 + odd1) >> shift);
        out6 = Narrow((even1 - odd1) >> shift);
        out2 = Narrow((even2 + odd2) >> shift);
        out5 = Narrow((even2 - odd2) >> shift);
        out3 = Narrow((even3 + odd3) >> shift);
        out4 = Narrow((even3 - odd3) >> shift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(ref short coefficients, ref short quantization, int row) =>
        Widen(Vector128.LoadUnsafe(ref coefficients, (nuint)(row * 8)) * Vector128.LoadUnsafe(ref quantization, (nuint)(row * 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(Vector128<short> v)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.ConvertToVector256Int32(v);
        }

        (Vector128<int> lower, Vector128<int> upper) = Vector128.Widen(v);
        return Vector256.Create(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Narrow(Vector256<int> v) => Vector128.NarrowWithSaturation(v.GetLower(), v.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<short> row, ref byte samples, int offset)
    {
        // Saturating to signed bytes and flipping the sign bit is clamping x + 128 to 0 … 255.
        Vector128<sbyte> narrow = Vector128.NarrowWithSaturation(row, row);
        ulong eight = narrow.AsUInt64().ToScalar() ^ 0x8080808080808080UL;
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref samples, offset), eight);
    }

    /// <summary>Turns rows into columns: three rounds of interleaving vector k with vector k + 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        ref Vector128<short> v0, ref Vector128<short> v1, ref Vector128<short> v2, ref Vector128<short> v3,
        ref Vector128<short> v4, ref Vector128<short> v5, ref Vector128<short> v6, ref Vector128<short> v7)
    {
        Interleave(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
        Interleave(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
        Interleave(ref v0, ref v1, ref v2, ref v3, ref v4, ref v5, ref v6, ref v7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(
        ref Vector128<short> v0, ref Vector128<short> v1, ref Vector128<short> v2, ref Vector128<short> v3,
        ref Vector128<short> v4, ref Vector128<short> v5, ref Vector128<short> v6, ref Vector128<short> v7)
    {
        (v0, v1, v2, v3, v4, v5, v6, v7) = (
            ZipLower(v0, v4), ZipUpper(v0, v4), ZipLower(v1, v5), ZipUpper(v1, v5),
            ZipLower(v2, v6), ZipUpper(v2, v6), ZipLower(v3, v7), ZipUpper(v3, v7));
    }

    /// <summary>a0 b0 a1 b1 a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> ZipLower(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.UnpackLow(a, b);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.ZipLow(a, b);
        }

        return Vector128.Create(a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3]);
    }

    /// <summary>a4 b4 a5 b5 a6 b6 a7 b7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> ZipUpper(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.UnpackHigh(a, b);
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.ZipHigh(a, b);
        }

        return Vector128.Create(a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7]);
    }
}
