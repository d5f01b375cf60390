using System.Numerics.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

/// <summary>How the losses of the items of a batch become one.</summary>
public enum CtcReduction
{
    /// <summary>Each divided by the number of its targets (at least 1), then their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}

public static unsafe partial class Ops
{
    /// <summary>Frames that CTC needs at least to spell targets: one each, and a blank between equal neighbours.</summary>
    public static int CtcFrames(ReadOnlySpan<int> targets)
    {
        int needed = targets.Length;
        for (int i = 1; i < targets.Length; i++)
        {
            needed += targets[i] == targets[i - 1] ? 1 : 0;
        }

        return needed;
    }

    /// <summary>
    /// Connectionist temporal classification: -log of the probability that the frames, each naming one symbol or blank, spell the
    /// targets once repeats are merged and blanks dropped. The softmax over symbols is part of it.
    /// </summary>
    /// <param name="logits">[N, T, V]</param>
    /// <param name="lengths">Frames of each item, 1 … T; what lies beyond is never read, and its gradient is 0.</param>
    /// <param name="targets">Symbols of each item, 0 … V-1 without the blank; may be empty.</param>
    /// <param name="blank">The symbol that stands for none.</param>
    /// <param name="reduction">How the items' losses are joined.</param>
    /// <param name="zeroInfinity">
    /// What to do with an item that has fewer frames than its targets need (one each, and one between equal neighbours): false
    /// refuses it; true gives it the loss 0 and no gradient, and counts it in the mean.
    /// </param>
    /// <exception cref="ShapeException">Lengths or targets do not fit the logits.</exception>
    /// <exception cref="TacitException">Targets that cannot be spelled in the frames there are.</exception>
    /// <remarks>Graves et al. 2006, eq. 6 to 16, in logarithms and double precision; values and gradients as torch.nn.functional.ctc_loss.</remarks>
    public static Tensor CtcLoss(
        Tensor logits, ReadOnlySpan<int> lengths, int[][] targets, int blank = 0, CtcReduction reduction = CtcReduction.Mean, bool zeroInfinity = false)
    {
        bool[] possible = CtcItem.Require(logits, lengths, targets, blank, zeroInfinity);
        int items = targets.Length;
        Tensor? gradient = Tape.Wants(logits) ? Tensor.Empty(logits.Shape) : null;
        var losses = new double[items];
        fixed (double* loss = losses)
        fixed (int* ends = lengths)
        {
            Blocks.Run(items, new CtcKernel(logits.Data, logits.Shape, ends, targets, possible, blank, loss, gradient is null ? null : gradient.Data));
        }

        var scales = new float[items];
        double total = 0;
        for (int n = 0; n < items; n++)
        {
            scales[n] = reduction == CtcReduction.Sum ? 1 : 1f / (items * Math.Max(1, targets[n].Length));
            total += losses[n] * scales[n];
        }

        Tensor y = Tensor.Scalar((float)total);
        if (gradient is not null)
        {
            Tape.Add(new CtcNode(logits, gradient, scales, y));
        }

        return y;
    }

    /// <summary>Forward has left the gradient of every item's own loss: it is scaled.</summary>
    private sealed class CtcNode(Tensor logits, Tensor gradient, float[] scales, Tensor y) : Node("CtcLoss", y)
    {
        public override void Backward()
        {
            Gradient g = logits.GradientTarget();
            int size = logits.Length / scales.Length;
            for (int n = 0; n < scales.Length; n++)
            {
                float scale = Output.GradientData[0] * scales[n];
                ReadOnlySpan<float> from = gradient.Span.Slice(n * size, size);
                var to = new Span<float>(g.Data + ((nint)n * size), size);
                if (g.Add)
                {
                    TensorPrimitives.MultiplyAdd(from, scale, to, to);
                }
                else
                {
                    TensorPrimitives.Multiply(from, scale, to);
                }
            }
        }
    }

    private readonly struct CtcKernel(
        float* logits, Shape shape, int* lengths, int[][] targets, bool[] possible, int blank, double* losses, float* gradient) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            nint size = (nint)shape[1] * shape[2];
            float* d = gradient == null ? null : gradient + (block * size);
            if (!possible[block])
            {
                losses[block] = 0;
                if (d != null)
                {
                    new Span<float>(d, (int)size).Clear();
                }

                return;
            }

            if (d != null)
            {
                new Span<float>(d + ((nint)lengths[block] * shape[2]), (shape[1] - lengths[block]) * shape[2]).Clear();
            }

            losses[block] = new CtcItem(logits + (block * size), lengths[block], shape[2], targets[block], blank).Run<V>(d);
        }
    }
}

/// <summary>One item's alignments. State s of 2 · targets + 1 is the blank where s is even and target s / 2 where it is odd.</summary>
internal readonly unsafe struct CtcItem(float* logits, int frames, int symbols, int[] targets, int blank)
{
    private readonly int states = (2 * targets.Length) + 1;

    /// <summary>Checks a batch; tells which items' targets fit their frames.</summary>
    public static bool[] Require(Tensor logits, ReadOnlySpan<int> lengths, int[][] targets, int blank, bool zeroInfinity)
    {
        if (logits.Rank != 3 || logits.Shape[0] != lengths.Length || targets.Length != lengths.Length || lengths.IsEmpty || lengths.ContainsAnyExceptInRange(1, logits.Shape[1]))
        {
            throw ShapeException.Unfit("CtcLoss", logits.Shape, $"it takes [N, T, V] with a length from 1 to T and targets for each item; {lengths.Length} lengths and {targets.Length} targets were given");
        }

        var possible = new bool[targets.Length];
        for (int n = 0; n < targets.Length; n++)
        {
            int needed = Ops.CtcFrames(targets[n]);
            for (int i = 0; i < targets[n].Length; i++)
            {
                int symbol = targets[n][i];
                if (symbol == blank || (uint)symbol >= (uint)logits.Shape[2])
                {
                    throw ShapeException.Unfit("CtcLoss", logits.Shape, $"target {i} of item {n} is {symbol}, which is the blank ({blank}) or outside axis 2");
                }
            }

            possible[n] = needed <= lengths[n];
            if (!possible[n] && !zeroInfinity)
            {
                throw new TacitException($"CTC: item {n} has {lengths[n]} frames, but its {targets[n].Length} targets need at least {needed}; leave it out, or count it as 0 (zeroInfinity).");
            }
        }

        return (uint)blank < (uint)logits.Shape[2] ? possible : throw ShapeException.Unfit("CtcLoss", logits.Shape, $"the blank {blank} is outside axis 2");
    }

    /// <summary>-log p(targets), and its gradient by the logits where asked.</summary>
    public double Run<V>(float* gradient)
        where V : struct, IVec<V>
    {
        using Scratch memory = Scratch.Rent(2 * ((frames * states) + frames + (2 * states)));
        double* alpha = (double*)memory.Data, normaliser = alpha + (frames * states), beta = normaliser + frames, next = beta + states;
        for (int t = 0; t < frames; t++)
        {
            float* row = logits + ((nint)t * symbols);
            float max = RowMath.Max<V>(row, symbols);
            normaliser[t] = max + Math.Log(RowMath.SumExp<V>(row, max, null, symbols));
            double* now = alpha + (t * states), before = now - states;
            for (int s = 0; s < states; s++)
            {
                double reached = t == 0 ? (s < 2 ? 0 : double.NegativeInfinity) : Add(before[s], s > 0 ? before[s - 1] : double.NegativeInfinity, Skips(s) ? before[s - 2] : double.NegativeInfinity);
                now[s] = reached + row[Symbol(s)] - normaliser[t];
            }
        }

        double* last = alpha + ((frames - 1) * states);
        double total = Add(last[states - 1], states > 1 ? last[states - 2] : double.NegativeInfinity, double.NegativeInfinity);
        if (gradient == null)
        {
            return -total;
        }

        // dL/dlogit = softmax - Σ over the symbol's states of p(state at t | targets)
        for (int t = frames - 1; t >= 0; t--)
        {
            float* row = logits + ((nint)t * symbols), d = gradient + ((nint)t * symbols);
            for (int k = 0; k < symbols; k++)
            {
                d[k] = (float)Math.Exp(row[k] - normaliser[t]);
            }

            for (int s = 0; s < states; s++)
            {
                beta[s] = t == frames - 1 ? (s >= states - 2 ? 0 : double.NegativeInfinity)
                    : Add(next[s], s + 1 < states ? next[s + 1] : double.NegativeInfinity, s + 2 < states && Skips(s + 2) ? next[s + 2] : double.NegativeInfinity);
                d[Symbol(s)] -= (float)Math.Exp(alpha[(t * states) + s] + beta[s] - total);
            }

            for (int s = 0; s < states; s++)
            {
                next[s] = beta[s] + row[Symbol(s)] - normaliser[t];
            }
        }

        return -total;
    }

    private static double Add(double a, double b, double c)
    {
        double max = Math.Max(a, Math.Max(b, c));
        return double.IsNegativeInfinity(max) ? max : max + Math.Log(Math.Exp(a - max) + Math.Exp(b - max) + Math.Exp(c - max));
    }

    private int Symbol(int state) => (state & 1) == 0 ? blank : targets[state / 2];

    /// <summary>Whether a state can follow the one two before it: targets that differ need no blank between them.</summary>
    private bool Skips(int state) => (state & 1) == 1 && state > 1 && targets[state / 2] != targets[(state / 2) - 1];
}
