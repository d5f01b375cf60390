using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Data.Augment;

/// <summary>torchvision's GaussianBlur: a sampled Gaussian of an odd window along both axes, borders reflected.</summary>
internal static unsafe class GaussianBlur
{
    /// <summary>SimCLR's window: a tenth of the side, made odd, at least 3.</summary>
    public static int DefaultKernel(int side) => (2 * Math.Max(1, side / 10 / 2)) + 1;

    /// <param name="canvas">What is blurred.</param>
    /// <param name="kernel">The window in pixels, odd; cut where the canvas is too small to reflect it.</param>
    /// <param name="sigma">The standard deviation in pixels.</param>
    public static void Run(in Canvas canvas, int kernel, float sigma)
    {
        int radius = Math.Min(kernel / 2, Math.Min(canvas.Width, canvas.Height) - 1);
        if (radius == 0)
        {
            return;
        }

        int padded = canvas.Length + (2 * radius * Math.Max(canvas.Width, canvas.Height));
        using Scratch scratch = Scratch.Rent(padded + (2 * Canvas.Slack) + (2 * radius) + 1);
        float* weights = scratch.Data + padded + (2 * Canvas.Slack);
        Weights(weights, radius, sigma);
        var action = new Action { Canvas = canvas, Padded = scratch.Data, Weights = weights, Radius = radius };
        Width.Dispatch(ref action);
    }

    private static void Weights(float* weights, int radius, float sigma)
    {
        double sum = 0;
        for (int k = -radius; k <= radius; k++)
        {
            double z = k / (double)sigma;
            double w = Math.Exp(-0.5 * z * z);
            weights[k + radius] = (float)w;
            sum += w;
        }

        for (int k = 0; k <= 2 * radius; k++)
        {
            weights[k] = (float)(weights[k] / sum);
        }
    }

    private struct Action : IWidthAction
    {
        public Canvas Canvas;
        public float* Padded, Weights;
        public int Radius;

        public readonly void Invoke<V>()
            where V : struct, IVec<V>
        {
            int width = Canvas.Width, height = Canvas.Height;
            for (int c = 0; c < 3; c++)
            {
                float* plane = Canvas.Plane(c);

                // Along x: whole columns are reflected at both sides, and lanes run through the plane.
                Copy(plane, Padded + (Radius * height), width * height);
                for (int r = 1; r <= Radius; r++)
                {
                    Copy(plane + (r * height), Padded + ((Radius - r) * height), height);
                    Copy(plane + ((width - 1 - r) * height), Padded + ((Radius + width - 1 + r) * height), height);
                }

                Convolve<V>(Padded, plane, width * height, height);

                // Along y: one column at a time, its ends reflected.
                for (int x = 0; x < width; x++)
                {
                    float* column = plane + (x * height);
                    Copy(column, Padded + Radius, height);
                    for (int r = 1; r <= Radius; r++)
                    {
                        Padded[Radius - r] = column[r];
                        Padded[Radius + height - 1 + r] = column[height - 1 - r];
                    }

                    Column<V>(column, height);
                }
            }
        }

        private static void Copy(float* from, float* to, int count) =>
            new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(to, count));

        private readonly void Convolve<V>(float* from, float* to, int count, int stride)
            where V : struct, IVec<V>
        {
            for (int i = 0; i < count; i += V.Count)
            {
                V sum = V.Zero;
                for (int k = 0; k <= 2 * Radius; k++)
                {
                    sum = V.Fma(V.Load(from + i + (k * stride)), V.Broadcast(Weights[k]), sum);
                }

                sum.Store(to + i);
            }
        }

        /// <summary>A column's last register would reach into the next column, so its rest goes lane by lane.</summary>
        private readonly void Column<V>(float* to, int height)
            where V : struct, IVec<V>
        {
            int whole = height - (height % V.Count);
            Convolve<V>(Padded, to, whole, 1);
            Convolve<V1>(Padded + whole, to + whole, height - whole, 1);
        }
    }
}
