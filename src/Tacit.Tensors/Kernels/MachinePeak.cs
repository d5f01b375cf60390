using System.Diagnostics;
using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Tensors.Kernels;

/// <summary>What this machine can do at most, on one thread or on all of the shared pool: the yardstick that kernels are held against.</summary>
public static unsafe class MachinePeak
{
    private const int Rounds = 60_000;
    private const int Accumulators = 12;

    /// <summary>Multiply-adds on registers alone, two operations each, in GFLOP/s: the best of several short runs.</summary>
    public static double MultiplyAdd(bool allThreads = true, int repeats = 12)
    {
        var action = new PeakAction { AllThreads = allThreads, Repeats = repeats };
        Width.Dispatch(ref action);
        return action.Gflops;
    }

    /// <summary>Memory read and written by copies far larger than any cache, in GB/s.</summary>
    public static double Bandwidth(bool allThreads = true, int repeats = 6)
    {
        const int Length = 32 << 20;        // floats: 128 MB each
        float[] from = GC.AllocateUninitializedArray<float>(Length, pinned: true), to = GC.AllocateUninitializedArray<float>(Length, pinned: true);
        from.AsSpan().Fill(1);
        fixed (float* source = from, target = to)
        {
            double best = double.MaxValue;
            for (int i = 0; i < repeats; i++)
            {
                var body = new CopyBody(source, target, Length);
                long start = Stopwatch.GetTimestamp();
                Run(allThreads, CopyBody.Blocks, ref body);
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            return 2.0 * Length * sizeof(float) / best / 1e9;
        }
    }

    private static void Run<TBody>(bool allThreads, int blocks, ref TBody body)
        where TBody : struct, IBlockBody
    {
        if (allThreads)
        {
            WorkerPool.Shared.For(blocks, ref body);
            return;
        }

        for (int block = 0; block < blocks; block++)
        {
            body.Invoke(block);
        }
    }

    private struct PeakAction : IWidthAction
    {
        public bool AllThreads;
        public int Repeats;
        public double Gflops;

        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            int blocks = (AllThreads ? WorkerPool.Shared.Threads : 1) * 4;
            float[] sink = new float[blocks];
            fixed (float* results = sink)
            {
                for (int i = 0; i < Repeats; i++)
                {
                    var body = new PeakBody<V>(results);
                    long start = Stopwatch.GetTimestamp();
                    Run(AllThreads, blocks, ref body);
                    double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                    Gflops = Math.Max(Gflops, 2.0 * Rounds * Accumulators * V.Count * blocks / seconds / 1e9);
                }
            }
        }
    }

    private readonly struct PeakBody<V>(float* results) : IBlockBody
        where V : struct, IVec<V>
    {
        public void Invoke(int block) => results[block] = Chain(1f - (1e-7f * block), 1e-7f);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static float Chain(float factor, float term)
        {
            V a = V.Broadcast(factor), b = V.Broadcast(term);
            V c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
            for (int i = 0; i < Rounds; i++)
            {
                c0 = V.Fma(c0, a, b);
                c1 = V.Fma(c1, a, b);
                c2 = V.Fma(c2, a, b);
                c3 = V.Fma(c3, a, b);
                c4 = V.Fma(c4, a, b);
                c5 = V.Fma(c5, a, b);
                c6 = V.Fma(c6, a, b);
                c7 = V.Fma(c7, a, b);
                c8 = V.Fma(c8, a, b);
                c9 = V.Fma(c9, a, b);
                c10 = V.Fma(c10, a, b);
                c11 = V.Fma(c11, a, b);
            }

            return (c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11).Sum();
        }
    }

    private readonly struct CopyBody(float* source, float* target, int length) : IBlockBody
    {
        public const int Blocks = 64;

        public void Invoke(int block)
        {
            int size = length / Blocks;
            new ReadOnlySpan<float>(source + (block * size), size).CopyTo(new Span<float>(target + (block * size), size));
        }
    }
}
