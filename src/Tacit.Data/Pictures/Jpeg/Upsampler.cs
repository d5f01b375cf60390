using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tacit.Data.Pictures.Jpeg;

/// <summary>Brings one component's samples to the picture's resolution, a row at a time.</summary>
/// <remarks>
/// Factors of two use libjpeg's "fancy" triangle filter: each new sample is ¾ of the nearer and ¼ of the farther old one,
/// with biases that alternate so that rounding does not drift. All other factors repeat samples, as there.
/// </remarks>
internal static class Upsampler
{
    /// <summary>How many bytes of scratch <see cref="Row"/> needs for a picture of this width.</summary>
    public static int ScratchBytes(int width) => 4 * (width + 32);

    /// <summary>One row of samples, at least <paramref name="width"/> of them.</summary>
    /// <param name="samples">The component's samples.</param>
    /// <param name="y">The row of the picture.</param>
    /// <param name="scratch">Where the row may be built; the result lies in it or in <paramref name="samples"/>.</param>
    public static ReadOnlySpan<byte> Row(
        JpegComponent component, scoped in JpegFrame frame, ReadOnlySpan<byte> samples, int y, int width, Span<byte> scratch)
    {
        int stride = component.Stride;
        bool sameWidth = component.H == frame.MaxH;
        bool halfWidth = component.H * 2 == frame.MaxH;
        bool sameHeight = component.V == frame.MaxV;
        bool halfHeight = component.V * 2 == frame.MaxV;
        int nearRow = y * component.V / frame.MaxV;
        ReadOnlySpan<byte> near = samples.Slice(nearRow % component.StoredRows * stride, component.Width);
        if (sameWidth && sameHeight)
        {
            return near;
        }

        int farRow = Math.Clamp((y & 1) == 0 ? nearRow - 1 : nearRow + 1, 0, component.Height - 1);
        ReadOnlySpan<byte> far = samples.Slice(farRow % component.StoredRows * stride, component.Width);
        if (sameWidth && halfHeight)
        {
            Between(near, far, (y & 1) == 0 ? 1 : 2, scratch);
            return scratch;
        }

        if (halfWidth && (sameHeight || halfHeight) && component.Width > 2)
        {
            // sums[1 + i] is the column's sum, repeated once beyond either edge.
            Span<short> sums = MemoryMarshal.Cast<byte, short>(scratch)[..(component.Width + 2)];
            Span<short> pairs = MemoryMarshal.Cast<byte, short>(scratch).Slice(sums.Length, component.Width);
            Sum(near, halfHeight ? far : default, sums);
            if (halfHeight)
            {
                Spread(sums, pairs, 8, 7, 4);
            }
            else
            {
                Spread(sums, pairs, 1, 2, 2);
            }

            return MemoryMarshal.AsBytes(pairs);
        }

        for (int x = 0; x < width; x++)
        {
            scratch[x] = near[x * component.H / frame.MaxH];
        }

        return scratch;
    }

    /// <summary>to = (3 near + far + bias) / 4.</summary>
    private static void Between(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, int bias, Span<byte> to)
    {
        for (int x = 0; x < near.Length; x++)
        {
            to[x] = (byte)(((3 * near[x]) + far[x] + bias) >> 2);
        }
    }

    /// <summary>sums[1 + x] = 3 near + far, or near itself where there is no far row; the ends repeated.</summary>
    private static void Sum(ReadOnlySpan<byte> near, ReadOnlySpan<byte> far, Span<short> sums)
    {
        int x = 0;
        if (far.IsEmpty)
        {
            for (; x < near.Length; x++)
            {
                sums[1 + x] = near[x];
            }
        }
        else
        {
            far = far[..near.Length];
            for (; x <= near.Length - 16; x += 16)
            {
                (Vector128<ushort> nearLow, Vector128<ushort> nearHigh) = Vector128.Widen(Vector128.Create(near.Slice(x, 16)));
                (Vector128<ushort> farLow, Vector128<ushort> farHigh) = Vector128.Widen(Vector128.Create(far.Slice(x, 16)));
                ((nearLow * 3) + farLow).AsInt16().CopyTo(sums[(1 + x)..]);
                ((nearHigh * 3) + farHigh).AsInt16().CopyTo(sums[(9 + x)..]);
            }

            for (; x < near.Length; x++)
            {
                sums[1 + x] = (short)((3 * near[x]) + far[x]);
            }
        }

        sums[0] = sums[1];
        sums[^1] = sums[^2];
    }

    /// <summary>pairs[x] = two bytes: (3 s[x] + s[x − 1] + even) >> shift, then (3 s[x] + s[x + 1] + odd) >> shift.</summary>
    private static void Spread(ReadOnlySpan<short> sums, Span<short> pairs, short even, short odd, int shift)
    {
        int x = 0;
        for (; x <= pairs.Length - 8; x += 8)
        {
            Vector128<short> middle = Vector128.Create(sums.Slice(x + 1, 8)) * 3;
            Vector128<short> left = (middle + Vector128.Create(sums.Slice(x, 8)) + Vector128.Create(even)) >> shift;
            Vector128<short> right = (middle + Vector128.Create(sums.Slice(x + 2, 8)) + Vector128.Create(odd)) >> shift;
            (left | (right << 8)).CopyTo(pairs[x..]);    // little-endian: the left sample comes first
        }

        for (; x < pairs.Length; x++)
        {
            int middle = sums[x + 1] * 3;
            int left = (middle + sums[x] + even) >> shift;
            int right = (middle + sums[x + 2] + odd) >> shift;
            pairs[x] = (short)(left | (right << 8));
        }
    }
}
