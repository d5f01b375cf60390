using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>e^x over the sum of e^x along the last axis.</summary>
    public static Tensor Softmax(Tensor x) => Normalize(x, log: false);

    /// <summary>The logarithm of <see cref="Softmax"/>, without its overflow or underflow.</summary>
    public static Tensor LogSoftmax(Tensor x) => Normalize(x, log: true);

    private static Tensor Normalize(Tensor x, bool log)
    {
        int rows = x.Shape.Rows, n = x.Shape.Last, size = Blocks.RowsOf(n);
        Tensor y = Tensor.Empty(x.Shape);
        Blocks.Run(Blocks.Count(rows, size), new SoftmaxKernel(x.Data, y.Data, rows, n, size, log));
        if (Tape.Wants(x, log ? "LogSoftmax" : "Softmax"))
        {
            Tape.Add(new SoftmaxNode(x, y, log));
        }

        return y;
    }

    private readonly struct SoftmaxKernel(float* x, float* y, int rows, int n, int size, bool log) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                float* from = x + ((long)row * n), to = y + ((long)row * n);
                float max = RowMath.Max<V>(from, n);
                double sum = RowMath.SumExp<V>(from, max, log ? null : to, n);
                if (log)
                {
                    // Twice: x - max is exact where it matters, and the logarithm's rounding stays small.
                    RowMath.Affine<V>(from, 1, -max, to, n);
                    RowMath.Affine<V>(to, 1, -(float)Math.Log(sum), to, n);
                }
                else
                {
                    RowMath.Affine<V>(to, (float)(1 / sum), 0, to, n);
                }
            }
        }
    }

    private sealed class SoftmaxNode(Tensor x, Tensor y, bool log) : Node(log ? "LogSoftmax" : "Softmax", y)
    {
        public override void Backward()
        {
            int rows = x.Shape.Rows, n = x.Shape.Last, size = Blocks.RowsOf(n);
            Blocks.Run(Blocks.Count(rows, size), new SoftmaxGradient(Output.Data, Output.GradientData, x.GradientTarget(), rows, n, size, log));
        }
    }

    // softmax: dx = y (dy - Σ y dy); log-softmax: dx = dy - e^y Σ dy
    private readonly struct SoftmaxGradient(float* y, float* dy, Gradient dx, int rows, int n, int size, bool log) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                long at = (long)row * n;
                float sum = (float)(log ? Reduction.Row<V>(dy + at, n) : RowMath.Dot<V>(y + at, dy + at, n));
                Row<V>(y + at, dy + at, sum, dx.Data + at, dx.Add, n, log);
            }
        }

        private static void Row<V>(float* y, float* dy, float sum, float* dx, bool add, int n, bool log)
            where V : struct, IVec<V>
        {
            V s = V.Broadcast(sum);
            for (int i = 0; i < n; i += V.Count)
            {
                V v = V.Load(y + i), g = V.Load(dy + i);
                RowMath.Put(log ? g - (VecMath.Exp(v) * s) : v * (g - s), dx + i, add, n - i);
            }
        }
    }
}
