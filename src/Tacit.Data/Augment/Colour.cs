using Tacit.Tensors.Simd;

namespace Tacit.Data.Augment;

/// <summary>
/// torchvision's colour operations on a canvas of levels 0 … 255, without its rounding to bytes after each. Grey is ITU-R
/// 601: 0.299 R + 0.587 G + 0.114 B.
/// </summary>
internal static unsafe class Colour
{
    private const float RedPart = 0.299f, GreenPart = 0.587f, BluePart = 0.114f;

    /// <summary>clamp(factor · level).</summary>
    public static void Brightness(in Canvas canvas, float factor) => Blend(canvas, factor, 0);

    /// <summary>clamp(factor · level + (1 - factor) · m), m the mean of the grey picture.</summary>
    public static void Contrast(in Canvas canvas, float factor)
    {
        var mean = new MeanGrey { Canvas = canvas };
        Width.Dispatch(ref mean);
        Blend(canvas, factor, (1 - factor) * mean.Result);
    }

    /// <summary>clamp(factor · level + (1 - factor) · grey).</summary>
    public static void Saturation(in Canvas canvas, float factor)
    {
        var action = new SaturationAction { Canvas = canvas, Factor = factor };
        Width.Dispatch(ref action);
    }

    /// <summary>All three levels become the grey.</summary>
    public static void Grey(in Canvas canvas) => Saturation(canvas, 0);

    /// <summary>Turns the hue by a part of the colour circle, at the same value and chroma (HSV).</summary>
    /// <param name="canvas">What is changed.</param>
    /// <param name="shift">From -0.5 to 0.5; a whole turn is 1.</param>
    public static void Hue(in Canvas canvas, float shift)
    {
        var action = new HueAction { Canvas = canvas, Shift = 6 * shift };
        Width.Dispatch(ref action);
    }

    /// <summary>Inverts levels at or above the threshold.</summary>
    public static void Solarize(in Canvas canvas, float threshold)
    {
        var action = new SolarizeAction { Canvas = canvas, Threshold = threshold };
        Width.Dispatch(ref action);
    }

    /// <summary>PIL's ImageOps.equalize: each channel's levels, rounded to bytes, are spread so that all become about equally common.</summary>
    public static void Equalize(in Canvas canvas)
    {
        int* count = stackalloc int[256];
        float* table = stackalloc float[256];
        for (int c = 0; c < 3; c++)
        {
            float* plane = canvas.Plane(c);
            new Span<int>(count, 256).Clear();
            int last = 0;
            for (int i = 0; i < canvas.Length; i++)
            {
                int level = (int)(plane[i] + 0.5f);
                count[level]++;
                last = Math.Max(last, level);
            }

            int step = (canvas.Length - count[last]) / 255;
            if (step == 0)
            {
                continue;       // as PIL: too few pixels below the lightest level to spread anything
            }

            int n = step / 2;
            for (int i = 0; i < 256; i++)
            {
                table[i] = Math.Min(255, n / step);
                n += count[i];
            }

            for (int i = 0; i < canvas.Length; i++)
            {
                plane[i] = table[(int)(plane[i] + 0.5f)];
            }
        }
    }

    private static void Blend(in Canvas canvas, float factor, float add)
    {
        var action = new BlendAction { Canvas = canvas, Factor = factor, Add = add };
        Width.Dispatch(ref action);
    }

    private static V Clamp<V>(V x)
        where V : struct, IVec<V> => V.Min(V.Max(x, V.Zero), V.Broadcast(255f));

    private static V GreyOf<V>(V red, V green, V blue)
        where V : struct, IVec<V> =>
        V.Fma(red, V.Broadcast(RedPart), V.Fma(green, V.Broadcast(GreenPart), blue * V.Broadcast(BluePart)));

    private struct BlendAction : IWidthAction
    {
        public Canvas Canvas;
        public float Factor, Add;

        public readonly void Invoke<V>()
            where V : struct, IVec<V>
        {
            V factor = V.Broadcast(Factor), add = V.Broadcast(Add);
            for (int c = 0; c < 3; c++)
            {
                float* plane = Canvas.Plane(c);
                for (int i = 0; i < Canvas.Length; i += V.Count)
                {
                    Clamp(V.Fma(V.Load(plane + i), factor, add)).Store(plane + i);
                }
            }
        }
    }

    private struct MeanGrey : IWidthAction
    {
        public Canvas Canvas;
        public float Result;

        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            float* red = Canvas.Red, green = Canvas.Green, blue = Canvas.Blue;
            int whole = Canvas.Length - (Canvas.Length % V.Count);
            double total = 0;
            const int Block = 4096;     // float sums of a block, blocks in double: exact enough for any size
            for (int start = 0; start < whole; start += Block)
            {
                V sum = V.Zero;
                for (int i = start; i < Math.Min(whole, start + Block); i += V.Count)
                {
                    sum += GreyOf(V.Load(red + i), V.Load(green + i), V.Load(blue + i));
                }

                total += sum.Sum();
            }

            for (int i = whole; i < Canvas.Length; i++)
            {
                total += (RedPart * red[i]) + (GreenPart * green[i]) + (BluePart * blue[i]);
            }

            Result = (float)(total / Canvas.Length);
        }
    }

    private struct SaturationAction : IWidthAction
    {
        public Canvas Canvas;
        public float Factor;

        public readonly void Invoke<V>()
            where V : struct, IVec<V>
        {
            V factor = V.Broadcast(Factor), rest = V.Broadcast(1 - Factor);
            float* red = Canvas.Red, green = Canvas.Green, blue = Canvas.Blue;
            for (int i = 0; i < Canvas.Length; i += V.Count)
            {
                V r = V.Load(red + i), g = V.Load(green + i), b = V.Load(blue + i);
                V grey = GreyOf(r, g, b) * rest;
                Clamp(V.Fma(r, factor, grey)).Store(red + i);
                Clamp(V.Fma(g, factor, grey)).Store(green + i);
                Clamp(V.Fma(b, factor, grey)).Store(blue + i);
            }
        }
    }

    private struct HueAction : IWidthAction
    {
        public Canvas Canvas;
        public float Shift;         // in sixths of the circle

        public readonly void Invoke<V>()
            where V : struct, IVec<V>
        {
            V shift = V.Broadcast(Shift);
            float* red = Canvas.Red, green = Canvas.Green, blue = Canvas.Blue;
            for (int i = 0; i < Canvas.Length; i += V.Count)
            {
                V r = V.Load(red + i), g = V.Load(green + i), b = V.Load(blue + i);
                V value = V.Max(r, V.Max(g, b));
                V chroma = value - V.Min(r, V.Min(g, b));
                V one = V.Broadcast(1f);
                V inverse = one / V.Select(V.Greater(chroma, V.Zero), chroma, one);

                // Hue in sixths: 0 red, 2 green, 4 blue; where two are largest both formulas give the same.
                V hue = V.Select(
                    V.Greater(value, r),
                    V.Select(V.Greater(value, g), V.Fma(r - g, inverse, V.Broadcast(4f)), V.Fma(b - r, inverse, V.Broadcast(2f))),
                    (g - b) * inverse) + shift;
                hue = V.Select(V.Greater(V.Zero, hue), hue + V.Broadcast(6f), hue);
                hue = V.Select(V.Greater(hue, V.Broadcast(6f)), hue - V.Broadcast(6f), hue);

                Channel(value, chroma, hue, 5).Store(red + i);
                Channel(value, chroma, hue, 3).Store(green + i);
                Channel(value, chroma, hue, 1).Store(blue + i);
            }
        }

        /// <summary>value - chroma · clamp(min(k, 4 - k), 0, 1) with k = (n + hue) mod 6: HSV back to one colour.</summary>
        private static V Channel<V>(V value, V chroma, V hue, float n)
            where V : struct, IVec<V>
        {
            V k = hue + V.Broadcast(n);
            k = V.Select(V.Greater(k, V.Broadcast(6f)), k - V.Broadcast(6f), k);
            V part = V.Min(V.Min(k, V.Broadcast(4f) - k), V.Broadcast(1f));
            return value - (chroma * V.Max(part, V.Zero));
        }
    }

    private struct SolarizeAction : IWidthAction
    {
        public Canvas Canvas;
        public float Threshold;

        public readonly void Invoke<V>()
            where V : struct, IVec<V>
        {
            V threshold = V.Broadcast(Threshold), white = V.Broadcast(255f);
            for (int c = 0; c < 3; c++)
            {
                float* plane = Canvas.Plane(c);
                for (int i = 0; i < Canvas.Length; i += V.Count)
                {
                    V level = V.Load(plane + i);
                    V.Select(V.Greater(threshold, level), level, white - level).Store(plane + i);
                }
            }
        }
    }
}
