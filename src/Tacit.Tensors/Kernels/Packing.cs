using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>Where element (tap, shift, channel; column) of a matrix B lies: one addressing for weights of every layout.</summary>
/// <param name="Address">Element (0, 0, 0; 0).</param>
/// <param name="Taps">Outer count of the reduction: kernel rows; 1 for a product.</param>
/// <param name="Shifts">Middle count: kernel columns; 1 for a product.</param>
/// <param name="Channels">Inner count: channels, or K of a product.</param>
internal readonly unsafe record struct MatrixB(
    nint Address, int Taps, int Shifts, int Channels, int Columns, nint TapStride, nint ShiftStride, nint ChannelStride, nint ColumnStride)
{
    public int Depth => Taps * Shifts * Channels;

    public float* At(int tap, int shift, int channel, int column) =>
        (float*)Address + (tap * TapStride) + (shift * ShiftStride) + (channel * ChannelStride) + (column * ColumnStride);
}

/// <summary>Copies B into panels: [panel][tap, shift, channel][panel width], zeros beyond the last column.</summary>
internal readonly unsafe struct Packing<V>(MatrixB b, int[] starts, float* packed) : IBlockBody
    where V : struct, IVec<V>
{
    private const int Square = 8;       // channels that are turned at once

    /// <summary>Packs all panels in parallel; the result takes Depth × padded columns.</summary>
    public static void Run(MatrixB b, int[] starts, float* packed)
    {
        var body = new Packing<V>(b, starts, packed);
        if (b.Depth * b.Columns < 4096)
        {
            for (int panel = 0; panel < starts.Length - 1; panel++)
            {
                body.Invoke(panel);
            }

            return;
        }

        WorkerPool.Shared.For(starts.Length - 1, ref body);
    }

    public void Invoke(int block)
    {
        int first = starts[block] * V.Count;
        int width = (starts[block + 1] * V.Count) - first;
        int valid = Math.Min(width, b.Columns - first);
        float* o = packed + ((nint)first * b.Depth);
        if (valid < width)
        {
            new Span<float>(o, b.Depth * width).Clear();
        }

        if (b.ColumnStride == 1)
        {
            for (int tap = 0; tap < b.Taps; tap++)
            {
                for (int shift = 0; shift < b.Shifts; shift++)
                {
                    float* source = b.At(tap, shift, 0, first);
                    for (int c = 0; c < b.Channels; c++, source += b.ChannelStride, o += width)
                    {
                        new ReadOnlySpan<float>(source, valid).CopyTo(new Span<float>(o, valid));
                    }
                }
            }

            return;
        }

        if (b.Taps * b.Shifts == 1 && b.ChannelStride == 1)
        {
            Turned.Write(b.At(0, 0, 0, first), b.ColumnStride, valid, b.Channels, o, width);
            return;
        }

        // A few channels at a time, all kernel elements of each: what is read lies together and what is written stays in cache.
        bool even = b.TapStride == b.Shifts * b.ShiftStride || b.Taps == 1;        // kernel elements are equally far apart
        int runs = even ? 1 : b.Taps, run = even ? b.Taps * b.Shifts : b.Shifts;
        nint plane = (nint)b.Channels * width;
        for (int c0 = 0; c0 < b.Channels; c0 += Square)
        {
            int end = Math.Min(b.Channels, c0 + Square);
            for (int n = 0; n < valid; n++)
            {
                for (int c = c0; c < end; c++)
                {
                    float* target = o + ((nint)c * width) + n;
                    float* source = b.At(0, 0, c, first + n);
                    for (int tap = 0; tap < runs; tap++, source += b.TapStride)
                    {
                        Scatter(source, b.ShiftStride, run, target, plane);
                        target += run * plane;
                    }
                }
            }
        }
    }

    private static void Scatter(float* source, nint step, int count, float* target, nint targetStep)
    {
        for (int i = 0; i < count; i++, source += step, target += targetStep)
        {
            *target = *source;
        }
    }
}
