using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>a·b / (max(‖a‖, eps) max(‖b‖, eps)) along the last axis: two tensors [.., D] to [..].</summary>
    public static Tensor CosineSimilarity(Tensor a, Tensor b, float eps = 1e-8f)
    {
        if (a.Shape != b.Shape || a.Rank == 0)
        {
            throw ShapeException.Mismatch("CosineSimilarity", a.Shape, b.Shape, "both have the same shape; axis -1 holds the vectors");
        }

        int rows = a.Shape.Rows, n = a.Shape.Last, size = Blocks.RowsOf(n);
        Tensor y = Tensor.Empty(Axes.Without(a.Shape, a.Rank - 1, keep: false));
        Tensor norms = Tensor.Empty(new Shape(rows, 2));
        Blocks.Run(Blocks.Count(rows, size), new CosineKernel(a.Data, b.Data, y.Data, norms.Data, eps, rows, n, size));
        if (Tape.Wants(a, b))
        {
            Tape.Add(new CosineNode(a, b, y, norms, eps));
        }

        return y;
    }

    private readonly struct CosineKernel(float* a, float* b, float* y, float* norms, float eps, int rows, int n, int size) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                float* p = a + ((long)row * n), q = b + ((long)row * n);
                double lengthA = Math.Sqrt(RowMath.Squares<V>(p, 0, n)), lengthB = Math.Sqrt(RowMath.Squares<V>(q, 0, n));
                norms[2 * row] = (float)lengthA;
                norms[(2 * row) + 1] = (float)lengthB;
                y[row] = (float)(RowMath.Dot<V>(p, q, n) / (Math.Max(lengthA, eps) * Math.Max(lengthB, eps)));
            }
        }
    }

    private sealed class CosineNode(Tensor a, Tensor b, Tensor y, Tensor norms, float eps) : Node("CosineSimilarity", y)
    {
        public override void Backward()
        {
            if (a.RequiresGrad)
            {
                Into(a, b, 0);
            }

            if (b.RequiresGrad)
            {
                Into(b, a, 1);
            }
        }

        private void Into(Tensor to, Tensor other, int which)
        {
            int rows = to.Shape.Rows, n = to.Shape.Last, size = Blocks.RowsOf(n);
            Gradient g = to.GradientTarget();
            Blocks.Run(
                Blocks.Count(rows, size),
                new CosineGradient(to.Data, other.Data, Output.Data, Output.GradientData, norms.Data, which, eps, g, rows, n, size));
        }
    }

    // da = dy (b / (‖a‖ ‖b‖) - y a / ‖a‖²); below eps the norm is a constant and the second term goes
    private readonly struct CosineGradient(
        float* a, float* b, float* y, float* dy, float* norms, int which, float eps, Gradient da, int rows, int n, int size) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                long at = (long)row * n;
                double own = norms[(2 * row) + which], other = Math.Max(norms[(2 * row) + 1 - which], eps);
                V along = V.Broadcast((float)(dy[row] / (Math.Max(own, eps) * other)));
                V back = V.Broadcast(own < eps ? 0 : (float)(-dy[row] * y[row] / (own * own)));
                for (int i = 0; i < n; i += V.Count)
                {
                    V d = V.Fma(V.Load(a + at + i), back, V.Load(b + at + i) * along);
                    RowMath.Put(d, da.Data + at + i, da.Add, n - i);
                }
            }
        }
    }
}
