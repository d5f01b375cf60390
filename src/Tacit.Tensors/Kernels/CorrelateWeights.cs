using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// A convolution's weight gradient: for every kernel row and channel, the sum over output places of source × dY. Work is cut
/// into parts of the images × kernel rows, each part sums into its own copy, and copies are added in order.
/// </summary>
internal static unsafe class CorrelateWeights
{
    /// <param name="grid">The forward pass's grid.</param>
    /// <param name="source">[Batch, Height, Width, Channels].</param>
    /// <param name="dy">[Batch, Rows, Columns, outputs].</param>
    /// <param name="outputs">Output channels, all groups.</param>
    /// <param name="g">[outputs, GroupChannels, KernelRows, KernelColumns], PyTorch's layout.</param>
    public static void Run(CorrelationGrid grid, float* source, float* dy, int outputs, Gradient g)
    {
        var action = new Action(grid, source, dy, outputs, g);
        Simd.Width.Dispatch(ref action);
    }

    private struct Action(CorrelationGrid grid, float* source, float* dy, int outputs, Gradient g) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            int groupOutputs = outputs / grid.Groups;
            var panels = new Panels<V>(groupOutputs);
            int tapRows = (grid.Inner + TileRunner<V>.RowQuantum - 1) / TileRunner<V>.RowQuantum * TileRunner<V>.RowQuantum;
            int copyLength = checked(grid.Groups * grid.TapCount * tapRows * panels.Padded);
            int bands = new Bands(grid).Count;
            int tapBlocks = grid.Groups > 1 || grid.Inner < 64 ? 1 : grid.TapCount;
            int parts = Math.Clamp(Math.Min((16 + tapBlocks - 1) / tapBlocks, OuterProduct.MaxPartials / copyLength), 1, bands);
            using Scratch partial = Scratch.Rent(checked(parts * copyLength));
            var body = new Body<V>(grid, source, dy, outputs, panels.Starts(), panels.Padded, tapRows, tapBlocks, parts, partial.Data, copyLength);
            WorkerPool.Shared.For(parts * tapBlocks, ref body);
            var sum = new Sum(grid, groupOutputs, panels.Padded, tapRows, parts, partial.Data, copyLength, g);
            WorkerPool.Shared.For(outputs * grid.Depth < 4096 ? 1 : (outputs + Sum.Outputs - 1) / Sum.Outputs, ref sum);
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
            int tapsPerBlock = grid.TapCount / tapBlocks;
            int groupOutputs = outputs / grid.Groups;
            float* o = partial + ((nint)part * copyLength);
            int tapLength = tapRows * padded;
            for (int g = 0; g < grid.Groups; g++)
            {
                new Span<float>(o + ((nint)((g * grid.TapCount) + (tapBlock * tapsPerBlock)) * tapLength), tapsPerBlock * tapLength).Clear();
            }

            using Scratch copy = Scratch.Rent(bands.ScratchLength);
            using Scratch pointers = Scratch.Rent(bands.MaxPlaces * 2);
            using Scratch ragged = Scratch.Rent(groupOutputs == padded ? 0 : OuterProduct.BlockRows * padded);
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
                        float* y = OuterProduct.PadColumns(
                            d + ((nint)at * outputs) + (g * groupOutputs), outputs, length, groupOutputs, padded, ragged.Data, out int stride);
                        for (int t = tapBlock * tapsPerBlock; t < (tapBlock + 1) * tapsPerBlock; t++)
                        {
                            float* target = o + ((nint)((g * grid.TapCount) + t) * tapLength);
                            for (int p = 0; p < starts.Length - 1; p++)
                            {
                                int column = starts[p] * V.Count;
                                TileRunner<V>.Outer(
                                    starts[p + 1] - starts[p], places + at, taps[t] + (g * grid.GroupChannels), grid.Inner, y + column, stride, length, target + column, padded);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Adds the copies in order and turns [tap, channel, output] into PyTorch's [output, channel, row, column].</summary>
    private readonly struct Sum(CorrelationGrid grid, int groupOutputs, int padded, int tapRows, int parts, float* partial, int copyLength, Gradient g) : IBlockBody
    {
        public const int Outputs = 16;

        public void Invoke(int block)
        {
            int all = groupOutputs * grid.Groups;
            int end = all * grid.Depth < 4096 ? all : Math.Min(all, (block + 1) * Outputs);
            int area = grid.KernelRows * grid.KernelColumns, channels = grid.GroupChannels;
            // Channel by channel, kernel element by element: every output's row is then written from one end to the other.
            for (int c = 0; c < channels; c++)
            {
                for (int tap = 0; tap < area; tap++)
                {
                    int tapIndex = grid.Merged ? tap / grid.KernelColumns : tap;
                    int first = grid.Merged ? tap % grid.KernelColumns * channels : 0;
                    for (int o = block * Outputs; o < end; o++)
                    {
                        int group = o / groupOutputs;
                        float* s = partial + ((((nint)((group * grid.TapCount) + tapIndex) * tapRows) + first + c) * padded) + (o % groupOutputs);
                        float sum = 0;
                        for (int part = 0; part < parts; part++, s += copyLength)
                        {
                            sum += *s;
                        }

                        float* target = g.Data + (((nint)o * channels) + c) * area + tap;
                        *target = g.Add ? *target + sum : sum;
                    }
                }
            }
        }
    }
}
