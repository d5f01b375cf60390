using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// Convolutions of three kernel columns with stride 1 that keep the width, to one or two vectors of outputs: forward, and the input gradient
/// of the like. The source is read where it lies; beyond its borders are zeros.
/// </summary>
internal static unsafe class StripConv
{
    /// <summary>Whether the strips can do it.</summary>
    public static bool Fits<V>(CorrelationGrid grid, int columns, Destination target)
        where V : struct, IVec<V> =>
        V.Registers >= 32 && grid.KeepsWidth && target.Stride == 1 && columns % V.Count == 0
        && columns / V.Count is int vectors and (1 or 2) && grid.Columns % (vectors == 1 ? Strip16<V>.Places : Strip8<V>.Places) == 0;

    /// <param name="grid">What is read.</param>
    /// <param name="source">[Batch, Height, Width, Channels].</param>
    /// <param name="packed">One panel of all weights.</param>
    /// <param name="columns">Outputs.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="add">Add instead of storing.</param>
    /// <param name="epilogue">Bias and activation.</param>
    public static void Run<V>(CorrelationGrid grid, float* source, float* packed, int columns, Destination target, bool add, Epilogue epilogue)
        where V : struct, IVec<V>
    {
        int blocks = new Bands(grid).Count;
        if (columns == V.Count)
        {
            var body = new Body<Strip16<V>, V>(grid, source, packed, target, add, epilogue);
            WorkerPool.Shared.For(blocks, ref body);
        }
        else
        {
            var body = new Body<Strip8<V>, V>(grid, source, packed, target, add, epilogue);
            WorkerPool.Shared.For(blocks, ref body);
        }
    }

    private readonly struct Body<TStrip, V>(CorrelationGrid grid, float* source, float* packed, Destination target, bool add, Epilogue epilogue) : IBlockBody
        where TStrip : struct, IStrip<V>
        where V : struct, IVec<V>
    {
        [SkipLocalsInit]
        public void Invoke(int block)
        {
            var (image, images, row, rows) = new Bands(grid).Extent(block);
            using Scratch zeros = Scratch.Rent(grid.Channels);
            new Span<float>(zeros.Data, grid.Channels).Clear();
            StripTap* taps = stackalloc StripTap[grid.KernelRows];
            for (int i = image; i < image + images; i++)
            {
                for (int y = row; y < row + rows; y++)
                {
                    for (int x = 0; x < grid.Columns; x += TStrip.Places)
                    {
                        float* o = (float*)target.Address + ((((((nint)i * target.Height) + target.Row + y) * target.Width) + target.Column + x) * target.Channels);
                        Fetch(o, target.Channels, TStrip.Vectors * V.Count);
                        if (y + grid.KernelRows - grid.Top < grid.Height)
                        {
                            Fetch(At(i, y + grid.KernelRows - grid.Top, x), grid.Channels, grid.Channels);
                        }

                        TStrip.Product(taps, Taps(i, y, x, zeros.Data, taps), grid.Channels, grid.Channels, o, target.Channels, add);
                        Finish(o);
                    }
                }
            }
        }

        /// <summary>The kernel rows that lie inside the picture.</summary>
        private int Taps(int image, int row, int column, float* zeros, StripTap* taps)
        {
            int count = 0;
            for (int k = 0; k < grid.KernelRows; k++)
            {
                int y = row + k - grid.Top;
                if ((uint)y < (uint)grid.Height)
                {
                    float* p = At(image, y, column);
                    taps[count++] = new StripTap(
                        (nint)(column > 0 ? p - grid.Channels : zeros),
                        (nint)p,
                        (nint)(column + TStrip.Places < grid.Width ? p + (TStrip.Places * grid.Channels) : zeros),
                        (nint)(packed + ((nint)k * grid.Inner * TStrip.Vectors * V.Count)));
                }
            }

            return count;
        }

        private float* At(int image, int row, int column) => source + ((((((nint)image * grid.Height) + row) * grid.Width) + column) * grid.Channels);

        /// <summary>Asks for lines that will be written, or that the next row of outputs will read, which come meanwhile.</summary>
        private static void Fetch(float* place, int step, int numbers)
        {
            if (Sse.IsSupported)
            {
                for (int p = 0; p < TStrip.Places; p++, place += step)
                {
                    for (int n = 0; n < numbers; n += V.Count)
                    {
                        Sse.Prefetch0(place + n);
                    }
                }
            }
        }

        private void Finish(float* o)
        {
            if (!epilogue.IsEmpty)
            {
                for (int p = 0; p < TStrip.Places; p++, o += target.Channels)
                {
                    epilogue.Apply<V>(o, 0, TStrip.Vectors * V.Count);
                }
            }
        }
    }
}
