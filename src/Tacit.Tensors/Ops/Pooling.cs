using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>The largest number of each window: [N, H, W, C] to [N, H', W', C] with H' = (H + 2 padding - kernel) / stride + 1.</summary>
    /// <remarks>Padding counts as -infinity; of equal numbers the first in row order takes the gradient, as in PyTorch.</remarks>
    public static Tensor MaxPool2d(Tensor x, int kernel, int stride, int padding = 0) =>
        Pool(x, Window.Of("MaxPool2d", x.Shape, kernel, stride, padding), max: true);

    /// <summary>The mean of each window of [N, H, W, C]; padding counts as zeros, as PyTorch's default has it.</summary>
    public static Tensor AvgPool2d(Tensor x, int kernel, int stride, int padding = 0) =>
        Pool(x, Window.Of("AvgPool2d", x.Shape, kernel, stride, padding), max: false);

    /// <summary>The largest number of each window: [N, T, C] to [N, T', C].</summary>
    public static Tensor MaxPool1d(Tensor x, int kernel, int stride, int padding = 0) =>
        Pool(x, Window.Of("MaxPool1d", x.Shape, kernel, stride, padding), max: true);

    /// <summary>The mean of each window of [N, T, C]; padding counts as zeros.</summary>
    public static Tensor AvgPool1d(Tensor x, int kernel, int stride, int padding = 0) =>
        Pool(x, Window.Of("AvgPool1d", x.Shape, kernel, stride, padding), max: false);

    private static Tensor Pool(Tensor x, Window w, bool max, Shape? shape = null)
    {
        Tensor y = Tensor.Empty(shape ?? w.Output);
        Blocks.Run(w.Items * w.OutHeight, new PoolKernel(w, x.Data, y.Data, max));
        if (Tape.Wants(x, w.Name))
        {
            Tape.Add(new PoolNode(w, x, y, max));
        }

        return y;
    }

    /// <summary>A picture's geometry under a sliding window; a sequence is a picture one pixel wide.</summary>
    private readonly record struct Window(
        string Name, Shape Output, int Items, int Height, int Width, int Channels, int KernelHeight, int KernelWidth, int Stride, int PadHeight, int PadWidth)
    {
        public int OutHeight => Output[1];

        public int OutWidth => Output.Rank == 3 ? 1 : Output[2];

        public static Window Of(string op, Shape x, int kernel, int stride, int padding)
        {
            int rank = op[^2] == '1' ? 3 : 4;
            if (x.Rank != rank)
            {
                throw ShapeException.Unfit(op, x, rank == 3 ? "it takes [N, T, C]" : "it takes [N, H, W, C]");
            }

            if (kernel < 1 || stride < 1 || padding < 0 || padding > kernel / 2)
            {
                throw new ArgumentException($"{op}: kernel {kernel}, stride {stride}, padding {padding}: kernel and stride are at least 1, padding at most half the kernel.");
            }

            for (int axis = 1; axis < rank - 1; axis++)
            {
                if (x[axis] + (2 * padding) < kernel)
                {
                    throw ShapeException.Mismatch(op, x, new Shape(kernel), $"axis {axis} ({x[axis]}, padding {padding}) is smaller than the window");
                }
            }

            int height = ((x[1] + (2 * padding) - kernel) / stride) + 1;
            if (rank == 3)
            {
                return new Window(op, new Shape(x[0], height, x[2]), x[0], x[1], 1, x[2], kernel, 1, stride, padding, 0);
            }

            int width = ((x[2] + (2 * padding) - kernel) / stride) + 1;
            return new Window(op, new Shape(x[0], height, width, x[3]), x[0], x[1], x[2], x[3], kernel, kernel, stride, padding, padding);
        }
    }

    // One block is one row of the output.
    private readonly struct PoolKernel(Window w, float* x, float* y, bool max) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int item = block / w.OutHeight, row = block % w.OutHeight;
            int top = (row * w.Stride) - w.PadHeight;
            int y0 = Math.Max(0, top), y1 = Math.Min(w.Height, top + w.KernelHeight);
            for (int column = 0; column < w.OutWidth; column++)
            {
                int left = (column * w.Stride) - w.PadWidth;
                int x0 = Math.Max(0, left), x1 = Math.Min(w.Width, left + w.KernelWidth);
                float* from = x + ((((long)item * w.Height) + y0) * w.Width * w.Channels) + ((long)x0 * w.Channels);
                float* to = y + ((((long)block * w.OutWidth) + column) * w.Channels);
                Place<V>(from, to, y1 - y0, x1 - x0, w.Width * w.Channels, w.Channels, max, 1f / (w.KernelHeight * w.KernelWidth));
            }
        }

        private static void Place<V>(float* x, float* y, int height, int width, int stride, int channels, bool max, float scale)
            where V : struct, IVec<V>
        {
            for (int c = 0; c < channels; c += V.Count)
            {
                V result = max ? V.Broadcast(float.NegativeInfinity) : V.Zero;
                for (int i = 0; i < height; i++)
                {
                    float* p = x + ((long)i * stride) + c;
                    for (int j = 0; j < width; j++, p += channels)
                    {
                        result = max ? V.Max(result, V.Load(p)) : result + V.Load(p);
                    }
                }

                RowMath.Put(max ? result : result * V.Broadcast(scale), y + c, false, channels - c);
            }
        }
    }

    private sealed class PoolNode(Window w, Tensor x, Tensor y, bool max) : Node(w.Name, y)
    {
        public override void Backward() =>
            Blocks.Run(w.Items, new PoolGradient(w, x.Data, Output.Data, Output.GradientData, x.GradientTarget(), max));
    }

    // One block is one item: windows overlap, so its gradient has one owner.
    private readonly struct PoolGradient(Window w, float* x, float* y, float* dy, Gradient dx, bool max) : IBlockKernel
    {
        public void Invoke<V>(int item)
            where V : struct, IVec<V>
        {
            int size = w.Height * w.Width * w.Channels;
            float* picture = x + ((long)item * size), gradient = dx.Data + ((long)item * size);
            if (!dx.Add)
            {
                new Span<float>(gradient, size).Clear();
            }

            for (int row = 0; row < w.OutHeight; row++)
            {
                int top = (row * w.Stride) - w.PadHeight;
                int y0 = Math.Max(0, top), y1 = Math.Min(w.Height, top + w.KernelHeight);
                for (int column = 0; column < w.OutWidth; column++)
                {
                    int left = (column * w.Stride) - w.PadWidth;
                    int x0 = Math.Max(0, left), x1 = Math.Min(w.Width, left + w.KernelWidth);
                    int at = ((y0 * w.Width) + x0) * w.Channels;
                    long result = ((((long)item * w.OutHeight) + row) * w.OutWidth + column) * w.Channels;
                    if (max)
                    {
                        Largest<V>(picture + at, y + result, dy + result, gradient + at, y1 - y0, x1 - x0, w.Width * w.Channels, w.Channels);
                    }
                    else
                    {
                        Share<V>(dy + result, gradient + at, y1 - y0, x1 - x0, w.Width * w.Channels, w.Channels, 1f / (w.KernelHeight * w.KernelWidth));
                    }
                }
            }
        }

        private static void Largest<V>(float* x, float* y, float* dy, float* dx, int height, int width, int stride, int channels)
            where V : struct, IVec<V>
        {
            for (int c = 0; c < channels; c += V.Count)
            {
                V top = V.Load(y + c), left = V.Load(dy + c);
                for (int i = 0; i < height; i++)
                {
                    for (int j = 0; j < width; j++)
                    {
                        long at = ((long)i * stride) + (j * channels) + c;
                        V below = V.Greater(top, V.Load(x + at));
                        RowMath.Put(V.Select(below, V.Zero, left), dx + at, true, channels - c);
                        left = V.Select(below, left, V.Zero);
                    }
                }
            }
        }

        private static void Share<V>(float* dy, float* dx, int height, int width, int stride, int channels, float scale)
            where V : struct, IVec<V>
        {
            for (int c = 0; c < channels; c += V.Count)
            {
                V share = V.Load(dy + c) * V.Broadcast(scale);
                for (int i = 0; i < height; i++)
                {
                    for (int j = 0; j < width; j++)
                    {
                        RowMath.Put(share, dx + ((long)i * stride) + (j * channels) + c, true, channels - c);
                    }
                }
            }
        }
    }
}
