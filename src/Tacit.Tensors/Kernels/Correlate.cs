using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>Where the output places of a grid are written: a strided sub-grid of images of Height × Width × Channels.</summary>
internal readonly record struct Destination(nint Address, int Height, int Width, int Channels, int Row, int Column, int Stride);

/// <summary>A correlation of a source with packed weights: a convolution's forward pass, or one phase of its input gradient.</summary>
internal static unsafe class Correlate
{
    /// <summary>Of a panel that stays in the second cache: 64 columns of this depth are 768 KB.</summary>
    public const int MaxDepth = 3072;

    /// <param name="grid">What is read.</param>
    /// <param name="source">[Batch, Height, Width, Channels].</param>
    /// <param name="weights">One matrix a group, its rows ordered (kernel row, kernel column, channel).</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="add">Add to the target instead of storing.</param>
    /// <param name="epilogue">Bias and activation over all output channels.</param>
    public static void Run(CorrelationGrid grid, float* source, MatrixB[] weights, Destination target, bool add, Epilogue epilogue = default)
    {
        KernelCount.MultiplyAdds((long)grid.Batch * grid.Rows * grid.Columns, (long)grid.Depth * grid.Groups, weights[0].Columns);
        var action = new Action(grid, source, weights, target, add, epilogue);
        Simd.Width.Dispatch(ref action);
    }

    private struct Action(CorrelationGrid grid, float* source, MatrixB[] weights, Destination target, bool add, Epilogue epilogue) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var panels = new Panels<V>(weights[0].Columns);
            int[] starts = panels.Starts();
            int groupLength = grid.Depth * panels.Padded;
            using Scratch packed = Scratch.Rent(groupLength * grid.Groups);
            for (int g = 0; g < grid.Groups; g++)
            {
                Packing<V>.Run(weights[g], starts, packed.Data + ((nint)g * groupLength));
            }

            if (StripConv.Fits<V>(grid, weights[0].Columns, target))
            {
                StripConv.Run<V>(grid, source, packed.Data, weights[0].Columns, target, add, epilogue);
                return;
            }

            if (CorrelateSmall<V>.Fits(grid))
            {
                var small = new CorrelateSmall<V>(grid, source, weights[0].Columns, starts, packed.Data, target, add, epilogue);
                WorkerPool.Shared.For(small.Blocks, ref small);
                return;
            }

            var body = new Body<V>(grid, source, weights[0].Columns, starts, packed.Data, groupLength, target, add, epilogue);
            WorkerPool.Shared.For(body.Blocks, ref body);
        }
    }

    private readonly struct Body<V> : IBlockBody
        where V : struct, IVec<V>
    {
        private readonly CorrelationGrid grid;
        private readonly Bands bands;
        private readonly float* source, packed;
        private readonly int columns, groupLength, panelBlocks, panelsPerBlock;
        private readonly int[] starts;
        private readonly Destination target;
        private readonly bool add;
        private readonly Epilogue epilogue;

        public Body(CorrelationGrid grid, float* source, int columns, int[] starts, float* packed, int groupLength, Destination target, bool add, Epilogue epilogue)
        {
            this.source = source;
            this.packed = packed;
            (this.grid, this.columns, this.starts, this.groupLength) = (grid, columns, starts, groupLength);
            (this.target, this.add, this.epilogue) = (target, add, epilogue);
            bands = new Bands(grid);
            (panelBlocks, panelsPerBlock) = Panels<V>.Share(starts.Length - 1, 16 / Math.Max(1, bands.Count));
        }

        public int Blocks => bands.Count * panelBlocks;

        [SkipLocalsInit]
        public void Invoke(int block)
        {
            int band = block / panelBlocks;
            int firstPanel = block % panelBlocks * panelsPerBlock;
            int lastPanel = Math.Min(starts.Length - 1, firstPanel + panelsPerBlock);
            using Scratch copy = Scratch.Rent(bands.ScratchLength);
            using Scratch pointers = Scratch.Rent(bands.MaxPlaces * 4);
            float** places = (float**)pointers.Data;
            float** outs = places + bands.MaxPlaces;
            int count = bands.Prepare(band, source, copy.Data, places);
            Outputs(band, outs);

            nint* taps = stackalloc nint[grid.TapCount];
            grid.Taps(new Span<nint>(taps, grid.TapCount), bands.TapWidth);
            for (int g = 0; g < grid.Groups; g++)
            {
                if (g > 0)
                {
                    for (int i = 0; i < count; i++)
                    {
                        places[i] += grid.GroupChannels;
                        outs[i] += columns;
                    }
                }

                var shifted = epilogue.BiasAddress == 0 ? epilogue : epilogue with { BiasAddress = epilogue.BiasAddress + (g * columns * sizeof(float)) };
                // A panel deeper than the second cache is gone through in runs of kernel rows.
                int run = grid.Depth <= MaxDepth ? grid.TapCount : Math.Max(1, MaxDepth / 2 / grid.Inner);
                for (int tap = 0; tap < grid.TapCount; tap += run)
                {
                    int tapRun = Math.Min(run, grid.TapCount - tap);
                    bool last = tap + tapRun == grid.TapCount;
                    for (int p = firstPanel; p < lastPanel; p++)
                    {
                        int column = starts[p] * V.Count, vectors = starts[p + 1] - starts[p];
                        float* panel = packed + ((nint)g * groupLength) + ((nint)column * grid.Depth) + ((nint)tap * grid.Inner * vectors * V.Count);
                        TileRunner<V>.Product(
                            vectors, places, count, taps + tap, tapRun, grid.Inner, panel, outs, column, columns - column, add || tap > 0, last ? shifted : default);
                    }
                }
            }
        }

        private void Outputs(int band, float** outs)
        {
            var (image, images, row, rows) = bands.Extent(band);
            int count = 0;
            for (int i = 0; i < images; i++)
            {
                for (int y = 0; y < rows; y++)
                {
                    nint line = (((nint)(image + i) * target.Height) + target.Row + ((nint)(row + y) * target.Stride)) * target.Width;
                    float* o = (float*)target.Address + ((line + target.Column) * target.Channels);
                    for (int x = 0; x < grid.Columns; x++, o += target.Stride * target.Channels)
                    {
                        outs[count++] = o;
                    }
                }
            }
        }
    }
}
