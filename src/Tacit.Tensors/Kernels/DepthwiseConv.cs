using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>
/// Convolution with one kernel a channel: each output is a short sum, vectors run along the channels. Its work is small
/// against its memory traffic, so plain loops over places and kernel elements serve it.
/// </summary>
internal static unsafe class DepthwiseConv
{
    /// <summary>y[place, c] = bias[c] + Σ over kernel elements of x[read, c] · w[c, element].</summary>
    public static void Forward(ConvSizes s, float* x, float* weight, float* bias, float* y)
    {
        using Scratch turned = Scratch.Rent(s.C * s.KernelRows * s.KernelColumns);
        Turned.Write(weight, s.KernelRows * s.KernelColumns, s.C, s.KernelRows * s.KernelColumns, turned.Data, s.C);
        Count(s);
        var action = new ForwardAction(s, x, turned.Data, bias, y);
        Width.Dispatch(ref action);
    }

    public static void InputGradient(ConvSizes s, float* dy, float* weight, Gradient g)
    {
        using Scratch turned = Scratch.Rent(s.C * s.KernelRows * s.KernelColumns);
        Turned.Write(weight, s.KernelRows * s.KernelColumns, s.C, s.KernelRows * s.KernelColumns, turned.Data, s.C);
        Count(s);
        var action = new InputAction(s, dy, turned.Data, g);
        Width.Dispatch(ref action);
    }

    /// <summary>One partial sum an image, added in the order of the images.</summary>
    public static void WeightGradient(ConvSizes s, float* x, float* dy, Gradient g)
    {
        int area = s.KernelRows * s.KernelColumns;
        using Scratch partial = Scratch.Rent(checked(s.N * area * s.C));
        Count(s);
        var action = new WeightAction(s, x, dy, partial.Data);
        Width.Dispatch(ref action);
        for (int c = 0; c < s.C; c++)
        {
            for (int e = 0; e < area; e++)
            {
                float sum = 0;
                for (int n = 0; n < s.N; n++)
                {
                    sum += partial.Data[((((nint)n * area) + e) * s.C) + c];
                }

                float* target = g.Data + (c * area) + e;
                *target = g.Add ? *target + sum : sum;
            }
        }
    }

    private static void Count(ConvSizes s) => KernelCount.MultiplyAdds((long)s.N * s.OutHeight * s.OutWidth, s.O, (long)s.KernelRows * s.KernelColumns);

    /// <summary>o[c] += a[c] · b[c].</summary>
    private static void MultiplyAdd<V>(float* a, float* b, float* o, int count)
        where V : struct, IVec<V>
    {
        int i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V.Fma(V.Load(a + i), V.Load(b + i), V.Load(o + i)).Store(o + i);
        }

        for (; i < count; i++)
        {
            o[i] += a[i] * b[i];
        }
    }

    private struct ForwardAction(ConvSizes s, float* x, float* weight, float* bias, float* y) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var body = new Body<V>(s, x, weight, bias, y);
            WorkerPool.Shared.For(s.N * s.OutHeight, ref body);
        }

        private readonly struct Body<V>(ConvSizes s, float* x, float* weight, float* bias, float* y) : IBlockBody
            where V : struct, IVec<V>
        {
            public void Invoke(int block)
            {
                int n = block / s.OutHeight, row = block % s.OutHeight;
                for (int column = 0; column < s.OutWidth; column++)
                {
                    float* o = y + ((((nint)block * s.OutWidth) + column) * s.C);
                    var place = new Span<float>(o, s.C);
                    if (bias == null)
                    {
                        place.Clear();
                    }
                    else
                    {
                        new ReadOnlySpan<float>(bias, s.C).CopyTo(place);
                    }

                    for (int kr = 0; kr < s.KernelRows; kr++)
                    {
                        int h = (row * s.Stride) + (kr * s.Dilation) - s.PadRows;
                        for (int kc = 0; kc < s.KernelColumns && (uint)h < (uint)s.Height; kc++)
                        {
                            int w = (column * s.Stride) + (kc * s.Dilation) - s.PadColumns;
                            if ((uint)w < (uint)s.Width)
                            {
                                MultiplyAdd<V>(x + (((((nint)n * s.Height) + h) * s.Width) + w) * s.C, weight + (((kr * s.KernelColumns) + kc) * s.C), o, s.C);
                            }
                        }
                    }
                }
            }
        }
    }

    private struct InputAction(ConvSizes s, float* dy, float* weight, Gradient g) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var body = new Body<V>(s, dy, weight, g);
            WorkerPool.Shared.For(s.N * s.Height, ref body);
        }

        private readonly struct Body<V>(ConvSizes s, float* dy, float* weight, Gradient g) : IBlockBody
            where V : struct, IVec<V>
        {
            public void Invoke(int block)
            {
                int n = block / s.Height, h = block % s.Height;
                for (int w = 0; w < s.Width; w++)
                {
                    float* o = g.Data + ((((nint)block * s.Width) + w) * s.C);
                    if (!g.Add)
                    {
                        new Span<float>(o, s.C).Clear();
                    }

                    for (int kr = 0; kr < s.KernelRows; kr++)
                    {
                        int row = h + s.PadRows - (kr * s.Dilation);
                        for (int kc = 0; kc < s.KernelColumns; kc++)
                        {
                            int column = w + s.PadColumns - (kc * s.Dilation);
                            if (row >= 0 && column >= 0 && row % s.Stride == 0 && column % s.Stride == 0 && row / s.Stride < s.OutHeight && column / s.Stride < s.OutWidth)
                            {
                                nint place = ((((nint)n * s.OutHeight) + (row / s.Stride)) * s.OutWidth) + (column / s.Stride);
                                MultiplyAdd<V>(dy + (place * s.C), weight + (((kr * s.KernelColumns) + kc) * s.C), o, s.C);
                            }
                        }
                    }
                }
            }
        }
    }

    private struct WeightAction(ConvSizes s, float* x, float* dy, float* partial) : IWidthAction
    {
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var body = new Body<V>(s, x, dy, partial);
            WorkerPool.Shared.For(s.N, ref body);
        }

        private readonly struct Body<V>(ConvSizes s, float* x, float* dy, float* partial) : IBlockBody
            where V : struct, IVec<V>
        {
            public void Invoke(int block)
            {
                int area = s.KernelRows * s.KernelColumns;
                float* o = partial + ((nint)block * area * s.C);
                new Span<float>(o, area * s.C).Clear();
                for (int place = 0; place < s.OutHeight * s.OutWidth; place++)
                {
                    float* d = dy + ((((nint)block * s.OutHeight * s.OutWidth) + place) * s.C);
                    for (int e = 0; e < area; e++)
                    {
                        int h = (place / s.OutWidth * s.Stride) + (e / s.KernelColumns * s.Dilation) - s.PadRows;
                        int w = (place % s.OutWidth * s.Stride) + (e % s.KernelColumns * s.Dilation) - s.PadColumns;
                        if ((uint)h < (uint)s.Height && (uint)w < (uint)s.Width)
                        {
                            MultiplyAdd<V>(x + (((((nint)block * s.Height) + h) * s.Width) + w) * s.C, d, o + (e * s.C), s.C);
                        }
                    }
                }
            }
        }
    }
}
