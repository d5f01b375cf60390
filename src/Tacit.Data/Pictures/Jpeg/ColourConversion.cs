using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Tacit.Data.Pictures.Jpeg;

/// <summary>Rows of a JPEG file's components to rows of interleaved RGB.</summary>
/// <remarks>
/// YCbCr is that of JFIF 1.02 (ITU-R BT.601, full range) in 16-bit fixed point: R = Y + 1.402 Cr, B = Y + 1.772 Cb,
/// G = Y − 0.34414 Cb − 0.71414 Cr, with Cb and Cr less 128, each sum of products rounded once.
/// </remarks>
internal static class ColourConversion
{
    private const int RedFromCr = 91881;
    private const int BlueFromCb = 116130;
    private const int GreenFromCb = -22554;
    private const int GreenFromCr = -46802;
    private const int Half = 1 << 15;

    /// <summary>YCbCr to RGB; <paramref name="rgb"/> is three times as long as the rows.</summary>
    public static void YCbCr(ReadOnlySpan<byte> luma, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<byte> rgb)
    {
        int width = rgb.Length / 3;
        int x = 0;
        for (; x <= width - 16; x += 16)
        {
            (Vector128<ushort> yLow, Vector128<ushort> yHigh) = Vector128.Widen(Vector128.Create(luma.Slice(x, 16)));
            (Vector128<ushort> bLow, Vector128<ushort> bHigh) = Vector128.Widen(Vector128.Create(cb.Slice(x, 16)));
            (Vector128<ushort> rLow, Vector128<ushort> rHigh) = Vector128.Widen(Vector128.Create(cr.Slice(x, 16)));
            Eight(yLow, bLow, rLow, out Vector128<short> red0, out Vector128<short> green0, out Vector128<short> blue0);
            Eight(yHigh, bHigh, rHigh, out Vector128<short> red1, out Vector128<short> green1, out Vector128<short> blue1);
            Interleave(Clamp(red0, red1), Clamp(green0, green1), Clamp(blue0, blue1), rgb.Slice(x * 3, 48));
        }

        for (; x < width; x++)
        {
            int y = luma[x];
            int b = cb[x] - 128;
            int r = cr[x] - 128;
            rgb[3 * x] = Clamp(y + (((RedFromCr * r) + Half) >> 16));
            rgb[(3 * x) + 1] = Clamp(y + (((GreenFromCb * b) + (GreenFromCr * r) + Half) >> 16));
            rgb[(3 * x) + 2] = Clamp(y + (((BlueFromCb * b) + Half) >> 16));
        }
    }

    /// <summary>Three rows to interleaved RGB.</summary>
    public static void Rgb(ReadOnlySpan<byte> red, ReadOnlySpan<byte> green, ReadOnlySpan<byte> blue, Span<byte> rgb)
    {
        int width = rgb.Length / 3;
        for (int x = 0; x < width; x++)
        {
            rgb[3 * x] = red[x];
            rgb[(3 * x) + 1] = green[x];
            rgb[(3 * x) + 2] = blue[x];
        }
    }

    /// <summary>Multiplies each channel by its pixel's black, which turns inverted CMY and K into RGB in place.</summary>
    /// <remarks>As PIL converts: with c the ink (255 − stored) and k the stored black, k − c k / 255, the quotient rounded.</remarks>
    public static void ApplyBlack(Span<byte> rgb, ReadOnlySpan<byte> black)
    {
        int width = rgb.Length / 3;
        for (int x = 0; x < width; x++)
        {
            int k = black[x];
            for (int i = 3 * x; i < (3 * x) + 3; i++)
            {
                int product = ((255 - rgb[i]) * k) + 128;
                rgb[i] = (byte)Math.Max(k - (((product >> 8) + product) >> 8), 0);
            }
        }
    }

    /// <summary>255 less each value: the inks of YCCK are the complement of the RGB that its first three components give.</summary>
    public static void Invert(Span<byte> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (byte)~values[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(
        Vector128<ushort> luma, Vector128<ushort> cb, Vector128<ushort> cr,
        out Vector128<short> red, out Vector128<short> green, out Vector128<short> blue)
    {
        Vector256<int> centre = Vector256.Create(128);
        Vector256<int> half = Vector256.Create(Half);
        Vector256<int> y = Widen(luma);
        Vector256<int> b = Widen(cb) - centre;
        Vector256<int> r = Widen(cr) - centre;
        red = Narrow(y + (((r * RedFromCr) + half) >> 16));
        green = Narrow(y + (((b * GreenFromCb) + (r * GreenFromCr) + half) >> 16));
        blue = Narrow(y + (((b * BlueFromCb) + half) >> 16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(Vector128<ushort> v)
    {
        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(v);
        return Vector256.Create(lower, upper).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<short> Narrow(Vector256<int> v) => Vector128.Narrow(v.GetLower(), v.GetUpper());

    /// <summary>Sixteen values to 0 … 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Clamp(Vector128<short> low, Vector128<short> high)
    {
        Vector128<short> zero = Vector128<short>.Zero;
        Vector128<short> top = Vector128.Create((short)255);
        return Vector128.Narrow(
            Vector128.Min(Vector128.Max(low, zero), top).AsUInt16(),
            Vector128.Min(Vector128.Max(high, zero), top).AsUInt16());
    }

    /// <summary>r0 g0 b0 r1 g1 b1 …: each of three vectors of output picks its bytes from each channel; index 255 picks zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(Vector128<byte> red, Vector128<byte> green, Vector128<byte> blue, Span<byte> rgb)
    {
        const byte No = 255;
        Vector128<byte> first =
            Vector128.Shuffle(red, Vector128.Create(0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No, No, (byte)5))
            | Vector128.Shuffle(green, Vector128.Create(No, 0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No, (byte)No))
            | Vector128.Shuffle(blue, Vector128.Create(No, No, 0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, (byte)No));
        Vector128<byte> second =
            Vector128.Shuffle(red, Vector128.Create(No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No, 10, (byte)No))
            | Vector128.Shuffle(green, Vector128.Create(5, No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No, (byte)10))
            | Vector128.Shuffle(blue, Vector128.Create(No, 5, No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, (byte)No));
        Vector128<byte> third =
            Vector128.Shuffle(red, Vector128.Create(No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15, No, (byte)No))
            | Vector128.Shuffle(green, Vector128.Create(No, No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15, (byte)No))
            | Vector128.Shuffle(blue, Vector128.Create(10, No, No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, (byte)15));
        first.CopyTo(rgb);
        second.CopyTo(rgb[16..]);
        third.CopyTo(rgb[32..]);
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
