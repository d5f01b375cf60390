using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// A convolution's weight gradient: for every kernel row and channel, the sum over output places of source × dY. Work is cut
/// into parts of the images × kernel rows, each part sums into its own copy, and copies are added in order.
/// </summary>
internal static unsafe class CorrelateWeights
{
    private const int ManyChannels = 64;
    private const int Wanted = 16;              // parts, so that threads share them evenly
    private const int CachedCopy = 1 << 18;     // floats of a partial sum that stay in the second cache

    /// <param name="grid">The forward pass's grid.</param>
    /// <param name="source">[Batch, Height, Width, Channels].</param>
    /// <param name="dy">[Batch, Rows, Columns, outputs].</param>
    /// <param name="outputs">Output channels, all groups.</param>
    /// <param name="g">[outputs, GroupChannels, KernelRows, KernelColumns], PyTorch's layout.</param>
    public static void Run(CorrelationGrid grid, float* source, float* dy, int outputs, Gradient g)
    {
        KernelCount.MultiplyAdds((long)grid.Batch * grid.Rows * grid.Columns, grid.Depth, outputs);
        var action = new Action(grid, source, dy, outputs, g);
        Simd.Width.Dispatch(ref action);
    }

    private struct Action(CorrelationGrid grid, float* source, float* dy, int outputs, Gradient g) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            if (StripOuter<V>.Fits(grid, outputs))
            {
                Strips<V>();
                return;
            }

            int groupOutputs = outputs / grid.Groups;
            var panels = new Panels<V>(groupOutputs);
            // With many channels a place is read in place by one pointer a kernel element, with few a band is
            // copied with its border, so that a kernel row is one run. Images are parallel work, and kernel elements where a copy is large.
            bool indirect = grid.Groups == 1 && grid.Channels >= ManyChannels;
            CorrelationGrid reads = indirect ? grid with { Split = true } : grid;
            int tapRows = (reads.Inner + TileRunner<V>.RowQuantum - 1) / TileRunner<V>.RowQuantum * TileRunner<V>.RowQuantum;
            int copyLength = checked(grid.Groups * reads.TapCount * tapRows * panels.Padded);
            int bands = indirect ? Indirection.Blocks(reads) : new Bands(reads).Count;
            int tapBlocks = indirect && copyLength > CachedCopy ? reads.TapCount : 1;
            int parts = Math.Clamp(Math.Min((Wanted + tapBlocks - 1) / tapBlocks, OuterProduct.MaxPartials / copyLength), 1, bands);
            using Scratch partial = Scratch.Rent(checked(parts * copyLength));
            var body = new Body<V>(reads, source, dy, outputs, panels.Starts(), panels.Padded, tapRows, tapBlocks, parts, partial.Data, copyLength);
            WorkerPool.Shared.For(parts * tapBlocks, ref body);
            var sum = new Sum(reads, groupOutputs, panels.Padded, tapRows, parts, partial.Data, copyLength, g);
            WorkerPool.Shared.For(sum.Blocks, ref sum);
        }

        private readonly void Strips<V>()
            where V : struct, IVec<V>
        {
            bool byImages = StripWeights<V>.Fits(grid, outputs);
            int copyLength = grid.Depth * outputs;
            int parts = byImages ? Math.Clamp(Math.Min(Wanted, OuterProduct.MaxPartials / copyLength), 1, StripWeights<V>.Units(grid)) : 1;
            using Scratch partial = Scratch.Rent(checked(parts * copyLength));
            if (byImages)
            {
                var body = new StripWeights<V>(grid, source, dy, outputs, parts, partial.Data);
                WorkerPool.Shared.For(parts, ref body);
            }
            else
            {
                StripChannels<V>.Run(grid, source, dy, outputs, partial.Data);
            }

            var sum = new Sum(grid, outputs, outputs, grid.Inner, parts, partial.Data, copyLength, g);
            WorkerPool.Shared.For(sum.Blocks, ref sum);
        }
    }

    private readonly struct Body<V>(
        CorrelationGrid grid, float* source, float* dy, int outputs, int[] starts, int padded, int tapRows, int tapBlocks, int parts, float* partial, int copyLength) : IBlockBody
        where V : struct, IVec<V>
    {
        [SkipLocalsInit]
        public void Invoke(int block)
        {
            var bands = new Bands(grid);
            int part = block / tapBlocks, tapBlock = block % tapBlocks;
            int groupOutputs = outputs / grid.Groups;
            float* o = partial + ((nint)part * copyLength);
            int tapLength = tapRows * padded;
            using Scratch packed = Scratch.Rent(OuterProduct.BlockRows * 4 * V.Count);
            if (grid.Split)
            {
                InPlace(part, tapBlock * (grid.TapCount / tapBlocks), grid.TapCount / tapBlocks, o, packed.Data);
                return;
            }

            using Scratch copy = Scratch.Rent(bands.ScratchLength);
            using Scratch pointers = Scratch.Rent(bands.MaxPlaces * 2);
            float** places = (float**)pointers.Data;
            nint* taps = stackalloc nint[grid.TapCount];
            grid.Taps(new Span<nint>(taps, grid.TapCount), bands.TapWidth);
            int from = (int)((long)bands.Count * part / parts), to = (int)((long)bands.Count * (part + 1) / parts);
            for (int band = from; band < to; band++)
            {
                int count = bands.Prepare(band, source, copy.Data, places);
                var (image, _, row, _) = bands.Extent(band);
                float* d = dy + ((((nint)image * grid.Rows) + row) * grid.Columns * outputs);
                for (int at = 0; at < count; at += OuterProduct.BlockRows)
                {
                    int length = Math.Min(OuterProduct.BlockRows, count - at);
                    for (int g = 0; g < grid.Groups; g++)
                    {
                        float* y = d + ((nint)at * outputs) + (g * groupOutputs);
                        for (int p = 0; p < starts.Length - 1; p++)
                        {
                            Panel panel = Pack(y, length, groupOutputs, p, packed.Data);
                            for (int t = 0; t < grid.TapCount; t++)
                            {
                                float* target = o + ((nint)((g * grid.TapCount) + t) * tapLength);
                                Outer(places + at, taps[t] + (g * grid.GroupChannels), panel, length, target, band > from || at > 0);
                            }
                        }
                    }
                }
            }
        }

        [SkipLocalsInit]
        private void InPlace(int part, int firstTap, int tapCount, float* o, float* packed)
        {
            int blocks = Indirection.Blocks(grid);
            int from = (int)((long)blocks * part / parts), to = (int)((long)blocks * (part + 1) / parts);
            using Scratch pointers = Scratch.Rent(tapCount * OuterProduct.BlockRows * 2);
            float** places = (float**)pointers.Data;
            using Scratch zeros = Scratch.Rent(grid.Channels);
            new Span<float>(zeros.Data, grid.Channels).Clear();
            for (int block = from; block < to; block++)
            {
                int count = Indirection.Count(grid, block);
                float* y = dy + ((nint)block * OuterProduct.BlockRows * outputs);
                for (int tap = 0; tap < tapCount; tap++)
                {
                    Indirection.Places(grid, block, firstTap + tap, source, zeros.Data, places + (tap * OuterProduct.BlockRows));
                }

                for (int p = 0; p < starts.Length - 1; p++)
                {
                    Panel panel = Pack(y, count, outputs, p, packed);
                    for (int tap = 0; tap < tapCount; tap++)
                    {
                        float* target = o + ((nint)(firstTap + tap) * tapRows * padded);
                        Outer(places + (tap * OuterProduct.BlockRows), 0, panel, count, target, block > from);
                    }
                }
            }
        }

        private Panel Pack(float* y, int rows, int columns, int index, float* packed)
        {
            int first = starts[index] * V.Count, vectors = starts[index + 1] - starts[index], width = vectors * V.Count;
            OuterProduct.PackPanel<V>(y + first, outputs, rows, Math.Min(width, columns - first), width, packed);
            return new Panel((nint)packed, first, vectors);
        }

        private void Outer(float** places, nint offset, Panel panel, int count, float* target, bool add) =>
            TileRunner<V>.Outer(
                panel.Vectors, places, offset, grid.Inner, (float*)panel.Address, panel.Vectors * V.Count, count, target + panel.Column, padded, add);

        private readonly record struct Panel(nint Address, int Column, int Vectors);
    }

    /// <summary>Output places in blocks of rows that run on through images, and where each reads at one kernel element.</summary>
    private static class Indirection
    {
        public static int Blocks(CorrelationGrid grid) => ((grid.Batch * grid.Rows * grid.Columns) + OuterProduct.BlockRows - 1) / OuterProduct.BlockRows;

        public static int Count(CorrelationGrid grid, int block) =>
            Math.Min(OuterProduct.BlockRows, (grid.Batch * grid.Rows * grid.Columns) - (block * OuterProduct.BlockRows));

        public static void Places(CorrelationGrid grid, int block, int tap, float* source, float* zeros, float** places)
        {
            int first = block * OuterProduct.BlockRows, count = Count(grid, block);
            int shiftRow = (tap / grid.KernelColumns * grid.Dilation) - grid.Top, shiftColumn = (tap % grid.KernelColumns * grid.Dilation) - grid.Left;
            int column = first % grid.Columns, row = first / grid.Columns % grid.Rows, image = first / grid.Columns / grid.Rows;
            nint step = (nint)grid.Stride * grid.Channels;
            for (int i = 0; i < count; column = 0)
            {
                // The rest of one row of outputs: the same source row, or none.
                int end = Math.Min(count, i + grid.Columns - column);
                int y = (row * grid.Stride) + shiftRow, x = (column * grid.Stride) + shiftColumn;
                bool inside = (uint)y < (uint)grid.Height;
                float* p = source + ((((((nint)image * grid.Height) + y) * grid.Width) + x) * grid.Channels);
                for (; i < end; i++, x += grid.Stride, p += step)
                {
                    places[i] = inside && (uint)x < (uint)grid.Width ? p : zeros;
                }

                if (++row == grid.Rows)
                {
                    row = 0;
                    image++;
                }
            }
        }
    }

    /// <summary>
    /// Adds the copies in order and turns [tap, channel, output] into PyTorch's [output, channel, row, column], a square that
    /// fits the first cache at a time.
    /// </summary>
    private readonly struct Sum(CorrelationGrid grid, int groupOutputs, int padded, int tapRows, int parts, float* partial, int copyLength, Gradient g) : IBlockBody
    {
        private const int Outputs = 64;
        private const int Channels = 32;
        private const int Square = 8;           // channels that are turned at once

        private readonly int outputBlocks = (groupOutputs + Outputs - 1) / Outputs;
        private readonly int channelBlocks = (grid.GroupChannels + Channels - 1) / Channels;

        public int Blocks => grid.Groups * outputBlocks * channelBlocks;

        [SkipLocalsInit]
        public void Invoke(int block)
        {
            int group = block / (outputBlocks * channelBlocks);
            int output = block / channelBlocks % outputBlocks * Outputs;
            int outputs = Math.Min(Outputs, groupOutputs - output);
            int channel = block % channelBlocks * Channels;
            int area = grid.KernelRows * grid.KernelColumns, channels = grid.GroupChannels;
            float* row = stackalloc float[Outputs];
            using Scratch square = Scratch.Rent(Outputs * Square * area);
            for (int c0 = channel; c0 < Math.Min(channels, channel + Channels); c0 += Square)
            {
                int count = Math.Min(Square, channels - c0);
                for (int c = 0; c < count; c++)
                {
                    for (int tap = 0; tap < area; tap++)
                    {
                        Add(group, tap, c0 + c, output, new Span<float>(row, outputs));
                        for (int o = 0; o < outputs; o++)
                        {
                            square.Data[(o * count * area) + (c * area) + tap] = row[o];
                        }
                    }
                }

                for (int o = 0; o < outputs; o++)
                {
                    var sums = new ReadOnlySpan<float>(square.Data + (o * count * area), count * area);
                    var target = new Span<float>(g.Data + (((((nint)group * groupOutputs) + output + o) * channels) + c0) * area, count * area);
                    if (g.Add)
                    {
                        TensorPrimitives.Add(target, sums, target);
                    }
                    else
                    {
                        sums.CopyTo(target);
                    }
                }
            }
        }

        private void Add(int group, int tap, int channel, int output, Span<float> row)
        {
            int tapIndex = grid.Merged ? tap / grid.KernelColumns : tap;
            int first = grid.Merged ? tap % grid.KernelColumns * grid.GroupChannels : 0;
            float* s = partial + ((((nint)((group * grid.TapCount) + tapIndex) * tapRows) + first + channel) * padded) + output;
            new ReadOnlySpan<float>(s, row.Length).CopyTo(row);
            for (int part = 1; part < parts; part++)
            {
                s += copyLength;
                TensorPrimitives.Add(row, new ReadOnlySpan<float>(s, row.Length), row);
            }
        }
    }
}
