using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>
    /// The mean over rows of -log softmax(logits)[target]; rows with the ignored target count for nothing. The softmax is
    /// never stored: backward works it out again from two numbers a row.
    /// </summary>
    /// <param name="logits">[N, K]</param>
    /// <param name="targets">N classes in 0 … K-1, or <paramref name="ignoreIndex"/>.</param>
    /// <param name="labelSmoothing">The share of the target spread evenly over all K classes.</param>
    /// <param name="ignoreIndex">The target of rows to leave out.</param>
    /// <exception cref="ArgumentException">A target outside 0 … K-1, or nothing but ignored ones.</exception>
    public static Tensor CrossEntropy(Tensor logits, ReadOnlySpan<int> targets, float labelSmoothing = 0, int ignoreIndex = -100)
    {
        if (logits.Rank != 2 || logits.Shape[0] != targets.Length)
        {
            throw ShapeException.Mismatch("CrossEntropy", logits.Shape, new Shape(targets.Length), "axis 0 holds one row of logits for each target, axis 1 the classes");
        }

        int counted = 0;
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] != ignoreIndex)
            {
                counted++;
                if ((uint)targets[i] >= (uint)logits.Shape[1])
                {
                    throw new ArgumentException($"CrossEntropy: target {i} is {targets[i]}, outside the {logits.Shape[1]} classes of {logits.Shape}.", nameof(targets));
                }
            }
        }

        return counted > 0
            ? Entropy(logits, targets.ToArray(), null, labelSmoothing, ignoreIndex, counted)
            : throw new ArgumentException($"CrossEntropy: all {targets.Length} targets are ignored, so there is nothing to average.", nameof(targets));
    }

    /// <summary>The mean over rows of -Σ target · log softmax(logits).</summary>
    /// <param name="logits">[N, K]</param>
    /// <param name="softTargets">[N, K], rows that add up to 1.</param>
    /// <param name="labelSmoothing">The share of each target spread evenly over all K classes.</param>
    public static Tensor CrossEntropy(Tensor logits, Tensor softTargets, float labelSmoothing = 0)
    {
        if (logits.Rank != 2 || logits.Shape != softTargets.Shape)
        {
            throw ShapeException.Mismatch("CrossEntropy", logits.Shape, softTargets.Shape, "both are [N, K]: axis 0 rows, axis 1 classes");
        }

        return Entropy(logits, null, softTargets, labelSmoothing, 0, logits.Shape[0]);
    }

    private static Tensor Entropy(Tensor logits, int[]? hard, Tensor? soft, float smoothing, int ignored, int counted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(smoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(smoothing, 1);
        int rows = logits.Shape[0], classes = logits.Shape[1];
        Tensor y = Tensor.Empty(new Shape());
        Tensor saved = Tensor.Empty(new Shape(rows, 2));        // a row's largest logit, and 1 / Σ e^(logit - largest)
        using Scratch scratch = Scratch.Rent(2 * rows);
        var losses = (double*)scratch.Data;
        fixed (int* targets = hard)
        {
            var kernel = new EntropyKernel(logits.Data, targets, soft is null ? null : soft.Data, smoothing, ignored, rows, classes, saved.Data, losses);
            Blocks.Run(Blocks.Count(rows, Blocks.RowsOf(classes)), kernel);
        }

        double total = 0;
        for (int i = 0; i < rows; i++)
        {
            total += losses[i];
        }

        y.Data[0] = (float)(total / counted);
        if (Tape.Wants(logits, soft, "CrossEntropy"))
        {
            Tape.Add(new EntropyNode(logits, hard, soft, y, saved, smoothing, ignored, counted));
        }

        return y;
    }

    private readonly struct EntropyKernel(
        float* logits, int* hard, float* soft, float smoothing, int ignored, int rows, int classes, float* saved, double* losses) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int size = Blocks.RowsOf(classes);
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                float* x = logits + ((long)row * classes);
                losses[row] = 0;
                if (hard != null && hard[row] == ignored)
                {
                    continue;
                }

                float max = RowMath.Max<V>(x, classes);
                double sum = RowMath.SumExp<V>(x, max, null, classes);
                double log = max + Math.Log(sum);
                saved[2 * row] = max;
                saved[(2 * row) + 1] = (float)(1 / sum);
                double even = smoothing == 0 ? 0 : log - (Reduction.Row<V>(x, classes) / classes);
                double aimed = hard != null ? log - x[hard[row]] : Aimed<V>(x, soft + ((long)row * classes), log);
                losses[row] = ((1.0 - smoothing) * aimed) + (smoothing * even);
            }
        }

        private double Aimed<V>(float* x, float* t, double log)
            where V : struct, IVec<V> => (log * Reduction.Row<V>(t, classes)) - RowMath.Dot<V>(x, t, classes);
    }

    private sealed class EntropyNode(
        Tensor logits, int[]? hard, Tensor? soft, Tensor y, Tensor saved, float smoothing, int ignored, int counted) : Node("CrossEntropy", y)
    {
        public override void Backward()
        {
            int rows = logits.Shape[0], classes = logits.Shape[1];
            float scale = Output.GradientData[0] / counted;
            int blocks = Blocks.Count(rows, Blocks.RowsOf(classes));
            fixed (int* targets = hard)
            {
                float* t = soft is null ? null : soft.Data;
                if (logits.RequiresGrad)
                {
                    Gradient dx = logits.GradientTarget();
                    Blocks.Run(blocks, new EntropyGradient(logits.Data, targets, t, smoothing, ignored, rows, classes, saved.Data, scale, dx));
                }

                if (soft is { RequiresGrad: true })
                {
                    float kept = scale * (1 - smoothing);
                    Blocks.Run(blocks, new TargetGradient(logits.Data, rows, classes, saved.Data, kept, soft.GradientTarget()));
                }
            }
        }
    }

    // d logits = (p Σ t - t) scale, with the smoothed targets t
    private readonly struct EntropyGradient(
        float* logits, int* hard, float* soft, float smoothing, int ignored, int rows, int classes, float* saved, float scale, Gradient dx) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int size = Blocks.RowsOf(classes);
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                long at = (long)row * classes;
                float* d = dx.Data + at;
                if (hard != null && hard[row] == ignored)
                {
                    if (!dx.Add)
                    {
                        new Span<float>(d, classes).Clear();
                    }

                    continue;
                }

                float* t = soft == null ? null : soft + at;
                double mass = t == null ? 1 : ((1.0 - smoothing) * Reduction.Row<V>(t, classes)) + smoothing;
                Row<V>(logits + at, t, saved[2 * row], (float)(saved[(2 * row) + 1] * mass * scale), scale * (1 - smoothing), scale * smoothing / classes, d, dx.Add, classes);
                if (t == null)
                {
                    d[hard[row]] -= scale * (1 - smoothing);
                }
            }
        }

        private static void Row<V>(float* x, float* t, float max, float probability, float aimed, float even, float* d, bool add, int n)
            where V : struct, IVec<V>
        {
            V top = V.Broadcast(max), p = V.Broadcast(probability), a = V.Broadcast(aimed), e = V.Broadcast(even);
            for (int i = 0; i < n; i += V.Count)
            {
                V g = V.Fma(VecMath.Exp(V.Load(x + i) - top), p, V.Zero - e);
                g = t == null ? g : g - (V.Load(t + i) * a);
                RowMath.Put(g, d + i, add, n - i);
            }
        }
    }

    // d target = (log Σ e^x - x) scale
    private readonly struct TargetGradient(float* logits, int rows, int classes, float* saved, float scale, Gradient dt) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int size = Blocks.RowsOf(classes);
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                long at = (long)row * classes;
                V log = V.Broadcast((float)(saved[2 * row] - Math.Log(saved[(2 * row) + 1])));
                for (int i = 0; i < classes; i += V.Count)
                {
                    RowMath.Put((log - V.Load(logits + at + i)) * V.Broadcast(scale), dt.Data + at + i, dt.Add, classes - i);
                }
            }
        }
    }
}
