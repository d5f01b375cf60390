using System.Diagnostics;
using Tacit.Tensors;
using Tacit.Tensors.Simd;

namespace Tacit.Cli;

/// <summary>What the processor can do at most, measured with nothing in the way.</summary>
internal static class Machine
{
    private const int Repeats = 5;
    private const int Accumulators = 12;
    private const int Rounds = 400_000;
    private const int CopyFloats = 1 << 24;        // 64 MB: beyond any cache
    private const int CopyBlocks = 64;

    /// <summary>Multiply-adds held in registers, in GFLOP/s (a multiply-add is two): the ceiling of every matrix product.</summary>
    public static double Peak(int threads)
    {
        var action = new PeakAction(threads);
        Width.Dispatch(ref action);
        return action.GigaFlops;
    }

    /// <summary>Copying memory, read and written bytes together, in GB/s.</summary>
    public static double Copy(bool allThreads)
    {
        float[] from = new float[CopyFloats], to = new float[CopyFloats];
        var body = new CopyBody(from, to);
        double best = double.PositiveInfinity;
        for (int repeat = 0; repeat < Repeats + 1; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            if (allThreads)
            {
                WorkerPool.Shared.For(CopyBlocks, ref body);
            }
            else
            {
                for (int block = 0; block < CopyBlocks; block++)
                {
                    body.Invoke(block);
                }
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * sizeof(float) * CopyFloats / best / 1e9;
    }

    private struct PeakAction(int threads) : IWidthAction
    {
        public double GigaFlops { get; private set; }

        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            var body = new PeakBody<V>(new float[threads]);
            double best = double.PositiveInfinity;
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                long start = Stopwatch.GetTimestamp();
                WorkerPool.Shared.For(threads, ref body);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            GigaFlops = 2.0 * V.Count * Accumulators * Rounds * threads / best / 1e9;
        }
    }

    /// <summary>Twelve independent chains: enough to hide the latency of a multiply-add, few enough for sixteen registers.</summary>
    private readonly struct PeakBody<V>(float[] sums) : IBlockBody
        where V : struct, IVec<V>
    {
        public void Invoke(int block)
        {
            V x = V.Broadcast(0.999f), y = V.Broadcast(0.001f);
            V a0 = y, a1 = y, a2 = y, a3 = y, a4 = y, a5 = y, a6 = y, a7 = y, a8 = y, a9 = y, a10 = y, a11 = y;
            for (int i = 0; i < Rounds; i++)
            {
                a0 = V.Fma(a0, x, y);
                a1 = V.Fma(a1, x, y);
                a2 = V.Fma(a2, x, y);
                a3 = V.Fma(a3, x, y);
                a4 = V.Fma(a4, x, y);
                a5 = V.Fma(a5, x, y);
                a6 = V.Fma(a6, x, y);
                a7 = V.Fma(a7, x, y);
                a8 = V.Fma(a8, x, y);
                a9 = V.Fma(a9, x, y);
                a10 = V.Fma(a10, x, y);
                a11 = V.Fma(a11, x, y);
            }

            sums[block] = (a0 + a1 + a2 + a3 + a4 + a5 + (a6 + a7 + a8 + a9 + a10 + a11)).Sum();
        }
    }

    private readonly struct CopyBody(float[] from, float[] to) : IBlockBody
    {
        public void Invoke(int block)
        {
            const int Length = CopyFloats / CopyBlocks;
            from.AsSpan(block * Length, Length).CopyTo(to.AsSpan(block * Length, Length));
        }
    }
}
