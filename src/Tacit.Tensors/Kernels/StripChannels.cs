using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// The weight gradient of a convolution of three kernel columns with stride 1 that keeps the width, whose sums are too many for the second
/// cache: eight channels at a time. Some images' dY are copied vector by vector, for all channels; a block copies its channels of the source.
/// </summary>
internal readonly unsafe struct StripChannels<V> : IBlockBody
    where V : struct, IVec<V>
{
    private const int Copied = 1 << 20;         // floats of dY that are copied at a time

    private readonly CorrelationGrid grid;
    private readonly float* source, dy, sums;
    private readonly int outputs, images;
    private readonly bool add;

    private StripChannels(CorrelationGrid grid, float* source, float* dy, int outputs, int images, float* sums, bool add)
    {
        this.source = source;
        this.dy = dy;
        this.sums = sums;
        (this.grid, this.outputs, this.images, this.add) = (grid, outputs, images, add);
    }

    /// <param name="grid">The forward pass's.</param>
    /// <param name="source">[Batch, Height, Width, Channels].</param>
    /// <param name="dy">[Batch, Rows, Columns, outputs].</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="sums">[KernelRows, 3, Channels, outputs].</param>
    public static void Run(CorrelationGrid grid, float* source, float* dy, int outputs, float* sums)
    {
        int place = grid.Rows * grid.Columns, most = Math.Clamp(Copied / (place * outputs), 1, grid.Batch);
        using Scratch panels = Scratch.Rent(checked(most * place * outputs));
        for (int image = 0; image < grid.Batch; image += most)
        {
            int count = Math.Min(most, grid.Batch - image);
            var copy = new CopyPanels(dy + ((nint)image * place * outputs), count * place, outputs, panels.Data);
            WorkerPool.Shared.For(outputs / V.Count, ref copy);
            var body = new StripChannels<V>(grid, source + ((nint)image * grid.Height * grid.Width * grid.Channels), panels.Data, outputs, count, sums, image > 0);
            WorkerPool.Shared.For(grid.Channels / StripOuter<V>.Channels, ref body);
        }
    }

    public void Invoke(int block)
    {
        const int Own = StripOuter<V>.Channels;
        int channel = block * Own, places = images * grid.Height * grid.Width, perImage = grid.Rows * grid.Columns;
        using Scratch copy = Scratch.Rent(places * Own);
        for (int i = 0; i < places; i++)
        {
            new ReadOnlySpan<float>(source + ((nint)i * grid.Channels) + channel, Own).CopyTo(new Span<float>(copy.Data + ((nint)i * Own), Own));
        }

        int together = Math.Clamp(StripOuter<V>.Places / perImage, 1, images), most = together > 1 ? grid.Rows : Math.Max(1, StripOuter<V>.Places / grid.Columns);
        for (int n = 0; n < outputs; n += V.Count)
        {
            float* panel = dy + ((nint)n * images * perImage);
            for (int k = 0; k < grid.KernelRows; k++)
            {
                // Output row y reads source row y + k - Top, where there is one.
                int from = Math.Max(0, grid.Top - k), end = Math.Max(from, Math.Min(grid.Rows, grid.Height + grid.Top - k));
                float* o = sums + (((((nint)k * 3 * grid.Channels) + channel) * outputs) + n);
                bool more = add;
                for (int image = 0; image < images; image += together)
                {
                    int row = from;
                    do
                    {
                        var x = new StripSide((nint)(copy.Data + (((nint)image * grid.Height) + row + k - grid.Top) * grid.Width * Own), Own, grid.Height * grid.Width * Own);
                        var d = new StripSide((nint)(panel + ((((nint)image * grid.Rows) + row) * grid.Columns * V.Count)), V.Count, perImage * V.Count);
                        StripOuter<V>.Run(x, d, Math.Min(together, images - image), Math.Min(most, end - row), grid.Width, o, grid.Channels, outputs, more);
                        more = true;
                        row += most;
                    }
                    while (row < end);
                }
            }
        }
    }

    /// <summary>[places, outputs] to [outputs / lanes, places, lanes].</summary>
    private readonly struct CopyPanels(float* dy, int places, int outputs, float* panels) : IBlockBody
    {
        public void Invoke(int block)
        {
            float* o = panels + ((nint)block * places * V.Count), d = dy + (block * V.Count);
            for (int i = 0; i < places; i++, d += outputs, o += V.Count)
            {
                V.Load(d).Store(o);
            }
        }
    }
}
