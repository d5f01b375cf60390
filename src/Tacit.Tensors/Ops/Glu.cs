using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>Gated linear unit over the last axis: its first half times the sigmoid of its second, [.., 2D] to [.., D].</summary>
    /// <exception cref="ShapeException">The last axis is odd.</exception>
    /// <remarks>Dauphin et al. 2017, arXiv:1612.08083.</remarks>
    public static Tensor Glu(Tensor x)
    {
        if (x.Rank == 0 || x.Shape.Last % 2 != 0)
        {
            throw ShapeException.Unfit("Glu", x.Shape, "the last axis is cut into two halves");
        }

        int rows = x.Shape.Rows, n = x.Shape.Last / 2;
        Tensor y = Tensor.Empty(x.Shape.With(-1, n));
        Blocks.Run(Blocks.Count(rows, Blocks.RowsOf(n)), new GluKernel(x.Data, y.Data, rows, n));
        if (Tape.Wants(x))
        {
            Tape.Add(new GluNode(x, y));
        }

        return y;
    }

    private sealed class GluNode(Tensor x, Tensor y) : Node("Glu", y)
    {
        public override void Backward()
        {
            int rows = Output.Shape.Rows, n = Output.Shape.Last;
            Blocks.Run(Blocks.Count(rows, Blocks.RowsOf(n)), new GluGradient(x.Data, Output.GradientData, x.GradientTarget(), rows, n));
        }
    }

    private readonly struct GluKernel(float* x, float* y, int rows, int n) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int size = Blocks.RowsOf(n);
            for (int row = block * size; row < Math.Min(rows, (block + 1) * size); row++)
            {
                float* a = x + (2L * row * n), o = y + ((long)row * n);
                for (int i = 0; i < n; i += V.Count)
                {
                    RowMath.Put(V.Load(a + i) * VecMath.Sigmoid(V.Load(a + n + i)), o + i, false, n - i);
                }
            }
        }
    }

    // da = dy σ(b), db = dy a σ(b) (1 - σ(b))
    private readonly struct GluGradient(float* x, float* dy, Gradient dx, int rows, int n) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int size = Blocks.RowsOf(n);
            for (int row = block * size; row < Math.Min(rows, (block + 1) * size); row++)
            {
                float* a = x + (2L * row * n), da = dx.Data + (2L * row * n), d = dy + ((long)row * n);
                for (int i = 0; i < n; i += V.Count)
                {
                    V gate = VecMath.Sigmoid(V.Load(a + n + i)), through = V.Load(d + i) * gate;
                    V slope = through * V.Load(a + i) * (V.Broadcast(1) - gate);
                    RowMath.Put(through, da + i, dx.Add, n - i);
                    RowMath.Put(slope, da + n + i, dx.Add, n - i);
                }
            }
        }
    }
}
