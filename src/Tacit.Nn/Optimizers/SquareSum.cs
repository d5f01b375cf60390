using System.Runtime.CompilerServices;
using Tacit.Tensors.Simd;

namespace Tacit.Nn;

/// <summary>Σx² of a run of numbers: short float32 sums added up in double, in an order fixed by the length.</summary>
internal static unsafe class SquareSum
{
    private const int Chunk = 1024;

    public static double Of(float* x, int count)
    {
        var action = new Action(x, count);
        Width.Dispatch(ref action);
        return double.IsFinite(action.Result) ? action.Result : InDouble(x, count);
    }

    /// <summary>Squares of numbers above 1.8e19 do not fit float32 although the numbers do.</summary>
    private static double InDouble(float* x, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += (double)x[i] * x[i];
        }

        return sum;
    }

    private struct Action(float* x, int count) : IWidthAction
    {
        public double Result { get; private set; }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke<V>()
            where V : struct, IVec<V>
        {
            double sum = 0;
            for (int start = 0; start < count; start += Chunk)
            {
                int end = Math.Min(count, start + Chunk);
                V even = V.Zero, odd = V.Zero;
                int i = start;
                for (; i <= end - (2 * V.Count); i += 2 * V.Count)
                {
                    V a = V.Load(x + i), b = V.Load(x + i + V.Count);
                    even = V.Fma(a, a, even);
                    odd = V.Fma(b, b, odd);
                }

                sum += (even + odd).Sum();
                for (; i < end; i++)
                {
                    sum += (double)x[i] * x[i];
                }
            }

            Result = sum;
        }
    }
}
