using Tacit.Tensors.Simd;

namespace Tacit.Tensors;

public static unsafe partial class Ops
{
    /// <summary>x / max(‖x‖₂, eps) along the last axis.</summary>
    public static Tensor L2Normalize(Tensor x, float eps = 1e-12f)
    {
        int rows = x.Shape.Rows, n = x.Shape.Last, size = Blocks.RowsOf(n);
        Tensor y = Tensor.Empty(x.Shape);
        Tensor norms = Tensor.Empty(new Shape(rows));
        Blocks.Run(Blocks.Count(rows, size), new NormalizeKernel(x.Data, y.Data, norms.Data, eps, rows, n, size));
        if (Tape.Wants(x))
        {
            Tape.Add(new NormalizeNode(x, y, norms, eps));
        }

        return y;
    }

    private readonly struct NormalizeKernel(float* x, float* y, float* norms, float eps, int rows, int n, int size) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                long at = (long)row * n;
                double norm = Math.Sqrt(RowMath.Squares<V>(x + at, 0, n));
                norms[row] = (float)norm;
                RowMath.Affine<V>(x + at, (float)(1 / Math.Max(norm, eps)), 0, y + at, n);
            }
        }
    }

    private sealed class NormalizeNode(Tensor x, Tensor y, Tensor norms, float eps) : Node("L2Normalize", y)
    {
        public override void Backward()
        {
            int rows = x.Shape.Rows, n = x.Shape.Last, size = Blocks.RowsOf(n);
            Blocks.Run(
                Blocks.Count(rows, size),
                new NormalizeGradient(Output.Data, Output.GradientData, norms.Data, eps, x.GradientTarget(), rows, n, size));
        }
    }

    // dx = (dy - y (y·dy)) / ‖x‖, and dy / eps where the norm was too small to divide by
    private readonly struct NormalizeGradient(float* y, float* dy, float* norms, float eps, Gradient dx, int rows, int n, int size) : IBlockKernel
    {
        public void Invoke<V>(int block)
            where V : struct, IVec<V>
        {
            int end = Math.Min(rows, (block + 1) * size);
            for (int row = block * size; row < end; row++)
            {
                long at = (long)row * n;
                bool tiny = norms[row] < eps;
                V along = V.Broadcast(tiny ? 0 : (float)-RowMath.Dot<V>(y + at, dy + at, n));
                V over = V.Broadcast(1 / (tiny ? eps : norms[row]));
                for (int i = 0; i < n; i += V.Count)
                {
                    V d = V.Fma(along, V.Load(y + at + i), V.Load(dy + at + i)) * over;
                    RowMath.Put(d, dx.Data + at + i, dx.Add, n - i);
                }
            }
        }
    }
}
