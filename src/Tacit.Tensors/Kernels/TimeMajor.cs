namespace Tacit.Tensors.Kernels;

/// <summary>Between items first [N, T, C], as the world sees sequences, and time first [T, N, C], as a recurrent layer walks over them.</summary>
internal static unsafe class TimeMajor
{
    /// <summary>frames[t, n] = x[n, t], and 0 in padding.</summary>
    public static void Gather(RecurrentSizes sizes, float* x, float* frames, int[]? lengths)
    {
        fixed (int* ends = lengths)
        {
            var body = new GatherBody(sizes, x, frames, ends);
            WorkerPool.Shared.For(sizes.Frames, ref body);
        }
    }

    /// <summary>gradient[n, t] (+)= frames[t, n]</summary>
    public static void Scatter(RecurrentSizes sizes, float* frames, Gradient gradient)
    {
        var body = new ScatterBody(sizes, frames, gradient);
        WorkerPool.Shared.For(sizes.Frames, ref body);
    }

    /// <summary>Zeroes what no step will write: the first state, and records, states and outputs of padded frames.</summary>
    public static void ClearPadding(RecurrentSizes sizes, float* records, float* states, float* y, int[]? lengths, bool reverse)
    {
        int hidden = sizes.Hidden, items = sizes.Items, width = sizes.Directions * hidden;
        new Span<float>(states + (reverse ? (nint)sizes.Frames * items * hidden : 0), items * hidden).Clear();
        for (int n = 0; n < items && lengths is not null; n++)
        {
            for (int t = lengths[n]; t < sizes.Frames; t++)
            {
                new Span<float>(records + (((nint)t * items) + n) * sizes.Pitch, sizes.Pitch).Clear();
                new Span<float>(states + ((((nint)t + (reverse ? 0 : 1)) * items) + n) * hidden, hidden).Clear();
                new Span<float>(y + (((nint)n * sizes.Frames) + t) * width, hidden).Clear();
            }
        }
    }

    private readonly struct GatherBody(RecurrentSizes sizes, float* x, float* frames, int* lengths) : IBlockBody
    {
        public void Invoke(int block)
        {
            for (int n = 0; n < sizes.Items; n++)
            {
                var to = new Span<float>(frames + ((((nint)block * sizes.Items) + n) * sizes.Input), sizes.Input);
                if (lengths != null && block >= lengths[n])
                {
                    to.Clear();
                }
                else
                {
                    new ReadOnlySpan<float>(x + ((((nint)n * sizes.Frames) + block) * sizes.Input), sizes.Input).CopyTo(to);
                }
            }
        }
    }

    private readonly struct ScatterBody(RecurrentSizes sizes, float* frames, Gradient gradient) : IBlockBody
    {
        public void Invoke(int block)
        {
            for (int n = 0; n < sizes.Items; n++)
            {
                var from = new ReadOnlySpan<float>(frames + ((((nint)block * sizes.Items) + n) * sizes.Input), sizes.Input);
                var to = new Span<float>(gradient.Data + ((((nint)n * sizes.Frames) + block) * sizes.Input), sizes.Input);
                if (gradient.Add)
                {
                    System.Numerics.Tensors.TensorPrimitives.Add(to, from, to);
                }
                else
                {
                    from.CopyTo(to);
                }
            }
        }
    }
}
