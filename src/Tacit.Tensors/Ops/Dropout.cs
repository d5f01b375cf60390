using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>Each number is 0 with probability p and x / (1 - p) otherwise. For training only: evaluation leaves it out.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="p">0 ≤ p &lt; 1, kept to 1/65,536.</param>
    /// <param name="path">The module's dotted path, part of the random stream's key.</param>
    /// <remarks>
    /// Srivastava et al. 2014. The mask is a function of the scope's seed and step, the path and the call's number: backward
    /// draws it again instead of storing it.
    /// </remarks>
    public static Tensor Dropout(Tensor x, float p, string path)
    {
        var mask = DropMask.Of(p, path);
        if (mask.Threshold == 0)
        {
            return x;
        }

        Tensor y = Tensor.Empty(x.Shape);
        Blocks.Run(Blocks.Count(x.Length), new DropoutKernel(mask, x.Data, y.Data, false, x.Length));
        if (Tape.Wants(x))
        {
            Tape.Add(new DropoutNode(mask, x, y));
        }

        return y;
    }

    private sealed class DropoutNode(DropMask mask, Tensor x, Tensor y) : Node("Dropout", y)
    {
        public override void Backward()
        {
            Gradient g = x.GradientTarget();
            Blocks.Run(Blocks.Count(x.Length), new DropoutKernel(mask, Output.GradientData, g.Data, g.Add, x.Length));
        }
    }

    private readonly struct DropoutKernel(DropMask mask, float* x, float* y, bool add, int length) : IBlockKernel
    {
        [SkipLocalsInit]
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            const int piece = 512;
            float* factors = stackalloc float[piece];
            int end = Blocks.End(block, length);
            for (int start = block * Blocks.Length; start < end; start += piece)
            {
                int n = Math.Min(piece, end - start);
                mask.Fill(factors, 0, start, n);
                for (int i = 0; i < n; i += V.Count)
                {
                    RowMath.Put(V.Load(x + start + i) * V.Load(factors + i), y + start + i, add, n - i);
                }
            }
        }
    }
}

/// <summary>A dropout mask that is never stored: 0 or 1 / (1 - p) for every (row, place), drawn from Philox 16 bits at a time.</summary>
internal readonly record struct DropMask(ulong Seed, ulong Stream, long Step, uint Threshold)
{
    private const int Lanes = 8;

    public static DropMask Of(float p, string path)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(p, 1);
        uint threshold = Math.Min(65535, (uint)Math.Round(p * 65536.0));
        return threshold == 0 ? default : new DropMask(Scope.Current?.Seed ?? 0, Scope.NextStream("dropout", path), Scope.Current?.Step ?? 0, threshold);
    }

    /// <summary>The factors of places start … start + count - 1 of a row; start is a multiple of 8, and up to 7 more may be written.</summary>
    public unsafe void Fill(float* factors, int row, int start, int count)
    {
        float keep = 65536f / (65536 - Threshold);
        long index = ((long)row << 32) + (start / Lanes);
        int i = 0;
        if (PhiloxLanes.IsSupported)
        {
            var key = new PhiloxLanes(Seed, Stream, Step);
            for (; i <= count - PhiloxLanes.Halves; i += PhiloxLanes.Halves, index += PhiloxLanes.Blocks)
            {
                key.Threshold(index, Threshold, keep, factors + i);
            }
        }

        for (; i < count; i += Lanes, index++)
        {
            var (x0, x1, x2, x3) = Philox.Words(Seed, Stream, Step, index);
            Pair(factors + i, x0, keep);
            Pair(factors + i + 2, x1, keep);
            Pair(factors + i + 4, x2, keep);
            Pair(factors + i + 6, x3, keep);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe void Pair(float* factors, uint word, float keep)
    {
        factors[0] = (word & 0xFFFF) < Threshold ? 0 : keep;
        factors[1] = (word >> 16) < Threshold ? 0 : keep;
    }
}
