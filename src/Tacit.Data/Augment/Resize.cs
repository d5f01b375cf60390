using Tacit.Data.Pictures;
using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Augment;

/// <summary>Resamples a rectangle of a picture onto a canvas, antialiased; equal to PIL's resize without its rounding to bytes between the axes.</summary>
internal static unsafe class Resize
{
    private const int Strip = 16;       // output rows at a time: one register of the widest kind

    /// <summary>Resizes the whole of a crop to the canvas.</summary>
    public static void Run(Picture picture, in CropBox crop, Interpolation interpolation, in Canvas canvas) =>
        Run(picture, crop, canvas.Width, canvas.Height, 0, 0, interpolation, canvas);

    /// <summary>Resizes a crop to width × height pixels, of which the canvas shows those from (left, top).</summary>
    public static void Run(
        Picture picture, in CropBox crop, int width, int height, int left, int top, Interpolation interpolation, in Canvas canvas)
    {
        int row = ((crop.Width * 3) + Strip - 1) / Strip * Strip;
        int xFloats = ResizeTaps.Floats(crop.Width, width, canvas.Width, interpolation);
        int yFloats = ResizeTaps.Floats(crop.Height, height, canvas.Height, interpolation);
        using Scratch scratch = Scratch.Rent(checked((2 * row * Strip) + xFloats + yFloats));
        fixed (byte* pixels = picture.Pixels)
        {
            var kernel = new Kernel
            {
                Pixels = pixels + (3 * (((long)crop.Top * picture.Width) + crop.Left)),
                PictureRow = 3 * picture.Width,
                CropRow = 3 * crop.Width,
                StripRow = row,
                Rows = scratch.Data,
                Columns = scratch.Data + (row * Strip),
                X = new ResizeTaps(scratch.Data + (2 * row * Strip), crop.Width, width, left, canvas.Width, interpolation),
                Y = new ResizeTaps(scratch.Data + (2 * row * Strip) + xFloats, crop.Height, height, top, canvas.Height, interpolation),
                Canvas = canvas,
            };
            if (kernel.CropRow < Strip)
            {
                kernel.Invoke<V1>();        // narrower than a register
            }
            else
            {
                Width.Dispatch(ref kernel);
            }
        }
    }

    private struct Kernel : IWidthAction
    {
        public byte* Pixels;
        public int PictureRow, CropRow, StripRow;
        public float* Rows;         // [Strip, StripRow]: rows resampled downwards, pixels interleaved
        public float* Columns;      // [CropRow, Strip]: the same turned, so that lanes are rows
        public ResizeTaps X, Y;
        public Canvas Canvas;

        public readonly void Invoke<V>()
            where V : struct, IVec<V>
        {
            for (int y = 0; y < Canvas.Height; y += Strip)
            {
                // The last strip overlaps the one before, which writes the same numbers again. In a canvas lower than a
                // strip the rows below it hold rubbish, which the next column, or the slack, takes.
                int top = Math.Max(0, Math.Min(y, Canvas.Height - Strip));
                int rows = Math.Min(Strip, Canvas.Height);
                for (int r = 0; r < rows; r++)
                {
                    Downwards<V>(top + r, Rows + (r * StripRow));
                }

                Transpose(rows);
                Across<V>(top);
            }
        }

        /// <summary>One output row: lanes are bytes of the row, whichever colour they are.</summary>
        private readonly void Downwards<V>(int y, float* to)
            where V : struct, IVec<V>
        {
            byte* from = Pixels + ((long)Y.First(y) * PictureRow);
            float* weights = Y.Weights(y);
            int taps = Y.Count(y);
            for (int i = 0; i < CropRow; i += V.Count)
            {
                int at = Math.Min(i, CropRow - V.Count);        // the last register overlaps the one before
                V sum = V.Zero;
                byte* p = from + at;
                for (int k = 0; k < taps; k++, p += PictureRow)
                {
                    sum = V.Fma(ByteLanes.Load<V>(p), V.Broadcast(weights[k]), sum);
                }

                sum.Store(to + at);
            }
        }

        private readonly void Transpose(int rows)
        {
            for (int r = 0; r < rows; r++)
            {
                float* from = Rows + (r * StripRow);
                float* to = Columns + r;
                for (int i = 0; i < CropRow; i++, to += Strip)
                {
                    *to = from[i];
                }
            }
        }

        /// <summary>Sixteen output rows at once: lanes are rows, and every colour of a column is summed over its taps.</summary>
        private readonly void Across<V>(int top)
            where V : struct, IVec<V>
        {
            V white = V.Broadcast(255f);
            float* red = Canvas.Red + top;
            float* green = Canvas.Green + top;
            float* blue = Canvas.Blue + top;
            for (int x = 0; x < Canvas.Width; x++)
            {
                float* column = Columns + (X.First(x) * 3 * Strip);
                float* weights = X.Weights(x);
                int taps = X.Count(x);
                for (int lane = 0; lane < Strip; lane += V.Count)
                {
                    V r = V.Zero, g = V.Zero, b = V.Zero;
                    float* p = column + lane;
                    for (int k = 0; k < taps; k++, p += 3 * Strip)
                    {
                        V w = V.Broadcast(weights[k]);
                        r = V.Fma(V.Load(p), w, r);
                        g = V.Fma(V.Load(p + Strip), w, g);
                        b = V.Fma(V.Load(p + (2 * Strip)), w, b);
                    }

                    // A cubic overshoots.
                    V.Min(V.Max(r, V.Zero), white).Store(red + lane);
                    V.Min(V.Max(g, V.Zero), white).Store(green + lane);
                    V.Min(V.Max(b, V.Zero), white).Store(blue + lane);
                }

                red += Canvas.Height;
                green += Canvas.Height;
                blue += Canvas.Height;
            }
        }
    }
}
